import { describe, test } from "@jest/globals";
import { suspensionLaws } from "./suspension-laws.ts";

const LONGEST_MILLIS = 120_000;

describe("suspension", () => {
  test.each(suspensionLaws.map((law) => [`${law.id}: ${law.statement}`, law] as const))(
    "%s",
    (_, law) => {
      law.assert();
    },
    LONGEST_MILLIS,
  );
});
