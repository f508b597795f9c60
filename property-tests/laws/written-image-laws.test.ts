import { test } from "@jest/globals";
import { writtenImageLaws } from "./written-image-laws.ts";

const LONGEST_MILLIS = 120_000;

test.each(writtenImageLaws.map((law) => [`${law.id}: ${law.statement}`, law] as const))(
  "%s",
  (_, law) => {
    law.assert();
  },
  LONGEST_MILLIS,
);
