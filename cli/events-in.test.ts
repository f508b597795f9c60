import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { sampleRecording } from "../replay/sample-recording.ts";
import { eventsIn } from "./events-in.ts";

let home = "";
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "foldos-events-in-"));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

test("the events of a recording are counted, also while it is open", () => {
  const path = join(home, "rec");
  const store = sampleRecording(path, { events: 50, seed: 3, groupEvents: 8, keyframeEvents: 100 });
  expect(eventsIn(path)).toBe(50);
  store.close();
});

test("a recording that is not there, or is none, has none", () => {
  expect(eventsIn(join(home, "nowhere"))).toBe(0);
  mkdirSync(join(home, "junk"));
  writeFileSync(join(home, "junk", "data.mdb"), "junk");
  expect(eventsIn(join(home, "junk"))).toBe(0);
});
