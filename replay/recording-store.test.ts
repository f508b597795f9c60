import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { open } from "lmdb";
import { RecordingStore, STORE_PARTS } from "./recording-store.ts";

let path = "";
beforeEach(() => {
  path = join(mkdtempSync(join(tmpdir(), "foldos-store-")), "rec");
  mkdirSync(path);
});
afterEach(() => rmSync(join(path, ".."), { recursive: true, force: true }));

/** A store in which only some parts have been made. */
async function makeParts(names: readonly string[]): Promise<void> {
  const root = open({ path, noSubdir: false, maxDbs: 8, encoding: "binary", overlappingSync: false });
  for (const name of names) root.openDB({ name, encoding: "binary" });
  await root.close();
}

const openToRead = (): RecordingStore => RecordingStore.open(path, { write: false });
const NOT_BEGUN = "the power was cut before its program began; run the program again";

describe("a recording whose power was cut while it was made is said to have not begun", () => {
  test.each(Array.from({ length: STORE_PARTS.length + 1 }, (_, count) => [count]))(
    "with %d of its parts",
    async (count) => {
      await makeParts(STORE_PARTS.slice(0, count));
      expect(openToRead).toThrow(NOT_BEGUN);
    },
  );

  test("with an empty file", () => {
    writeFileSync(join(path, "data.mdb"), "");
    expect(openToRead).toThrow(NOT_BEGUN);
  });
});

test("a store of somebody else, with other parts, is not taken for one", async () => {
  await makeParts(["groups", "accounts"]);
  expect(openToRead).toThrow('its store cannot be opened (its part "stream" is missing)');
});
