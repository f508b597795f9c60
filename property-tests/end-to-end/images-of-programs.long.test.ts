/** Real programs whose images are taken on their way: killed, and gone on with from the last image. */
import { mkdirSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, jest, test } from "@jest/globals";
import { foldos, inFreshDirectory } from "./foldos-command.ts";
import { killAtSize, replays, resumedToEnd } from "./imaged-recording.ts";
import { type RealProgram, realPrograms } from "./real-programs.ts";

jest.setTimeout(240_000);

const RUN = ["run", "--record", "rec", "--seed", "7", "--clock", "virtual", "--image-mib", "10000"];
const IMAGED = [...RUN, "--keyframe-events", "40"];

const filesIn = (directory: string): readonly (readonly [string, string])[] =>
  readdirSync(directory, { recursive: true })
    .map(String)
    .filter((name) => statSync(join(directory, name)).isFile())
    .sort()
    .map((name) => [name, readFileSync(join(directory, name), "latin1")] as const);

function prepared(cwd: string, { prepare }: RealProgram): string {
  const files = join(cwd, "files");
  mkdirSync(files);
  prepare(files);
  return files;
}

const programOf = (name: string): RealProgram =>
  realPrograms.find((one) => one.name.includes(name)) as RealProgram;

describe.each(["SQLite", "QuickJS", "Lua", "C++"])("%s, which was killed", (name) => {
  const program = programOf(name);
  const words = (flags: readonly string[]) => [...flags, "--dir", "files::/", program.wasm, ...program.args];

  test("goes on to the same end, and is killed again on its way", () =>
    inFreshDirectory(async (cwd) => {
      const plain = await inFreshDirectory(async (other) => {
        const files = prepared(other, program);
        const { out } = await foldos(words(RUN.slice(0, -2)), { cwd: other });
        return { out, files: filesIn(files) };
      });
      const files = prepared(cwd, program);
      const kill = (nth: number) => (nth < 2 ? killAtSize(join(cwd, "rec"), (1 + 2 * nth) << 16) : undefined);
      const { out, code } = await resumedToEnd(words(IMAGED), cwd, kill);
      expect([code, out, filesIn(files)]).toEqual([0, plain.out, plain.files]);
      await replays(cwd);
    }));
});
