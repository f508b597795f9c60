/** Real programs on `@bjorn3/browser_wasi_shim`, with files in memory: as they are, and as processes that are suspended. */
import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { ConsoleStdout, File, OpenFile, PreopenDirectory, WASI } from "@bjorn3/browser_wasi_shim";
import type { Values } from "../guests/suspendable/process-image.ts";
import { inodes, plainOf, type ShimImage, shimOf } from "./shim-image.ts";

export interface ShimProgram {
  /** The file. */
  readonly path: string;
  readonly args: readonly string[];
  /** Files of its only directory. */
  readonly files?: Readonly<Record<string, Uint8Array>>;
  readonly stdin?: string;
}

type ShimFunction = (...args: readonly (number | bigint)[]) => Values;

/** Its directory, and what its descriptors are. */
type Outside = readonly [PreopenDirectory, (OpenFile | ConsoleStdout | PreopenDirectory)[]];

/** The program's outside. Time stands still, and chance is always the same, so that runs are equal. */
export class ShimWorld {
  readonly imports: Record<string, ShimFunction>;
  readonly #wasi: WASI;
  readonly #root: PreopenDirectory;
  readonly #output: Uint8Array[] = [];
  #memory: WebAssembly.Memory | null = null;
  /** What proc_exit was given. */
  exitCode: number | null = null;

  /** A new one, or one that goes on from an image. */
  constructor(program: ShimProgram, image: ShimImage | null = null) {
    const write = (bytes: Uint8Array): void => void this.#output.push(bytes.slice());
    this.#output.push(...(image?.output ?? []));
    inodes.next_ino = image?.nextInode ?? 1n;
    const outside = image === null ? newOutside(program, write) : shimOf(image.outside, write);
    const [root, fds] = outside as Outside;
    this.#root = root;
    this.#wasi = new WASI([basename(program.path), ...program.args], [], fds, { debug: false });
    this.imports = {
      ...(this.#wasi.wasiImport as Record<string, ShimFunction>),
      clock_time_get: (_id, _precision, address) => {
        new DataView(this.#buffer).setBigUint64(Number(address), 1_700_000_000_000_000_000n, true);
        return 0;
      },
      random_get: (address, length) => {
        new Uint8Array(this.#buffer, Number(address), Number(length)).fill(7);
        return 0;
      },
      proc_exit: (code) => {
        this.exitCode = Number(code);
        throw new ProgramExited(this.exitCode);
      },
    };
  }

  get #buffer(): ArrayBuffer {
    if (this.#memory === null) throw new Error("no memory is attached");
    return this.#memory.buffer;
  }

  /** The memory that calls read and write: it changes when a process goes on in a new instance. */
  attach(memory: WebAssembly.Memory): void {
    this.#memory = memory;
    (this.#wasi as unknown as { inst: unknown }).inst = { exports: { memory } };
  }

  get output(): string {
    return Buffer.concat(this.#output).toString("latin1");
  }

  /** The files of its directory: the hashes of their bytes. */
  get files(): Readonly<Record<string, string>> {
    const files = [...this.#root.dir.contents].flatMap(([name, entry]) =>
      entry instanceof File ? [[name, createHash("sha256").update(entry.data).digest("hex")] as const] : [],
    );
    return Object.fromEntries(files);
  }

  image(): ShimImage {
    const outside = plainOf([this.#root, this.#wasi.fds]);
    return { outside, nextInode: inodes.next_ino, output: this.#output };
  }
}

function newOutside({ files = {}, stdin = "" }: ShimProgram, write: (bytes: Uint8Array) => void): Outside {
  const entries = Object.entries(files).map(([name, bytes]) => [name, new File(bytes.slice())] as const);
  const root = new PreopenDirectory("/", new Map(entries));
  const input = new OpenFile(new File(Buffer.from(stdin)));
  return [root, [input, new ConsoleStdout(write), new ConsoleStdout(write), root]];
}

export class ProgramExited extends Error {
  readonly code: number;

  constructor(code: number) {
    super(`exit ${code}`);
    this.code = code;
  }
}

const modules = new Map<string, WebAssembly.Module>();

/** What there is of a run when it is over. */
export interface PlainRun {
  readonly output: string;
  readonly code: number;
  /** The hashes of its files. */
  readonly files: Readonly<Record<string, string>>;
}

/** Runs the program to its end as it is. */
export function runPlainProgram(program: ShimProgram): PlainRun {
  const world = new ShimWorld(program);
  const module = modules.get(program.path) ?? new WebAssembly.Module(readFileSync(program.path));
  modules.set(program.path, module);
  const { exports } = new WebAssembly.Instance(module, {
    wasi_snapshot_preview1: world.imports,
  } as WebAssembly.Imports);
  world.attach(exports["memory"] as WebAssembly.Memory);
  try {
    (exports["_start"] as () => void)();
  } catch (error) {
    if (!(error instanceof ProgramExited)) throw error;
  }
  return { output: world.output, code: world.exitCode ?? 0, files: world.files };
}
