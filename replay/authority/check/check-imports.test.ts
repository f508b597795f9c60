import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "@jest/globals";

const folder = fileURLToPath(new URL("../../../../replay/authority/check/", import.meta.url));

test("the checker shares no code with anybody: of others it imports types alone", () => {
  const sources = readdirSync(folder).filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"));
  expect(sources.length).toBeGreaterThan(10);
  for (const name of sources) {
    const text = readFileSync(`${folder}${name}`, "utf8");
    const imports = [...text.matchAll(/^import (type )?[^;]*? from "([^"]+)";/gm)];
    const foreign = imports.filter(([, isType, path]) => isType === undefined && !path?.startsWith("./"));
    expect([name, foreign.map(([, , path]) => path)]).toEqual([name, []]);
  }
});
