import { existsSync, linkSync, lstatSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fail, ok, type Result } from "../core/result.ts";
import { compileModule } from "../guests/module/compile-module.ts";
import { judgeModule } from "../guests/module/judge-module.ts";
import type { JudgedModule } from "../guests/module/judged-module.ts";
import type { ModuleRefusal } from "../guests/module/module-refusal.ts";
import { limitMemory } from "../guests/module/limit-memory.ts";
import type { GuestProgram } from "../guests/run-guest.ts";
import type { TransformedGuest } from "../guests/suspendable-guest.ts";
import { hex, sha256 } from "../replay/hash.ts";
import type { TurnSpec } from "./boot.ts";
import type { NanBits } from "../replay/nan-bits.ts";

/** A program as it runs: as it is, by itself; or transformed, so that it can take turns with others. */
export type RunnableGuest =
  | ({ readonly kind: "alone" } & GuestProgram)
  | { readonly kind: "turns"; readonly guests: readonly TurnGuest[] };

/** How a program is made ready to run: as it is, or so that it can be stopped. */
export type Preparation = { readonly kind: "alone" } | { readonly kind: "turns"; readonly nans: NanBits };

const ALONE: Preparation = { kind: "alone" };
const TURNS: Preparation = { kind: "turns", nans: "canonical" };

/** What the processes of one program with one bound on their memory share. */
export interface TurnGuest extends TransformedGuest {
  readonly sha: string;
  readonly memoryPages: number;
}

/** A program that was judged and may run. */
export interface Program {
  readonly path: string;
  readonly bytes: Uint8Array;
  /** The SHA-256 of its bytes. */
  readonly sha: string;
  readonly guest: RunnableGuest;
}

/** Ticks of a turn where nobody says how many: some milliseconds. */
export const DEFAULT_QUANTUM = 10_000_000;

/** How a program takes turns that was made ready: as was asked for, or as it has to; null if it runs by itself. */
export const turnsOf = ({ guest }: Program, asked: TurnSpec | null): TurnSpec | null =>
  asked ?? (guest.kind === "turns" ? { quantum: DEFAULT_QUANTUM, seed: 0, maxTicks: 0 } : null);

export type ProgramRefusal = ModuleRefusal;

/**
 * Reads, judges and compiles a program. Its memory may grow to so many pages of 64 KiB, and no further. One that asks for more than WASI
 * takes turns, whether or not that was asked for: see turnsOf.
 */
export async function loadProgram(
  path: string,
  memoryPages: number,
  preparation: Preparation = ALONE,
): Promise<Result<Program, ProgramRefusal>> {
  const bytes = readProgram(path);
  return bytes.ok ? compileProgram(path, bytes.value, memoryPages, preparation) : bytes;
}

/** Why a program cannot be read, by the host's code. */
const unreadable: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  ENOTDIR: "there is no such file",
  EISDIR: "it is a directory",
};

function readProgram(path: string): Result<Uint8Array, ProgramRefusal> {
  try {
    return ok(readFileSync(path));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const what = unreadable[code ?? ""] ?? `it cannot be read (${code ?? message})`;
    return fail({
      what,
      offset: 0,
      advice: "Give the path of a WebAssembly program, built for wasm32-wasip1.",
    });
  }
}

export async function compileProgram(
  path: string,
  bytes: Uint8Array,
  memoryPages: number,
  preparation: Preparation = ALONE,
): Promise<Result<Program, ProgramRefusal>> {
  const judged = judgeModule(bytes);
  if (!judged.ok) return judged;
  const sha = hex(sha256(bytes));
  // Whoever waits for others has to be suspended meanwhile.
  const needed = preparation.kind === "alone" && judged.value.usesFoldos ? TURNS : preparation;
  const guest = await (needed.kind === "alone"
    ? alone(bytes, judged.value, memoryPages)
    : turning({ bytes, sha, memoryPages }, needed.nans));
  return guest.ok ? ok({ path, bytes, sha, guest: guest.value }) : guest;
}

async function alone(
  bytes: Uint8Array,
  judged: JudgedModule,
  memoryPages: number,
): Promise<Result<RunnableGuest, ProgramRefusal>> {
  const limited = limitMemory(bytes, judged, memoryPages);
  if (!limited.ok) return limited;
  const module = await compileModule(limited.value);
  if (!module.ok) return module;
  return ok({ kind: "alone", module: module.value, shiftBytes: limited.value.length - bytes.length });
}

/** The transform is loaded when it is needed: it is as large as all the rest. */
async function turning(
  { bytes, sha, memoryPages }: { bytes: Uint8Array; sha: string; memoryPages: number },
  nans: NanBits,
): Promise<Result<RunnableGuest, ProgramRefusal>> {
  const { transformCached } = await import("../guests/transform-cache/transform-cached.ts");
  const { userCacheFolder } = await import("../guests/transform-cache/user-cache-folder.ts");
  const options = { maxPages: memoryPages, canonicalNans: nans === "canonical" };
  const made = transformCached(bytes, options, { folder: userCacheFolder() });
  if (!made.ok) return made;
  const guest: TurnGuest = {
    sha,
    memoryPages,
    source: bytes,
    options,
    transformed: made.value,
  };
  return ok({ kind: "turns", guests: [guest] });
}

/** Puts a copy of the program into a recording. Recordings beside it that have the same one share it. */
export function keepProgram(program: Program, recording: string): void {
  const name = `${program.sha}.wasm`;
  const target = join(recording, name);
  if (existsSync(target)) return;
  const shelf = dirname(recording);
  for (const sibling of readdirSync(shelf)) {
    const candidate = join(shelf, sibling, name);
    try {
      if (candidate !== target && isWholeCopy(candidate, program)) return linkSync(candidate, target);
    } catch {
      // A sibling of somebody else, or a file system without links: a copy will do.
    }
  }
  // The bytes that were judged, whatever stands under their name by now.
  writeFileSync(target, program.bytes);
}

/** Whether a file may stand for the program: as long, and put there by whoever runs it. A replay compares it byte by byte. */
function isWholeCopy(path: string, program: Program): boolean {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  return (
    stats !== undefined &&
    stats.isFile() &&
    stats.size === program.bytes.length &&
    stats.uid === process.getuid?.()
  );
}
