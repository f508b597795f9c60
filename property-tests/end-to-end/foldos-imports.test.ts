/** A program that imports of the module `foldos`: it takes turns without being asked to, and what it was refused is told by its name. */
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, jest, test } from "@jest/globals";
import { importOf, program } from "../../guests/module/module-builder.ts";
import { FOLDOS, foldos, inFreshDirectory } from "./foldos-command.ts";

jest.setTimeout(60_000);

const I32 = 0x7f;
/** cap_copy(0, -1), whose answer it exits with: 21, as the pointer is none. */
const asking = program({
  types: [
    [0x60, 2, I32, I32, 1, I32],
    [0x60, 1, I32, 0],
  ],
  imports: [importOf("foldos", "cap_copy", 0, 1), importOf("wasi_snapshot_preview1", "proc_exit", 0, 2)],
  code: [0x41, 0, 0x41, 0x7f, 0x10, 0, 0x10, 1],
});

const turns = /scheduler\/configured .*quantum 10000000/;

test("a program that asks for more than WASI takes turns by itself, and replays", async () => {
  await inFreshDirectory(async (cwd) => {
    writeFileSync(join(cwd, "asking.wasm"), asking);
    const run = (...words: readonly string[]) => foldos(words, { cwd });
    expect(await run("run", "--record", "rec", "asking.wasm")).toMatchObject({ code: 21, err: "" });
    const { out } = await run("log", "rec");
    expect(out).toMatch(turns);
    expect(out).toMatch(/process\/refused +cap_copy EFAULT/);
    expect(await run("replay", "rec")).toMatchObject({ code: 0 });
  });
});

test("so does one that the library records", async () => {
  await inFreshDirectory(async (cwd) => {
    writeFileSync(join(cwd, "asking.wasm"), asking);
    const library = pathToFileURL(join(FOLDOS, "../../machine/foldos.js")).href;
    const script = `import { record, replay } from ${JSON.stringify(library)};
      const { exitCode } = await record({ program: "asking.wasm", recording: "rec" });
      console.log(exitCode, JSON.stringify(await replay("rec")));`;
    const words = ["--input-type=module", "--eval", script];
    const { stdout, stderr } = spawnSync(process.execPath, words, { cwd, encoding: "utf8", input: "" });
    expect([stdout, stderr]).toEqual([expect.stringMatching(/^21 .*equal/), ""]);
    expect((await foldos(["log", "rec"], { cwd })).out).toMatch(turns);
  });
});

test("one of the same name that the module does not have is refused before anything runs, with what was meant", async () => {
  await inFreshDirectory(async (cwd) => {
    const misspelt = program({ imports: [importOf("foldos", "ipc_recieve", 0, 0)] });
    writeFileSync(join(cwd, "given.wasm"), misspelt);
    const { code, err } = await foldos(["run", "given.wasm"], { cwd });
    expect([code, err]).toEqual([
      2,
      expect.stringMatching(/foldos\.ipc_recieve, .*\n.*Was ipc_receive meant\?/),
    ]);
  });
});
