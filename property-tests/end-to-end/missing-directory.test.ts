/** A directory that a program was granted and that is away when its machine is to go on: told, and nothing is lost by it. */
import { mkdirSync, readFileSync, renameSync, symlinkSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, jest, test } from "@jest/globals";
import { eventsIn } from "../../cli/events-in.ts";
import { atEvents, digests } from "../power/power-cut.ts";
import { plantTree } from "../power/workloads.ts";
import { foldos, guest, inFreshDirectory } from "./foldos-command.ts";

jest.setTimeout(120_000);

const CUT_AT_EVENTS = 500;

function planted(cwd: string, name: string): string {
  const files = join(cwd, name);
  mkdirSync(files);
  plantTree(files);
  return files;
}

const copying = (name: string): readonly string[] => [
  "run",
  "--record",
  `rec-${name}`,
  "--dir",
  `${name}::/`,
  guest("copy-tree"),
  "/from",
  "/to",
];

test("a machine whose directory is gone is not resumed, and goes on as if nothing had been once it is back", async () => {
  await inFreshDirectory(async (cwd) => {
    const whole = planted(cwd, "whole");
    const undisturbed = await foldos(copying("whole"), { cwd });
    const files = planted(cwd, "gone");
    const recording = join(cwd, "rec-gone");
    const arm = atEvents(recording, CUT_AT_EVENTS);
    const killed = await foldos(copying("gone"), { cwd, onStarted: (child) => child.on("exit", arm(child)) });
    expect(killed.signal).toBe("SIGKILL");
    const events = eventsIn(recording);

    renameSync(files, join(cwd, "away"));
    const expected = `foldos: ${recording}: the directory ${files} that its program was granted is not there; put it back, then resume\n`;
    const ways = [
      (): void => {},
      (): void => symlinkSync("away", files),
      (): void => writeFileSync(files, "a file"),
    ];
    for (const stand of ways) {
      stand();
      const refused = await foldos(["resume", recording], { cwd });
      expect(refused).toEqual({ code: 3, signal: null, out: "", err: expected });
      if (stand !== ways[0]) unlinkSync(files);
    }
    expect(eventsIn(recording)).toBe(events);
    expect(readFileSync(join(cwd, "away/from/directory-0/file-0"), "utf8")).toMatch(/^0\.0\.0\n/);

    renameSync(join(cwd, "away"), files);
    const resumed = await foldos(["resume", recording], { cwd });
    expect({ ...resumed, out: killed.out + resumed.out }).toEqual(undisturbed);
    expect(digests(files)).toEqual(digests(whole));
    expect((await foldos(["replay", recording], { cwd })).code).toBe(0);
  });
});
