/** Directories and places of the host that are missing, read-only or reached for: each told, and nothing touched that was there. */
import { execFileSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, jest, test } from "@jest/globals";
import { foldos, guest, inFreshDirectory, showsOurStack } from "./foldos-command.ts";

jest.setTimeout(60_000);

const script = guest("file-script");
const mounted: string[] = [];

/** A small file system with a file in it that nobody may write, not even root; null where this user may mount none. */
function readOnlyPlace(): string | null {
  const place = mkdtempSync(join(tmpdir(), "foldos-read-only-"));
  const mount = (...words: readonly string[]): unknown => execFileSync("mount", words, { stdio: "ignore" });
  try {
    mount("-t", "tmpfs", "-o", "size=1m", "tmpfs", place);
    mounted.push(place);
    writeFileSync(join(place, "kept"), "kept");
    mount("-o", "remount,ro", place);
    return place;
  } catch {
    return null;
  }
}

const readOnly = readOnlyPlace();
const whyNot = readOnly === null ? " (passed over: this user may not mount a read-only tmpfs)" : "";
const testReadOnly = readOnly === null ? test.skip : test;

afterAll(() => {
  for (const place of mounted) {
    execFileSync("umount", [place]);
    rmSync(place, { recursive: true });
  }
});

describe("a path that climbs out of what was granted", () => {
  test.each(["", ":ro", ":copy"])(
    "leads nowhere, by .., by links and from the root, with --dir%s",
    async (mode) => {
      await inFreshDirectory(async (cwd) => {
        mkdirSync(join(cwd, "inside/deep"), { recursive: true });
        writeFileSync(join(cwd, "secret"), "nobody's");
        symlinkSync("../secret", join(cwd, "inside/near"));
        symlinkSync(join(cwd, "secret"), join(cwd, "inside/far"));
        symlinkSync("..", join(cwd, "inside/up"));
        symlinkSync("round", join(cwd, "inside/round"));
        const ways = [
          "/../secret",
          "/deep/../../secret",
          "/near",
          "/far",
          "/up/secret",
          "/round",
          join(cwd, "secret"),
        ];
        const steps = ways.flatMap((way) => [`cat:${way}`, `put:${way}:gone`, `unlink:/up${way}`]);
        const words = [
          "run",
          "--record",
          "rec",
          "--dir",
          `inside::/${mode}`,
          script,
          ...steps,
          "rename:/deep:/../moved",
        ];
        const ran = await foldos(words, { cwd });
        expect([ran.code, ran.out.includes("nobody's"), showsOurStack(ran.err)]).toEqual([0, false, false]);
        const lines = ran.out.trimEnd().split("\n");
        expect(lines.length).toBe(ways.length * 3 + 1);
        expect(lines.filter((line) => line.includes(" -> ok") && !line.startsWith(`put:${cwd}`))).toEqual([]);
        expect(readFileSync(join(cwd, "secret"), "utf8")).toBe("nobody's");
        expect(readdirSync(cwd).sort()).toEqual(["inside", "rec", "secret"]);
        expect(readdirSync(join(cwd, "inside")).sort()).toEqual(["deep", "far", "near", "round", "up"]);
        expect((await foldos(["replay", "rec"], { cwd })).code).toBe(0);
      });
    },
  );
});

