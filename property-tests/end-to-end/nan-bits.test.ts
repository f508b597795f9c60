/** The bits of a NaN: the same everywhere for programs that can be stopped, unless they are to be the processor's. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, jest, test } from "@jest/globals";
import { importOf, program } from "../../guests/module/module-builder.ts";
import { foldos, inFreshDirectory } from "./foldos-command.ts";

jest.setTimeout(60_000);

const I32 = 0x7f;
const ZERO_AT_48 = [0x41, 48, 0x2b, 3, 0];
/** 0 / 0 of numbers that no compiler knows, at 16. */
const DIVIDE = [0x41, 16, ...ZERO_AT_48, ...ZERO_AT_48, 0xa3, 0x39, 3, 0];
/** What is to be written: 8 bytes from 16 on. */
const PIECE = [0x41, 0, 0x41, 16, 0x36, 2, 0, 0x41, 4, 0x41, 8, 0x36, 2, 0];
const WRITE = [0x41, 1, 0x41, 0, 0x41, 1, 0x41, 32, 0x10, 0, 0x1a];

/** Prints the bytes of a NaN that it computes. */
const printsNan = program({
  types: [[0x60, 4, I32, I32, I32, I32, 1, I32]],
  imports: [importOf("wasi_snapshot_preview1", "fd_write", 0, 1)],
  code: [...DIVIDE, ...PIECE, ...WRITE],
});

const CANONICAL = "00 00 00 00 00 00 f8 7f";

/** The bytes at 16 when the program has printed them, as `show --memory` prints them. */
async function ranWith(flags: readonly string[]) {
  return inFreshDirectory(async (cwd) => {
    writeFileSync(join(cwd, "nan.wasm"), printsNan);
    const ran = await foldos(["run", ...flags, "--record", "rec", "nan.wasm"], { cwd });
    const replayed = await foldos(["replay", "rec"], { cwd });
    const log = (await foldos(["log", "rec", "--json"], { cwd })).out.split("\n");
    const written = `${log.findIndex((line) => line.includes('"console/written"'))}`;
    const shown = await foldos(["show", "rec", written, "--memory", "1", "16", "8"], { cwd });
    const info = JSON.parse((await foldos(["info", "rec", "--json"], { cwd })).out) as { nans: string };
    return { ran, replayed, shown, nans: info.nans };
  });
}

describe("a NaN that a program computes", () => {
  test("is the canonical one where the program can be stopped", async () => {
    const { ran, replayed, shown, nans } = await ranWith(["--quantum", "1000"]);
    expect([ran.code, replayed.code, nans]).toEqual([0, 0, "canonical"]);
    expect(shown.out).toContain(CANONICAL);
  });

  test("is the processor's where it was asked for, as in a program that runs as it is", async () => {
    const [stopped, alone] = await Promise.all([
      ranWith(["--quantum", "1000", "--native-nans"]),
      ranWith([]),
    ]);
    for (const { ran, replayed, nans } of [stopped, alone])
      expect([ran.code, replayed.code, nans]).toEqual([0, 0, "native"]);
    // Looking into a program runs it again, rewritten: a NaN that it printed must come out as it was.
    expect([alone.shown.err, alone.shown.code]).toEqual(["", 0]);
    expect(stopped.shown.out).toBe(alone.shown.out);
    expect(stopped.ran.out).toBe(alone.ran.out);
    if (process.arch === "x64") expect(alone.shown.out).not.toContain(CANONICAL);
  });

  test("has the processor's bits anyway in a program that runs as it is: to ask for them is a mistake", async () => {
    const { ran } = await ranWithoutRecording(["--native-nans"]);
    expect(ran.code).toBe(2);
    expect(ran.err).toContain(
      "--native-nans: without --quantum, --max-ticks or --image-mib a program runs as it is",
    );
  });
});

const ranWithoutRecording = (flags: readonly string[]) =>
  inFreshDirectory(async (cwd) => {
    writeFileSync(join(cwd, "nan.wasm"), printsNan);
    return { ran: await foldos(["run", ...flags, "nan.wasm"], { cwd }) };
  });
