import { existsSync, linkSync, lstatSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fail, ok, type Result } from "../core/result.ts";
import { compileModule } from "../guests/module/compile-module.ts";
import { judgeModule } from "../guests/module/judge-module.ts";
import type { ModuleRefusal } from "../guests/module/module-refusal.ts";
import { limitMemory } from "../guests/module/limit-memory.ts";
import type { GuestProgram } from "../guests/run-guest.ts";
import { hex, sha256 } from "../replay/hash.ts";

/** A program that was judged and may run. */
export interface Program {
  readonly path: string;
  readonly bytes: Uint8Array;
  /** The SHA-256 of its bytes. */
  readonly sha: string;
  readonly guest: GuestProgram;
}

export type ProgramRefusal = ModuleRefusal;

/** Reads, judges and compiles a program. Its memory may grow to so many pages of 64 KiB, and no further. */
export async function loadProgram(
  path: string,
  memoryPages: number,
): Promise<Result<Program, ProgramRefusal>> {
  const bytes = readProgram(path);
  return bytes.ok ? compileProgram(path, bytes.value, memoryPages) : bytes;
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
): Promise<Result<Program, ProgramRefusal>> {
  const judged = judgeModule(bytes);
  if (!judged.ok) return judged;
  const limited = limitMemory(bytes, judged.value, memoryPages);
  if (!limited.ok) return limited;
  const module = await compileModule(limited.value);
  if (!module.ok) return module;
  const guest = { module: module.value, shiftBytes: limited.value.length - bytes.length };
  return ok({ path, bytes, sha: hex(sha256(bytes)), guest });
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
