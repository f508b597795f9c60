/** Machines whose guests are written down on their way: killed, gone on with from the last image, and with images that are damaged. */
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { foldos, guest, inFreshDirectory } from "./foldos-command.ts";
import {
  damageBeginning,
  damageImages,
  imagesIn,
  infoOf,
  killAtOutput,
  replays,
  resumedToEnd,
} from "./imaged-recording.ts";

jest.setTimeout(240_000);

const RUN = ["run", "--record", "rec", "--seed", "7", "--clock", "virtual", "--image-mib", "10000"];
/** About a second, a line at a time. */
const SLOWLY = [guest("print-slowly"), "60", "2000000"];
const SLOW_RUN = [...RUN, "--keyframe-events", "4", "--quantum", "100000", ...SLOWLY];

const slow = inFreshDirectory(async (cwd) => (await foldos(["run", "--no-record", ...SLOWLY], { cwd })).out);
const slowOutput = (): Promise<string> => slow;

describe("a program that computes between its lines", () => {
  test("goes on each time from its last image, however often it is killed", () =>
    inFreshDirectory(async (cwd) => {
      const kill = (nth: number) => (nth < 5 ? killAtOutput(1 + (nth % 3)) : undefined);
      const { out, code, kills } = await resumedToEnd(SLOW_RUN, cwd, kill);
      expect([code, out, kills]).toEqual([0, await slowOutput(), 5]);
      expect((await infoOf(cwd)).images).toBeGreaterThan(2);
      await replays(cwd);
    }));

  /** Where it was killed in the middle, and what it had printed: each test begins at a copy. */
  const home = mkdtempSync(join(tmpdir(), "foldos-killed-"));
  let printed = "";
  afterAll(() => rmSync(home, { recursive: true, force: true }));

  /** Killed with images; later, if there were too few of them: when they are taken depends on the host's time. */
  beforeAll(async () => {
    for (const pieces of [8, 16, 24, 32, 40]) {
      rmSync(join(home, "rec"), { recursive: true, force: true });
      const { signal, out } = await foldos(SLOW_RUN, { cwd: home, onStarted: killAtOutput(pieces) });
      printed = out;
      if (signal === "SIGKILL" && imagesIn(join(home, "rec")).length > 1) return;
    }
    throw new Error("no run had two images when it was killed");
  });

  function killed(cwd: string): string {
    cpSync(join(home, "rec"), join(cwd, "rec"), { recursive: true });
    return printed;
  }

  test("goes on from an image, and not from the start", () =>
    inFreshDirectory(async (cwd) => {
      const before = killed(cwd);
      damageBeginning(join(cwd, "rec"));
      const { code, out, err } = await foldos(["resume", "rec"], { cwd });
      expect([code, before + out, err]).toEqual([0, await slowOutput(), ""]);
    }));

  test("goes on from an earlier image when the last one is damaged, and says so", () =>
    inFreshDirectory(async (cwd) => {
      const before = killed(cwd);
      const last = imagesIn(join(cwd, "rec")).at(-1) as number;
      damageImages(join(cwd, "rec"), [last]);
      damageBeginning(join(cwd, "rec"));
      const { code, out, err } = await foldos(["resume", "rec"], { cwd });
      expect([code, before + out]).toEqual([0, await slowOutput()]);
      expect(err.match(/image/g)).toHaveLength(1);
      expect(err).toContain(`event ${last}`);
    }));

  test("goes on from the start when all of them are damaged, and says so of each", () =>
    inFreshDirectory(async (cwd) => {
      const before = killed(cwd);
      const images = imagesIn(join(cwd, "rec"));
      damageImages(join(cwd, "rec"), images);
      const { code, out, err } = await foldos(["resume", "rec"], { cwd });
      expect([code, before + out]).toEqual([0, await slowOutput()]);
      for (const seq of images) expect(err).toContain(`event ${seq}`);
    }));

  test("cannot go on when its images and its log's beginning are damaged", () =>
    inFreshDirectory(async (cwd) => {
      killed(cwd);
      damageImages(join(cwd, "rec"), imagesIn(join(cwd, "rec")));
      damageBeginning(join(cwd, "rec"));
      expect((await foldos(["resume", "rec"], { cwd })).code).toBe(3);
    }));

  test("goes on without images from a file that it was exported to", () =>
    inFreshDirectory(async (cwd) => {
      const before = killed(cwd);
      expect((await foldos(["export", "rec", "file"], { cwd })).code).toBe(0);
      expect((await foldos(["import", "file", "other"], { cwd })).code).toBe(0);
      expect(await infoOf(cwd, "other")).toMatchObject({ images: 0, lastImage: null });
      const { code, out, err } = await foldos(["resume", "other"], { cwd });
      expect([code, before + out, err]).toEqual([0, await slowOutput(), ""]);
      expect((await foldos(["replay", "other"], { cwd })).code).toBe(0);
    }));
});

