/** The store of a small recording, torn at every boundary of its writes: what opens is a machine, and the rest is refused. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { sampleRecording } from "../../replay/sample-recording.ts";
import {
  type CommitImage,
  type CommitImages,
  commitImages,
  type Verdict,
  verdictOn,
} from "./commit-images.ts";
import { cutOffAnywhere, halfWritten, metaTooEarly, metaTorn, type TornImage } from "./torn-images.ts";

const EVENTS = 150;
const GROUP_EVENTS = 9;

let home = "";
let made: CommitImages = { images: [], hashes: new Map() };

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), "foldos-torn-"));
  const sample = { events: EVENTS, seed: 5, groupEvents: GROUP_EVENTS, keyframeEvents: 40 };
  sampleRecording(join(home, "sample"), sample).close();
  made = commitImages(join(home, "sample"), join(home, "commits"));
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** Each state has a place of its own: LMDB remembers the paths that it has opened. */
let places = 0;
function verdict({ bytes }: { readonly bytes: Buffer }): Verdict {
  places += 1;
  const place = join(home, `torn-${places}`);
  mkdirSync(place);
  writeFileSync(join(place, "data.mdb"), bytes);
  try {
    return verdictOn(place);
  } finally {
    rmSync(place, { recursive: true });
  }
}

type Tear = (before: CommitImage, after: CommitImage) => Iterable<TornImage>;

/** What came of each state that is not as it may be, commit by commit. */
function failures(tear: Tear, isFine: (found: Verdict, before: CommitImage, after: CommitImage) => boolean) {
  const wrong: string[] = [];
  let count = 0;
  for (let commit = 1; commit < made.images.length; commit += 1) {
    const [before, after] = [made.images[commit - 1], made.images[commit]] as [CommitImage, CommitImage];
    for (const torn of tear(before, after)) {
      const found = verdict(torn);
      count += 1;
      if (!isFine(found, before, after))
        wrong.push(`commit ${commit}, ${torn.what}: ${JSON.stringify(found)}`);
    }
  }
  return { wrong, count };
}

/** Whether it is a machine that there was, with so many events. */
const isMachineAt = (found: Verdict, events: number): boolean =>
  found.kind === "sound" && found.events === events && found.hash === made.hashes.get(events);

const isSomeMachine = (found: Verdict): boolean => found.kind === "sound" && isMachineAt(found, found.events);

/** A refusal says what is wrong and what to do. */
const isRefused = (found: Verdict): boolean => found.kind === "refused" && /: .+; .+/.test(found.why);

test("each commit is there whole once it is acknowledged", () => {
  expect(made.images.length).toBeGreaterThan(EVENTS / GROUP_EVENTS);
  for (const image of made.images) expect(isMachineAt(verdict(image), image.events)).toBe(true);
});

test("a commit whose data pages were half written is not there, and all before it is", () => {
  const { wrong, count } = failures(halfWritten, (found, before) => isMachineAt(found, before.events));
  expect(wrong).toEqual([]);
  expect(count).toBeGreaterThan(200);
}, 120_000);

test("a commit whose meta page was half written is there or not, and all before it is", () => {
  const { wrong, count } = failures(
    metaTorn,
    (found, before, after) => isMachineAt(found, before.events) || isMachineAt(found, after.events),
  );
  expect(wrong).toEqual([]);
  expect(count).toBeGreaterThan(50);
}, 120_000);

test("a meta page that came before its data, as a lying disk may have it, is refused or leads to a machine that there was", () => {
  const { wrong, count } = failures(metaTooEarly, (found) => isRefused(found) || isSomeMachine(found));
  expect(wrong).toEqual([]);
  expect(count).toBeGreaterThan(200);
}, 120_000);

test("a file that was cut off anywhere is refused, or is whole as far as anything leads", () => {
  const last = made.images.length - 1;
  for (const image of [made.images[last >> 1], made.images[last]] as CommitImage[]) {
    const wrong = [...cutOffAnywhere(image)]
      .map((torn) => ({ torn, found: verdict(torn) }))
      .filter(({ found }) => !isRefused(found) && !isMachineAt(found, image.events))
      .map(({ torn, found }) => `${torn.what}: ${JSON.stringify(found)}`);
    expect(wrong).toEqual([]);
  }
}, 120_000);
