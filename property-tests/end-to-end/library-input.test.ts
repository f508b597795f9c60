/** A machine that the library made is resumed as one that the command made: a file on standard input goes on where it was. */
import { spawn } from "node:child_process";
import { closeSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, jest, test } from "@jest/globals";
import { eventsIn } from "../../cli/events-in.ts";
import { atEvents } from "../power/power-cut.ts";
import { lines } from "../power/workloads.ts";
import { FOLDOS, guest, inFreshDirectory } from "./foldos-command.ts";

jest.setTimeout(120_000);

const COUNT = 8000;
const CUT_AT_EVENTS = 2000;
const library = pathToFileURL(join(FOLDOS, "../../machine/foldos.js")).href;

test("a file on standard input of a program that the library records is not read twice after a power cut", async () => {
  await inFreshDirectory(async (cwd) => {
    const recording = join(cwd, "rec");
    writeFileSync(
      join(cwd, "input"),
      lines(COUNT, (line) => `line ${line}\n`),
    );
    const fed = (words: readonly string[], cut: boolean): Promise<NodeJS.Signals | null> => {
      const input = openSync(join(cwd, "input"), "r");
      const out = openSync(join(cwd, "out"), "a");
      const child = spawn(process.execPath, words, { cwd, stdio: [input, out, "inherit"] });
      closeSync(input);
      closeSync(out);
      const disarm = cut ? atEvents(recording, CUT_AT_EVENTS)(child) : (): void => {};
      return new Promise((resolve) => child.on("close", (_, signal) => resolve((disarm(), signal))));
    };
    const options = JSON.stringify({ program: guest("interactive"), recording });
    const script = `import { record } from "${library}"; await record(${options});`;
    expect(await fed(["--input-type=module", "--eval", script], true)).toBe("SIGKILL");
    const cutAt = eventsIn(recording);
    expect(await fed([FOLDOS, "resume", recording], false)).toBe(null);
    expect(eventsIn(recording)).toBeGreaterThan(cutAt);
    const echoed = lines(COUNT, (line) => `> ${line + 1}: line ${line}\n`);
    expect(readFileSync(join(cwd, "out"), "utf8")).toBe(`${echoed}> \nbye after ${COUNT} lines\n`);
  });
});
