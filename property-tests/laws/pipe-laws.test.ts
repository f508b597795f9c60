import { describe, test } from "@jest/globals";
import { pipeLaws } from "./pipe-laws.ts";

const LONGEST_MILLIS = 120_000;

describe("pipes", () => {
  test.each(pipeLaws.map((law) => [`${law.id}: ${law.statement}`, law] as const))(
    "%s",
    (_, law) => {
      law.assert();
    },
    LONGEST_MILLIS,
  );
});
