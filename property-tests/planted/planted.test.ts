import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "@jest/globals";
import { allLaws } from "../laws/all-laws.ts";
import { patched, plant, removeCopy } from "./plant.ts";
import { plantedBugs } from "./planted-bugs.ts";

const SEED = Number(process.env["FOLDOS_SEED"] ?? 20_260_101);
const LONGEST_MILLIS = 70_000;

/** A few of every kind; planted.long.test.ts plants them all. */
const usual = [
  "a varint of 128 in one byte",
  "a page that counts a row that is gone",
  "a keyframe under the seq of the event before",
  "a refusal that moves the clock",
  "effects that go out although the store failed",
  "a local that is not saved",
  "a boost that a blocked process keeps",
  "a replay that does not look at images",
  "a mint that adds rights instead of taking them away",
  "a bridge of two who take from one object",
];

afterAll(removeCopy);

describe("planted bugs", () => {
  test("every law has an id of its own", () => {
    expect(new Set(allLaws.map(({ id }) => id)).size).toBe(allLaws.length);
  });

  test("every law has one", () => {
    const laws = new Set(plantedBugs.map(({ law }) => law));
    expect(allLaws.map(({ id }) => id).filter((id) => !laws.has(id))).toEqual([]);
  });

  test("each names a law, has a name of its own, and can still be planted", () => {
    expect(plantedBugs.length).toBeGreaterThanOrEqual(25);
    expect(new Set(plantedBugs.map(({ name }) => name)).size).toBe(plantedBugs.length);
    for (const bug of plantedBugs) {
      expect(allLaws.map(({ id }) => id)).toContain(bug.law);
      const text = readFileSync(fileURLToPath(new URL(`../../${bug.file}`, import.meta.url)), "utf8");
      expect(patched(text, bug)).not.toBe(text);
    }
  });

  test("one whose text is gone is an error", () => {
    const bug = { name: "old", law: "P1", file: "core/own.js", from: "no such text", to: "" };
    expect(() => patched("some text", bug)).toThrow("cannot be planted");
    expect(() => patched("no such text, no such text", bug)).toThrow("stands 2 times");
  });

  test.each(usual)(
    "%s is caught by its law",
    (name) => {
      const bug = plantedBugs.find((one) => one.name === name);
      if (bug === undefined) throw new Error(`there is no bug "${name}"`);
      const runs = allLaws.find(({ id }) => id === bug.law)?.runs ?? 0;
      expect(plant(bug, SEED, runs * 5, "unshrunk")).toMatchObject({ how: "property" });
    },
    LONGEST_MILLIS,
  );
});
