import { describe, test } from "@jest/globals";
import { imageLaws } from "./image-laws.ts";

const LONGEST_MILLIS = 120_000;

describe("images", () => {
  test.each(imageLaws.map((law) => [`${law.id}: ${law.statement}`, law] as const))(
    "%s",
    (_, law) => {
      law.assert();
    },
    LONGEST_MILLIS,
  );
});
