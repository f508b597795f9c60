import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "@jest/globals";
import { allLaws } from "../laws/all-laws.ts";
import { patched, plant } from "./plant.ts";
import { plantedBugs } from "./planted-bugs.ts";

const SEED = Number(process.env["FOLDOS_SEED"] ?? 20_260_101);
const LONGEST_MILLIS = 70_000;

/** Some of every kind; `node dist/property-tests/planted/run-planted.js` plants them all. */
const usual = [
  "a stream's head that goes back to a piece read again",
  "a page that counts a row that is gone",
  "a snapshot that the fold goes on writing",
  "a keyframe without its large pages",
  "a file that is opened with more rights than were handed on",
  "a way up that leads out",
  "a refusal that moves the clock",
  "effects that go out although the store failed",
  "a local that is not saved",
  "ticks that are lost at a restore",
  "a page hash that looks at three words of four",
];

describe("planted bugs", () => {
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
      expect(plant(bug, SEED, runs * 5)).toMatchObject({ how: "property" });
    },
    LONGEST_MILLIS,
  );
});
