import { afterAll, expect, test } from "@jest/globals";
import { allLaws } from "../laws/all-laws.ts";
import { plant, removeCopy } from "./plant.ts";
import { plantedBugs } from "./planted-bugs.ts";

const SEED = Number(process.env["FOLDOS_SEED"] ?? 20_260_101);
const LONGEST_MILLIS = 150_000;
/** A bug may take more cases than a usual run of its law has. */
const PATIENCE = 20;

afterAll(removeCopy);

test.each(plantedBugs.map((bug) => [bug.name, bug] as const))(
  "%s is caught by its law",
  (_, bug) => {
    const runs = allLaws.find(({ id }) => id === bug.law)?.runs ?? 0;
    expect(plant(bug, SEED, runs * PATIENCE, "unshrunk")).not.toMatchObject({ how: null });
  },
  LONGEST_MILLIS,
);
