/** A disk that fills up: that of the recording, and that of a directory of the host. */
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, jest, test } from "@jest/globals";
import { digests } from "../power/power-cut.ts";
import { plantTree } from "../power/workloads.ts";
import { type Ended, foldos, guest, inFreshDirectory, showsOurStack } from "./foldos-command.ts";
import { mayMount, SmallDisk } from "./small-disk.ts";

jest.setTimeout(300_000);

const canMount = await mayMount();
const why = canMount ? "" : " (passed over: this user may not mount a disk)";
const onDisk = canMount ? test : test.skip;

/** Work in a directory of its own, in which `disk` is full after so many bytes. */
const besideSmallDisk = (
  size: string,
  work: (cwd: string, disk: SmallDisk) => Promise<void>,
): Promise<void> =>
  inFreshDirectory(async (cwd) => {
    const disk = new SmallDisk(join(cwd, "disk"), size);
    try {
      mkdirSync(join(cwd, "files"));
      await work(cwd, disk);
    } finally {
      disk.remove();
    }
  });

const linesOf = (text: string): readonly string[] => text.trimEnd().split("\n");

async function replaysEqual(cwd: string, recording: string): Promise<number> {
  const { out, code } = await foldos(["replay", recording, "--json"], { cwd });
  const { events, equal } = JSON.parse(out) as { readonly events: number; readonly equal: number };
  expect({ code, equal }).toEqual({ code: 0, equal: events });
  return events;
}

