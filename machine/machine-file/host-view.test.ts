import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "@jest/globals";
import { ok } from "../../core/result.ts";
import { hostView } from "./host-view.ts";

const home = realpathSync(mkdtempSync(join(tmpdir(), "foldos-host-view-")));
mkdirSync(join(home, "d"));
writeFileSync(join(home, "d", "a.wasm"), "");
symlinkSync("d", join(home, "link"));
afterAll(() => rmSync(home, { recursive: true }));
const host = hostView(home);

describe("a path of a machine file", () => {
  test("begins at the file's folder, and has no links on its way when it is used", () => {
    expect(host.file("./link/a.wasm")).toEqual(ok(join(home, "d", "a.wasm")));
    expect(host.file(join(home, "d", "a.wasm"))).toEqual(ok(join(home, "d", "a.wasm")));
    expect(host.directory("link")).toEqual(ok(join(home, "d")));
  });

  test.each([
    ["file", "gone", "gone cannot be used (ENOENT)"],
    ["file", "d", "d is no file"],
    ["file", "d/a.wasm/b", "b cannot be used (ENOTDIR)"],
    ["directory", "gone", "gone cannot be used (ENOENT)"],
    ["directory", "d/a.wasm", "a.wasm is no directory"],
  ] as const)("of a %s leads to one: %s", (kind, path, what) => {
    expect(host[kind](path)).toEqual({ ok: false, error: expect.stringContaining(what) });
  });
});
