import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fstatSync, rmSync, writeFileSync } from "node:fs";
import type { Socket } from "node:net";
import { isatty } from "node:tty";
import { fileURLToPath, URL } from "node:url";
import { getSystemErrorName } from "node:util";
import { hostErrno } from "../devices/host-directory/host-errno.ts";
import { nameOfProcess } from "../replay/running-process.ts";
import type { Outputs } from "./direct-output.ts";
import { type Piece, type Printer, type PrinterListener, PrinterLost } from "./printer.ts";
import { ANSWER_BYTES, descriptors, HEADER_BYTES } from "./printer-wire.ts";
import { printerFile } from "./earlier-printer.ts";
import type { ReleaseCursor } from "./release-cursor.ts";

/** Any flag of V8's would make it start later: the code that node keeps compiled is for none. */
const PRINTER = fileURLToPath(new URL("printer-process.js", import.meta.url));

export interface PrinterChildOptions {
  readonly recording: string;
  /** Its file is the one that the printer notes in. */
  readonly cursor: ReleaseCursor;
  readonly outputs: Outputs;
}

/** The printer as its machine sees it: a process that is started with the first piece, and that outlives us. */
export class PrinterChild implements Printer {
  readonly #options: PrinterChildOptions;
  readonly #served: readonly number[];
  #listener: PrinterListener | null = null;
  #child: ChildProcess | null = null;
  #answers = Buffer.alloc(0);
  #isStarted = false;
  #mayEnd = false;

  constructor(options: PrinterChildOptions) {
    this.#options = options;
    this.#served = [1, 2].filter((stream) => hasReader(options.outputs(stream)));
  }

  serves(stream: number): boolean {
    return this.#served.includes(stream);
  }

  listen(listener: PrinterListener): void {
    this.#listener = listener;
  }

  send(pieces: readonly Piece[]): void {
    if (!this.#isStarted) this.#start();
    const stdin = this.#child?.stdin;
    stdin?.cork();
    for (const piece of pieces) {
      stdin?.write(headerOf(piece));
      if (piece.bytes.length > 0) stdin?.write(piece.bytes);
    }
    stdin?.uncork();
  }

  /** Starts it, once: after a failure the first piece is missing, and none may follow. */
  #start(): void {
    this.#isStarted = true;
    try {
      this.#child = this.#spawned();
    } catch (error) {
      setImmediate(() => this.#lose(`could not be started (${(error as Error).message})`));
    }
  }

  #spawned(): ChildProcess {
    const { recording, cursor, outputs } = this.#options;
    const [out, error] = [1, 2].map((stream) => (this.serves(stream) ? outputs(stream) : "ignore"));
    const child = spawn(process.execPath, [PRINTER], {
      // A session of its own: no signal that a terminal sends to us reaches it.
      detached: true,
      cwd: "/",
      env: withoutNodeOptions(),
      stdio: ["pipe", out, error, "pipe", cursor.descriptor],
    });
    child.on("error", ({ message }) => this.#lose(`could not be started (${message})`));
    child.on("exit", (code, signal) => this.#lose(`ended (${signal ?? `exit code ${code}`})`));
    // What could not be handed over is not acknowledged, and its end is heard of.
    child.stdin?.on("error", () => {});
    // Without descriptors left over there are no streams either.
    const answers = (child.stdio as ChildProcess["stdio"] | undefined)?.[descriptors.answers] as
      | Socket
      | undefined;
    answers?.on("error", () => {}).on("data", (bytes: Buffer) => this.#hear(bytes));
    // Before its first message: whoever resumes after us waits for it.
    if (child.pid !== undefined) writeFileSync(printerFile(recording), nameOfProcess(child.pid));
    return child;
  }

  #hear(bytes: Buffer): void {
    const heard = Buffer.concat([this.#answers, bytes]);
    const whole = heard.length - (heard.length % ANSWER_BYTES);
    this.#answers = heard.subarray(whole);
    for (let at = 0; at < whole; at += ANSWER_BYTES) {
      const answer = Uint8Array.from(heard.subarray(at, at + ANSWER_BYTES)).buffer;
      const [seq = 0, done = 0] = new Float64Array(answer, 0, 2);
      const [stream = 0, errorNumber = 0] = new Uint32Array(answer, 16);
      if (stream === 0) this.#listener?.onPrinted({ seq, done });
      else this.#listener?.onClosed({ seq, done }, errnoOf(errorNumber));
    }
  }

  #lose(why: string): void {
    if (!this.#mayEnd) this.#listener?.onLost(new PrinterLost(this.#options.recording, why));
    this.#mayEnd = true;
  }

  /** Ends it when all is acknowledged, and waits for that. */
  async end(): Promise<void> {
    const child = this.#child;
    if (child === null || this.#mayEnd) return;
    this.#mayEnd = true;
    child.stdin?.end();
    if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
    rmSync(printerFile(this.#options.recording), { force: true });
  }

  /** Leaves it alone with what it has: it prints and notes that, and ends. What it does not have stays due. */
  leave(): void {
    this.#mayEnd = true;
    const child = this.#child;
    child?.unref();
    for (const stream of (child?.stdio as ChildProcess["stdio"] | undefined) ?? []) stream?.destroy();
  }
}

/** Whether a descriptor is of something that somebody reads, and that cannot be looked at afterwards. */
function hasReader(descriptor: number): boolean {
  try {
    const stats = fstatSync(descriptor);
    return stats.isFIFO() || stats.isSocket() || isatty(descriptor);
  } catch {
    return false;
  }
}

/** Options that are for this process, as `--inspect` or a module to be loaded first, are not for the printer. */
const withoutNodeOptions = (): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("NODE_")));

function headerOf({ seq, done, stream, bytes }: Piece): Uint8Array {
  const header = new Uint8Array(HEADER_BYTES);
  new Float64Array(header.buffer, 0, 2).set([seq, done]);
  new Uint32Array(header.buffer, 16).set([stream, bytes.length]);
  return header;
}

function errnoOf(errorNumber: number): number {
  return hostErrno({ code: errorNumber === 0 ? "EIO" : getSystemErrorName(-errorNumber) });
}
