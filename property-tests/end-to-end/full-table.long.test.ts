/** A program that opens until no descriptor is left. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, jest, test } from "@jest/globals";
import { errno } from "../../core/errno.ts";
import { foldos, inFreshDirectory } from "./foldos-command.ts";
import { greedy } from "./hostile-programs.ts";

jest.setTimeout(240_000);

test("a full table of descriptors is an error of the call, at 2^20", async () => {
  await inFreshDirectory(async (cwd) => {
    writeFileSync(join(cwd, "greedy.wasm"), greedy);
    const flags = ["--record", "rec", "--durability", "none", "--dir", ".::/:copy"];
    const { code, err } = await foldos(["run", ...flags, "greedy.wasm"], { cwd });
    expect([code, err]).toEqual([errno.nfile, ""]);
    const { out } = await foldos(["log", "rec", "--from", "-8", "--json"], { cwd });
    expect(out).toContain(`"fd":${2 ** 20 - 1}`);
  });
});