describe("a replay", () => {
  /** To its end, with images; again, if there were too few of them. */
  async function imaged(cwd: string): Promise<readonly number[]> {
    for (let time = 0; time < 5; time += 1) {
      rmSync(join(cwd, "rec"), { recursive: true, force: true });
      expect((await foldos(SLOW_RUN, { cwd })).code).toBe(0);
      const images = imagesIn(join(cwd, "rec"));
      if (images.length > 1) return images;
    }
    throw new Error("no run had two images");
  }

  test.each([
    ["the programs run again", []],
    ["the events are folded", ["--fold-only"]],
  ])("says which image is damaged when %s, and what to do", (_, flags) =>
    inFreshDirectory(async (cwd) => {
      const images = await imaged(cwd);
      expect((await foldos(["replay", "rec", ...flags], { cwd })).code).toBe(0);
      damageImages(join(cwd, "rec"), images.slice(1));
      const { code, out, err } = await foldos(["replay", "rec", ...flags], { cwd });
      expect([code, out]).toEqual([3, ""]);
      expect(err).toContain(`the image of its programs at event ${images[1]} is damaged (`);
      expect(err).toContain(images.length > 2 ? `and ${images.length - 2} behind it` : ");");
      expect(err).toContain("`foldos resume` and `show` begin at another image");
    }),
  );
});

test("a machine with pipes, killed over and over, loses nothing of what is in them", () =>
  inFreshDirectory(async (cwd) => {
    const text = Array.from({ length: 20_000 }, (_, line) => `${line} the quick brown fox\n`).join("");
    mkdirSync(join(cwd, "files"));
    writeFileSync(join(cwd, "files/text"), text);
    const cat = (streams: object) => ({ program: guest("cat"), ...streams });
    const first = { args: ["/text"], directories: [{ guest: "/", host: "files", mode: "read-only" }] };
    const machine = {
      version: 1,
      clock: "virtual",
      seed: 7,
      scheduler: { quantum: 500, seed: 3 },
      processes: {
        first: cat({ ...first, stdout: { pipe: "one" } }),
        second: cat({ stdin: { pipe: "one" }, stdout: { pipe: "two" } }),
        third: cat({ stdin: { pipe: "two" } }),
      },
      pipes: { one: { capacity: "1KiB" }, two: { capacity: "64KiB" } },
    };
    writeFileSync(join(cwd, "machine.json"), JSON.stringify(machine));
    const flags = ["--image-mib", "10000", "--keyframe-events", "200"];
    const words = ["boot", "--record", "rec", ...flags, "machine.json"];
    const { out, code, kills } = await resumedToEnd(words, cwd, (nth) =>
      nth < 4 ? killAtOutput(1) : undefined,
    );
    expect([code, out === text, kills]).toEqual([0, true, 4]);
    expect((await infoOf(cwd)).images).toBeGreaterThan(0);
    await replays(cwd);
  }));
