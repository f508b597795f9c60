import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "@jest/globals";
import { allLaws } from "../laws/all-laws.ts";
import { patched, plant, removeCopy } from "./plant.ts";
import { plantedBugs } from "./planted-bugs.ts";

const SEED = Number(process.env["FOLDOS_SEED"] ?? 20_260_101);
const LONGEST_MILLIS = 70_000;

/** Those that are caught soon, of every kind and of every law that has such a one; `npm run planted` plants them all. */
const usual = [
  "a varint of 128 in one byte",
  "a stream's head that goes back to a piece read again",
  "a choice that is not looked up",
  "a page that counts a row that is gone",
  "a snapshot that the fold goes on writing",
  "a keyframe under the seq of the event before",
  "a file that is opened with more rights than were handed on",
  "a way up that leads out",
  "a poll that asks for no right to poll",
  "rights to hand on that are given back",
  "a refusal that moves the clock",
  "effects that go out although the store failed",
  "a local that is not saved",
  "ticks that are lost at a restore",
  "a fold that goes on with an empty stream",
  "a shape of a page that is not looked up",
  "a group that forgets whose event came before it",
  "a keyframe whose pages come with the next commit",
  "a verification that looks at stamps alone",
  "a decision that is published fact by fact",
  "a call at the end of the log that is answered twice",
  "a file of the host that is as large as its blocks",
  "ticks that are forgotten when a process ends",
  "a replay that does not compare the ticks of the last turn",
  "an end of a pipe that nobody holds between two lives",
  "a reader that is forgotten when the power was cut before its wake",
  "a standstill that is told while somebody waits for time",
  "a write of 4,096 bytes that is torn",
  "a boost that a blocked process keeps",
  "an interrupt that is lost while the line is masked",
  "an order in which a process may be after itself",
  "a cache that believes an entry without its hash",
  "an image that is not asked of which event it is",
  "a dead guest that is kept in images",
  "a replay that does not look at images",
  "a bridge of two who take from one object",
  "a mint that adds rights instead of taking them away",
  "a box that any brand opens",
  "a capability that was given and arrives unseen",
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
