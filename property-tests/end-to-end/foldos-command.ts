import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../../", import.meta.url));

export const FOLDOS = join(root, "dist/bin/foldos.js");
export const GUESTS = join(root, "property-tests/guests");
export const ESBUILD = join(root, "node_modules/@esbuild/wasi-preview1/esbuild.wasm");

/** Runs `PROGRAM FOLDER ARGS...` under node:wasi, with the folder as "/". */
export const NODE_WASI = join(root, "dist/bench/node-wasi-child.js");

/** A guest program that is kept built. */
export const guest = (name: string): string => join(GUESTS, "prebuilt", `${name}.wasm`);

export interface Ended {
  /** The exit code; 128 and more by a signal's number is the shell's way, and here it is null. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}

interface Surroundings {
  readonly cwd: string;
  /** Standard input; none at all unless it is given. Null: nothing comes, and it does not end. */
  readonly input?: string | Uint8Array | null;
  readonly env?: Readonly<Record<string, string>>;
  /** Called with the running process. */
  readonly onStarted?: (child: ChildProcess) => void;
}

/** No run of a test takes longer. */
const LIMIT_MILLIS = 60_000;

/** Runs the `foldos` command as its users do: in a process of its own. */
export function foldos(words: readonly string[], surroundings: Surroundings): Promise<Ended> {
  return runCommand(process.execPath, [FOLDOS, ...words], surroundings);
}

export function runCommand(
  command: string,
  words: readonly string[],
  { cwd, input, env, onStarted }: Surroundings,
): Promise<Ended> {
  const child = spawn(command, words, {
    cwd,
    env: { ...process.env, ...env },
    stdio: [input === undefined ? "ignore" : "pipe", "pipe", "pipe"],
    timeout: LIMIT_MILLIS,
    killSignal: "SIGKILL",
  });
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout?.on("data", (bytes: Buffer) => out.push(bytes));
  child.stderr?.on("data", (bytes: Buffer) => err.push(bytes));
  child.stdin?.on("error", () => {});
  if (input !== null) child.stdin?.end(input);
  onStarted?.(child);
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => {
      resolve({
        code,
        signal,
        out: Buffer.concat(out).toString("utf8"),
        err: Buffer.concat(err).toString("utf8"),
      });
    });
  });
}

/** Gives each piece of work a directory of its own, which goes away with it. */
export async function inFreshDirectory<Made>(work: (directory: string) => Promise<Made>): Promise<Made> {
  const directory = mkdtempSync(join(tmpdir(), "foldos-test-"));
  try {
    return await work(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Lets pieces of work begin at once, so many at a time: a test awaits its own, whichever comes first. */
export function inTurns(count: number): <Made>(work: () => Promise<Made>) => Promise<Made> {
  const waiting: (() => void)[] = [];
  let free = count;
  const turn = async (): Promise<void> => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
  };
  return async (work) => {
    await turn();
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) free += 1;
      else next();
    }
  };
}

/** Whether a text shows a stack of Foldos's own, which no user is to see. */
export const showsOurStack = (text: string): boolean =>
  /^\s+at .*(file:|node:|\.js:)|this is our bug/m.test(text);
