/**
 * Releases effects: what has become durable leaves the machine, in order, each once.
 *
 * Prints to a pipe, a socket or a terminal go to a printer, which acknowledges them; all else is carried out here. There is one
 * order and one cursor: what is carried out here waits until the printer has acknowledged all that stands before it, and so neither
 * process ever moves the cursor while the other may. The machine's thread never waits; who gives it effects looks whether it is
 * ready for more.
 */
import type { ByteSource } from "../guests/wasi/wasi-call.ts";
import { hostErrno } from "../devices/host-directory/host-errno.ts";
import { HostWriter } from "../devices/host-directory/host-writer.ts";
import type { Effect } from "../reducers/effects/effect.ts";
import { carryOut } from "./carry-out.ts";
import { DirectOutput, type Outputs, type PrintEffect } from "./direct-output.ts";
import { PiecesOnTheirWay } from "./pieces-on-their-way.ts";
import type { Note, Piece, Printer, PrinterLost } from "./printer.ts";
import { PIPE_BUF } from "./printer-wire.ts";
import type { ReleaseCursor } from "./release-cursor.ts";

export interface EffectFailure {
  readonly kind: "output-closed" | "host";
  readonly effect: Effect;
  readonly errno: number;
}

export interface ReleaseListener {
  /** Effects were released later than they were given, and these of them failed. */
  onReleased(failures: readonly EffectFailure[]): void;
  /** No effect is released any more. */
  onLost(error: PrinterLost): void;
}

/** An effect that is to be released, and how many bytes of it are out, or on their way. */
interface Due {
  readonly effect: Effect;
  readonly bytes: ByteSource;
  done: number;
}

export class EffectReleaser {
  readonly #cursor: ReleaseCursor;
  readonly #output: DirectOutput;
  readonly #printer: Printer | null;
  readonly #host = new HostWriter();
  readonly #closed = new Set<number>();
  readonly #onTheirWay = new PiecesOnTheirWay();
  #due: Due[] = [];
  #failures: EffectFailure[] = [];
  #listener: ReleaseListener | null = null;
  #lost: PrinterLost | null = null;
  #waiting: (() => void)[] = [];
  #answers = 0;

  /** Without a printer all is printed here, and is out when `release` returns. */
  constructor(cursor: ReleaseCursor, outputs: Outputs, printer: Printer | null = null) {
    this.#cursor = cursor;
    this.#output = new DirectOutput(cursor, outputs);
    this.#printer = printer;
    printer?.listen({
      onPrinted: (note) => this.#hear(() => this.#acknowledge(note)),
      onClosed: (note, errno) => this.#hear(() => this.#close(note, errno)),
      onLost: (error) => this.#lose(error),
    });
  }

  listen(listener: ReleaseListener): void {
    this.#listener = listener;
  }

  /**
   * Releases effects whose events are durable, or as soon as may be; `bytes` stays readable until then. Those that were released
   * before a crash are passed over. Returns what failed up to now.
   */
  release(effects: readonly Effect[], bytes: ByteSource): readonly EffectFailure[] {
    for (const effect of effects) {
      if (effect.seq < this.#cursor.seq) continue;
      this.#due.push({ effect, bytes, done: effect.seq === this.#cursor.seq ? this.#cursor.done : 0 });
    }
    this.#releaseDue();
    return this.#takeFailures();
  }

  /** Events below a seq have no effects that are not out, nor will have: whoever resumes need not look at them. */
  passOver(seq: number): void {
    if (this.isIdle && this.#lost === null && seq > this.#cursor.seq) this.#cursor.move(seq, 0);
  }

  /** Whether all that was given is out. */
  get isIdle(): boolean {
    return this.#due.length === 0 && this.#onTheirWay.isEmpty;
  }

  /** Whether it takes more effects without keeping them waiting in memory. */
  get isReady(): boolean {
    return this.#lost === null && this.#due.length === 0 && !this.#onTheirWay.isFull;
  }

  /** Counts up whenever something that was on its way is out. */
  get answers(): number {
    return this.#answers;
  }

  /** Resolved when all that was given is out; rejected with PrinterLost if that will not be. */
  async untilIdle(): Promise<void> {
    while (!this.isIdle) {
      if (this.#lost !== null) throw this.#lost;
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  #releaseDue(): void {
    const pieces: Piece[] = [];
    let released = 0;
    for (const due of this.#lost === null ? this.#due : []) {
      const isOut = this.#goesToPrinter(due.effect) ? this.#cut(due, due.effect, pieces) : this.#perform(due);
      if (!isOut) break;
      released += 1;
    }
    this.#due.splice(0, released);
    if (pieces.length > 0) this.#printer?.send(pieces);
  }

  #goesToPrinter(effect: Effect): effect is PrintEffect {
    return effect.kind === "print" && !this.#closed.has(effect.stream) && this.#serves(effect.stream);
  }

  #serves(stream: number): boolean {
    return this.#printer?.serves(stream) === true;
  }

  /** Cuts a print into pieces for the printer, as many as may be on their way; returns whether that was the last one. */
  #cut(due: Due, effect: PrintEffect, pieces: Piece[]): boolean {
    const { seq, endSeq, stream, length, position } = effect;
    this.#output.goOn();
    for (;;) {
      if (this.#onTheirWay.isFull) return false;
      const part = Math.min(PIPE_BUF, length - due.done);
      const bytes = new Uint8Array(part);
      due.bytes.copyTo(bytes, 0, position + due.done, part);
      due.done += part;
      const isLast = due.done === length;
      const note = isLast ? { seq: endSeq, done: 0 } : { seq, done: due.done };
      pieces.push({ ...note, stream, bytes });
      this.#onTheirWay.add(effect, note, part);
      if (isLast) return true;
    }
  }

  /** Carries an effect out, if nothing is on its way that stands before it. */
  #perform({ effect, bytes, done }: Due): boolean {
    if (!this.#onTheirWay.isEmpty) return false;
    try {
      if (effect.kind !== "print") carryOut(this.#host, effect, bytes);
      else if (!this.#closed.has(effect.stream)) this.#output.print(effect, done, bytes);
    } catch (error) {
      if (effect.kind === "print") this.#closed.add(effect.stream);
      const kind = effect.kind === "print" ? "output-closed" : "host";
      this.#failures.push({ kind, effect, errno: hostErrno(error) });
    }
    this.#output.goOn();
    this.#cursor.move(effect.endSeq, 0);
    return true;
  }

  #acknowledge(note: Note): void {
    this.#answers += 1;
    this.#onTheirWay.acknowledge(note);
    this.#cursor.follow(note.seq, note.done);
  }

  #close(note: Note, errno: number): void {
    const effect = this.#onTheirWay.effectOf(note);
    if (effect === null) return;
    this.#closed.add(effect.stream);
    this.#failures.push({ kind: "output-closed", effect, errno });
  }

  #hear(work: () => void): void {
    work();
    this.#releaseDue();
    this.#listener?.onReleased(this.#takeFailures());
    if (this.isIdle) this.#wake();
  }

  #lose(error: PrinterLost): void {
    this.#lost = error;
    this.#listener?.onLost(error);
    this.#wake();
  }

  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  #takeFailures(): readonly EffectFailure[] {
    const failures = this.#failures;
    this.#failures = [];
    return failures;
  }

  close(): void {
    this.#host.close();
  }
}
