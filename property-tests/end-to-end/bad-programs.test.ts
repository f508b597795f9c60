/**
 * Programs that are none, that want what is not there, and that go wild, as the command meets them. Pointers outside the memory,
 * overlapping iovecs and malformed names are the conformance programs' (bad-pointers, read-write, path-resolution).
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, jest, test } from "@jest/globals";
import { foldos, guest, inFreshDirectory, showsOurStack } from "./foldos-command.ts";
import * as hostile from "./hostile-programs.ts";

jest.setTimeout(120_000);

const hello = readFileSync(guest("hello"));
const text = (words: string): Uint8Array => new TextEncoder().encode(words);
const OTHER_TOOLCHAIN = /wasm32-wasip1/;
const AGAIN = /again/;

describe("a file that cannot run is refused with what it is, where, and what to do; before anything runs", () => {
  test.each<[string, Uint8Array, RegExp, RegExp]>([
    ["nothing", text(""), /the file is empty/, OTHER_TOOLCHAIN],
    [
      "TypeScript",
      text('import { join } from "node:path";\n'),
      /no WebAssembly module but JavaScript/,
      OTHER_TOOLCHAIN,
    ],
    ["a script", text("#!/bin/sh\necho hello\n"), /no WebAssembly module but a script/, OTHER_TOOLCHAIN],
    ["an ELF file", text("\x7fELF\x02\x01\x01"), /an ELF file: a program for Linux/, OTHER_TOOLCHAIN],
    ["prose", text("Dear diary,\n"), /text that begins with "Dear diary/, OTHER_TOOLCHAIN],
    ["a module cut off in its header", hello.subarray(0, 4), /cut off: it has 4 bytes/, OTHER_TOOLCHAIN],
    [
      "a module cut off in its code",
      hello.subarray(0, 5000),
      /cut off: its code section needs .* there are 5000/,
      AGAIN,
    ],
    ["a module cut off by a byte", hello.subarray(0, -1), /cut off: its .* section needs/, AGAIN],
    ["a module that is not valid", hostile.illTyped, /function 0 is not valid/, AGAIN],
    ["a library", hostile.library, /it exports no _start/, OTHER_TOOLCHAIN],
    ["a header alone", hostile.empty, /it exports no _start/, OTHER_TOOLCHAIN],
    ["threads", hostile.threaded, /threads .*: its memory is shared/, /without -pthread/],
    ["relaxed SIMD", hostile.relaxed, /relaxed SIMD, .* in function 0/, /without -mrelaxed-simd/],
    ["memory64", hostile.wide, /64-bit memory \(memory64\)/, /for wasm32, not wasm64/],
    ["a component of preview 2", hostile.component, /a preview 2 component/, OTHER_TOOLCHAIN],
    [
      "the inside of one",
      hostile.importing("wasi:cli/run@0.2.0", "run"),
      /wasi:cli\/run@0.2.0.run/,
      OTHER_TOOLCHAIN,
    ],
    ["preview 0", hostile.importing("wasi_unstable", "fd_read"), /wasi_unstable.fd_read/, OTHER_TOOLCHAIN],
    ["a wish for threads", hostile.importing("wasi", "thread-spawn"), /wasi.thread-spawn/, OTHER_TOOLCHAIN],
    ["another host's function", hostile.importing("env", "foo"), /the function env.foo/, /link the library/],
    [
      "a function that preview 1 lacks",
      hostile.importing("wasi_snapshot_preview1", "fd_frob"),
      /fd_frob, which WASI preview 1 does not have/,
      /misspelt/,
    ],
    [
      "a function of another type",
      hostile.importing("wasi_snapshot_preview1", "fd_read"),
      /fd_read as \(\) -> nothing, where preview 1 has \(i32/,
      /headers of wasi-libc/,
    ],
  ])("%s", async (_, bytes, what, advice) => {
    await inFreshDirectory(async (cwd) => {
      writeFileSync(join(cwd, "given.wasm"), bytes);
      const { code, out, err } = await foldos(["run", "given.wasm"], { cwd });
      const [first = "", second = "", ...more] = err.split("\n");
      expect([code, out, more]).toEqual([2, "", [""]]);
      expect(first).toMatch(/^foldos: given\.wasm: /);
      expect([first, second]).toEqual([expect.stringMatching(what), expect.stringMatching(advice)]);
      expect(readdirSync(cwd)).toEqual(["given.wasm"]);
    });
  });

  test.each([
    ["none.wasm", "there is no such file"],
    ["folder", "it is a directory"],
    ["file/x.wasm", "there is no such file"],
  ])("%s: %s", async (name, what) => {
    await inFreshDirectory(async (cwd) => {
      mkdirSync(join(cwd, "folder"));
      writeFileSync(join(cwd, "file"), "");
      const { code, err } = await foldos(["run", name], { cwd });
      expect([code, err]).toEqual([
        2,
        expect.stringMatching(`^foldos: ${name}: ${what}\\n {2}Give the path`),
      ]);
    });
  });
});

/** Runs a program, and replays it, which must come out equal. */
async function runAndReplay(cwd: string, ...words: readonly string[]) {
  const ran = await foldos(["run", "--record", "rec", ...words], { cwd });
  const replayed = await foldos(["replay", "rec"], { cwd });
  expect(replayed.out).toMatch(/^([\d,]+) events, \1 equal\n$/);
  expect(showsOurStack(ran.err)).toBe(false);
  return ran;
}

