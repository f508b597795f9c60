import type { Note, Piece, Printer, PrinterListener } from "./printer.ts";

/** A printer that prints into its memory, when it is told to. */
export class ModelPrinter implements Printer {
  readonly #streams: readonly number[];
  readonly #closed = new Set<number>();
  #listener: PrinterListener | null = null;
  #waiting: Piece[] = [];
  #printed = "";

  constructor(streams: readonly number[]) {
    this.#streams = streams;
  }

  serves(stream: number): boolean {
    return this.#streams.includes(stream);
  }

  listen(listener: PrinterListener): void {
    this.#listener = listener;
  }

  send(pieces: readonly Piece[]): void {
    this.#waiting.push(...pieces);
  }

  /** Prints some of what it has, and acknowledges it; returns the note. */
  print(count = this.#waiting.length): Note | null {
    const pieces = this.#waiting.splice(0, count);
    for (const { stream, bytes } of pieces)
      if (!this.#closed.has(stream)) this.#printed += Buffer.from(bytes).toString("latin1");
    const last = pieces.at(-1) ?? null;
    if (last !== null) this.#listener?.onPrinted({ seq: last.seq, done: last.done });
    return last;
  }

  /** Finds out that the stream of its next piece is closed. */
  fail(errno: number): void {
    const [piece] = this.#waiting;
    if (piece === undefined) return;
    this.#closed.add(piece.stream);
    this.#listener?.onClosed({ seq: piece.seq, done: piece.done }, errno);
  }

  lose(error: Parameters<PrinterListener["onLost"]>[0]): void {
    this.#listener?.onLost(error);
  }

  get waiting(): readonly Piece[] {
    return this.#waiting;
  }

  get printed(): string {
    return this.#printed;
  }
}
