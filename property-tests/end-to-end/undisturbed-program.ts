/** A real program that is run in a directory of its own, as nobody stops it or as flags say: what it prints and leaves. */
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { type Ended, foldos, inFreshDirectory } from "./foldos-command.ts";
import type { RealProgram } from "./real-programs.ts";

/** All files below a directory, with the hashes of their bytes. */
export function filesIn(directory: string): readonly (readonly [string, string])[] {
  return readdirSync(directory, { recursive: true })
    .map(String)
    .filter((name) => statSync(join(directory, name)).isFile())
    .sort()
    .map((name) => [name, hashOf(readFileSync(join(directory, name)))] as const);
}

const hashOf = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

interface Done extends Ended {
  readonly files: readonly (readonly [string, string])[];
}

export async function ran(cwd: string, program: RealProgram, flags: readonly string[]): Promise<Done> {
  const files = join(cwd, "files");
  mkdirSync(files);
  program.prepare(files);
  const words = [
    "run",
    "--record",
    "rec",
    "--seed",
    "7",
    "--clock",
    "virtual",
    "--dir",
    "files::/",
    ...flags,
  ];
  const ended = await foldos([...words, program.wasm, ...program.args], { cwd });
  return { ...ended, files: filesIn(files) };
}

const plains = new Map<string, Promise<Done>>();

/** A program that nobody stops: it is run once. */
export function undisturbed(program: RealProgram): Promise<Done> {
  const known = plains.get(program.name) ?? inFreshDirectory((cwd) => ran(cwd, program, []));
  plains.set(program.name, known);
  return known;
}