describe("a program that goes wild hurts itself alone", () => {
  test("endless recursion is a trap with the stack by name, and replays", async () => {
    await inFreshDirectory(async (cwd) => {
      const { code, out, err } = await runAndReplay(cwd, guest("deep-recursion"));
      expect([code, out]).toEqual([134, "recursing\n"]);
      expect(err).toMatch(
        /^foldos: deep-recursion\.wasm: trap: call stack exhausted\n( {4}at (odd|even)@0x\w+\n)+/,
      );
      // A stack is told in part: a hundred frames and no more.
      expect(err.split("\n").length).toBeLessThan(110);
    });
  });

  test("memory past the bound is refused, and the program goes on with what it has", async () => {
    await inFreshDirectory(async (cwd) => {
      const { code, out } = await runAndReplay(cwd, "--max-memory", "16M", guest("grow-memory"));
      expect([code, out]).toEqual([0, expect.stringMatching(/^allocated 1[0-5] MiB, 0 of them wrong\n$/)]);
    });
  });

  test("a hundred thousand descriptors are all right", async () => {
    await inFreshDirectory(async (cwd) => {
      const words = ["--dir", ".::/:copy", guest("many-descriptors"), "100000"];
      const { code, out, err } = await runAndReplay(cwd, ...words);
      expect([code, out, err]).toEqual([0, "100000 opened, 100000 written, 100000 closed\n", ""]);
    });
  });
});

/** When the program has printed, it spins, and no call of its own lets anybody in. */
const spinUntilPrinted = (cwd: string, signals: readonly NodeJS.Signals[]) =>
  foldos(["run", "--record", "rec", guest("spin")], {
    cwd,
    onStarted: (child) => {
      child.stdout?.once("data", () => {
        for (const signal of signals) child.kill(signal);
      });
    },
  });

describe("a program that spins", () => {
  test.each<[string, NodeJS.Signals, number]>([
    ["Ctrl-C", "SIGINT", 130],
    ["kill", "SIGTERM", 143],
    ["a terminal that goes away", "SIGHUP", 129],
  ])("is ended by %s, and its recording is whole, says so, and replays", async (_, signal, exitCode) => {
    await inFreshDirectory(async (cwd) => {
      const { code, out, err } = await spinUntilPrinted(cwd, [signal]);
      expect([code, out, err]).toEqual([exitCode, "spinning\n", ""]);
      const info = JSON.parse((await foldos(["info", "rec", "--json"], { cwd })).out) as unknown;
      expect(info).toMatchObject({
        status: "ended",
        writer: null,
        processes: [{ status: "killed", reason: signal }],
      });
      expect((await foldos(["replay", "rec"], { cwd })).out).toMatch(/^([\d,]+) events, \1 equal\n$/);
      const resumed = await foldos(["resume", "rec"], { cwd });
      expect([resumed.code, resumed.out]).toEqual([exitCode, ""]);
      expect(resumed.err).toMatch(/rec: its program had ended, so there is nothing to go on with/);
    });
  });

  test("is ended once, however often Ctrl-C is typed", async () => {
    await inFreshDirectory(async (cwd) => {
      const { code, err } = await spinUntilPrinted(cwd, ["SIGINT", "SIGINT", "SIGTERM", "SIGINT"]);
      expect([[130, 143].includes(code ?? 0), err]).toEqual([true, ""]);
      expect((await foldos(["replay", "rec"], { cwd })).code).toBe(0);
    });
  });
});