describe("a directory of the host", () => {
  test.each([
    ["none::/", /none cannot be used \(ENOENT\); make it first, or give another/],
    ["file::/", /file is no directory/],
    ["file/x:ro", /x cannot be used \(ENOTDIR\)/],
    ["::/", /HOST\[::GUEST\], and neither may be empty/],
  ])("that cannot be granted is told before anything runs: --dir %s", async (grant, what) => {
    await inFreshDirectory(async (cwd) => {
      writeFileSync(join(cwd, "file"), "as it was");
      const { code, out, err } = await foldos(["run", "--dir", grant, guest("hello")], { cwd });
      expect([code, out, err]).toEqual([2, "", expect.stringMatching(what)]);
      expect([readdirSync(cwd), readFileSync(join(cwd, "file"), "utf8")]).toEqual([["file"], "as it was"]);
    });
  });

  testReadOnly(
    `that is read-only can be read; a change is the program's error, or stays in its copy${whyNot}`,
    async () => {
      await inFreshDirectory(async (cwd) => {
        const steps = ["cat:/kept", "put:/new:1", "put:/kept:2", "unlink:/kept", "cat:/kept"];
        const run = async (mode: string) =>
          foldos(["run", "--no-record", "--dir", `${readOnly}::/${mode}`, script, ...steps], { cwd });
        const through = await run("");
        expect([through.code, through.err]).toEqual([0, ""]);
        expect(through.out).toMatch(
          /^cat:\/kept -> ok: kept\nput:\/new:1 -> Read-only.*\nput:\/kept:2 -> Read-only.*\nunlink:\/kept -> Read-only.*\ncat:\/kept -> ok: kept\n$/,
        );
        expect((await run(":copy")).out).toMatch(
          /put:\/new:1 -> ok\nput:\/kept:2 -> ok\nunlink:\/kept -> ok\n/,
        );
        expect(readdirSync(readOnly ?? "")).toEqual(["kept"]);
      });
    },
  );
});

describe("a place for a recording", () => {
  testReadOnly(`that is read-only is told, with what to do instead${whyNot}`, async () => {
    await inFreshDirectory(async (cwd) => {
      const place = readOnly ?? "";
      const there = await foldos(["run", "--record", join(place, "rec"), guest("hello")], { cwd });
      expect(there).toMatchObject({
        code: 2,
        out: "",
        err: expect.stringMatching(/it cannot be made \(EROFS\); give another place, or --no-record\n$/),
      });
      const usual = await foldos(["run", guest("hello")], { cwd: place });
      expect(usual).toMatchObject({
        code: 2,
        out: "",
        err: expect.stringMatching(
          /\.foldos\/ cannot be used .*\(EROFS\); give --record PATH or --no-record\n$/,
        ),
      });
      expect((await foldos(["run", "--record", "rec", guest("hello")], { cwd })).code).toBe(0);
      const exported = await foldos(["export", "rec", join(place, "file")], { cwd });
      expect(exported).toMatchObject({
        code: 3,
        err: expect.stringMatching(/file: it cannot be written \(EROFS\); choose another place\n$/),
      });
      const imported = await foldos(["import", "/dev/null", join(place, "file")], { cwd });
      expect([imported.code, showsOurStack(imported.err)]).toEqual([3, false]);
    });
  });

  test.each([
    ["file", 2, /--record file: something is there already; choose another, or remove it/],
    ["full", 2, /--record full: something is there already/],
    [
      "file/below",
      2,
      /--record file\/below: it cannot be made \(ENOTDIR\); give another place, or --no-record/,
    ],
    ["/proc/none/rec", 2, /--record \/proc\/none\/rec: it cannot be made \(ENOENT\)/],
  ])(
    "that is taken or cannot be is told, and what is there stays: --record %s",
    async (place, exitCode, what) => {
      await inFreshDirectory(async (cwd) => {
        writeFileSync(join(cwd, "file"), "as it was");
        mkdirSync(join(cwd, "full"));
        writeFileSync(join(cwd, "full/file"), "as it was");
        const { code, out, err } = await foldos(["run", "--record", place, guest("hello")], { cwd });
        expect([code, out, err]).toEqual([exitCode, "", expect.stringMatching(what)]);
        expect(readdirSync(cwd).sort()).toEqual(["file", "full"]);
        expect([readFileSync(join(cwd, "file"), "utf8"), readdirSync(join(cwd, "full"))]).toEqual([
          "as it was",
          ["file"],
        ]);
      });
    },
  );
});