function saysThatTheDiskIsFull({ code, err }: Ended): void {
  expect(code).toBe(1);
  expect(linesOf(err)).toEqual([
    expect.stringMatching(/^foldos: .+\/disk\/rec: it could not be written \(no space is left on its disk: /),
    expect.stringMatching(
      /^foldos: all up to there is whole; make room, and `foldos resume .+\/disk\/rec` goes on$/,
    ),
  ]);
}

describe("a recording whose disk is full", () => {
  onDisk(`is whole up to there, and resumes to the same output once there is room${why}`, () =>
    besideSmallDisk("600k", async (cwd, disk) => {
      const words = [guest("print-slowly"), "20000", "10"];
      const undisturbed = await foldos(["run", "--no-record", ...words], { cwd });
      const cut = await foldos(["run", "--record", "disk/rec", ...words], { cwd });
      saysThatTheDiskIsFull(cut);
      expect(cut.out.length).toBeGreaterThan(0);
      const folded = await foldos(["replay", "disk/rec", "--fold-only", "--json"], { cwd });
      expect(folded.code).toBe(0);
      expect(JSON.parse(folded.out)).toMatchObject({ events: await replaysEqual(cwd, "disk/rec") });
      const stillFull = await foldos(["resume", "disk/rec"], { cwd });
      saysThatTheDiskIsFull(stillFull);
      disk.fill();
      const notAPage = await foldos(["resume", "disk/rec"], { cwd });
      expect(notAPage).toMatchObject({ code: 1, out: "" });
      expect(linesOf(notAPage.err)).toEqual([
        expect.stringMatching(/disk\/rec: it could not be written \(no space .*\); make room and try again$/),
      ]);
      disk.grow("64m");
      const resumed = await foldos(["resume", "disk/rec"], { cwd });
      expect([resumed.err, resumed.code]).toEqual(["", 0]);
      expect(cut.out + stillFull.out + resumed.out).toBe(undisturbed.out);
      await replaysEqual(cwd, "disk/rec");
    }),
  );

  onDisk(`leaves the host's files as they would have been, after it was resumed${why}`, () =>
    besideSmallDisk("1m", async (cwd, disk) => {
      plantTree(join(cwd, "files"));
      const words = ["--record", "disk/rec", "--dir", "files::/", guest("copy-tree"), "/from", "/to"];
      const cut = await foldos(["run", ...words], { cwd });
      saysThatTheDiskIsFull(cut);
      disk.grow("64m");
      const resumed = await foldos(["resume", "disk/rec"], { cwd });
      expect([resumed.err, resumed.code]).toEqual(["", 0]);
      expect(cut.out + resumed.out).toBe("144 files, 13 directories, 12 links, 372960 bytes\n");
      const copies = digests(join(cwd, "files", "to"));
      expect(copies).toEqual(digests(join(cwd, "files", "from")));
      await replaysEqual(cwd, "disk/rec");
    }),
  );

  onDisk(`is not begun when there is no room for its beginning${why}`, () =>
    besideSmallDisk("80k", async (cwd, disk) => {
      const begin = ["run", "--record", "disk/rec", guest("hello")];
      const refused = await foldos(begin, { cwd });
      expect([refused.out, refused.code]).toEqual(["", 1]);
      expect(linesOf(refused.err)).toEqual([
        expect.stringMatching(
          /disk\/rec: it could not be written \(no space is left .*\); make room and try again$/,
        ),
      ]);
      expect(existsSync(join(cwd, "disk/rec"))).toBe(false);
      disk.grow("8m");
      expect(await foldos(begin, { cwd })).toMatchObject({ code: 0, err: "" });
    }),
  );

  onDisk(`that nobody wants to keep says that the program is to be run again${why}`, () =>
    besideSmallDisk("500k", async (cwd) => {
      const words = ["run", "--no-record", guest("print-slowly"), "20000", "10"];
      const cut = await foldos(words, { cwd, env: { TMPDIR: join(cwd, "disk") } });
      expect(cut.code).toBe(1);
      expect(linesOf(cut.err).at(-1)).toMatch(/make room, or set TMPDIR, and run it again$/);
      expect(digests(join(cwd, "disk"))).toEqual([]);
    }),
  );

  onDisk(`says so when it is imported, and leaves nothing behind${why}`, () =>
    besideSmallDisk("300k", async (cwd, disk) => {
      const words = [guest("print-slowly"), "20000", "10"];
      await foldos(["run", "--record", "rec", ...words], { cwd });
      await foldos(["export", "rec", "run.foldos"], { cwd });
      const refused = await foldos(["import", "run.foldos", "disk/rec"], { cwd });
      expect(refused.code).toBe(1);
      expect(linesOf(refused.err)).toEqual([expect.stringMatching(/no space is left on its disk/)]);
      expect(digests(join(cwd, "disk"))).toEqual([]);
      disk.grow("8m");
      expect(await foldos(["import", "run.foldos", "disk/rec"], { cwd })).toMatchObject({ code: 0, err: "" });
      await replaysEqual(cwd, "disk/rec");
    }),
  );
});

describe("a program whose directory of the host is on a full disk", () => {
  const flags = ["--record", "rec", "--dir", "files::/", "--dir", "disk::/disk"];

  onDisk(`hears of it as ENOSPC when it synchronises${why}`, () =>
    besideSmallDisk("300k", async (cwd) => {
      plantTree(join(cwd, "files"));
      const ran = await foldos(["run", ...flags, guest("copy-tree"), "/from", "/disk/to", "sync"], { cwd });
      expect(ran.code).toBe(1);
      expect(ran.err).toMatch(/^copy-tree: fsync \/disk\/to\/.*: No space left on device$/m);
      expect(ran.err).toMatch(/^foldos: .*\/disk\/to\/.*: the host refused to write \(ENOSPC, event \d+\)$/m);
      expect(showsOurStack(ran.err)).toBe(false);
      await replaysEqual(cwd, "rec");
    }),
  );

  onDisk(
    `may end before it hears of it, and then foldos says so, and has all of it in the recording${why}`,
    () =>
      besideSmallDisk("300k", async (cwd) => {
        plantTree(join(cwd, "files"));
        const ran = await foldos(["run", ...flags, guest("copy-tree"), "/from", "/disk/to"], { cwd });
        expect(ran).toMatchObject({ code: 1, out: "144 files, 13 directories, 12 links, 372960 bytes\n" });
        const said = linesOf(ran.err);
        expect(said).toHaveLength(11);
        for (const line of said.slice(0, -1))
          expect(line).toMatch(/^foldos: .*\/disk\/to\/.*: the host refused to write \(ENOSPC, event \d+\)$/);
        expect(said.at(-1)).toMatch(/^foldos: and \d+ more; what it wrote is in the recording: `foldos cat /);
        await replaysEqual(cwd, "rec");
        const kept = await foldos(["cat", "rec", "end", "/disk/to/directory-9/file-9"], { cwd });
        expect(kept.out).toBe(readFileSync(join(cwd, "files/from/directory-9/file-9"), "utf8"));
      }),
  );
});
