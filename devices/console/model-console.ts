/**
 * A console that is plain data: the pure model of host-input.ts, which brings pieces of standard input when it is asked, and of
 * what prints. Input follows a script, output is kept, and who reads an output may go away.
 */
import { invariant } from "../../core/assert.ts";
import { STDERR, STDOUT } from "../../reducers/console/console-state.ts";
import type { KernelFact } from "../../reducers/kernel-event.ts";
import type { ConsoleDevice, ConsoleInput } from "../device.ts";

interface ModelConsoleOptions {
  /** What is typed, a piece for each request, and the end of input behind it. */
  readonly script?: readonly Uint8Array[];
  /** Which of the three streams is a terminal; none if it is not said. */
  readonly terminals?: readonly [input: boolean, output: boolean, error: boolean];
}

interface Output {
  readonly bytes: number[];
  isRead: boolean;
  isKnownClosed: boolean;
}

export class ModelConsole implements ConsoleDevice {
  readonly terminals: readonly [boolean, boolean, boolean];
  readonly #script: Uint8Array[];
  readonly #arrived: NonNullable<ConsoleInput>[] = [];
  readonly #outputs: Readonly<Record<number, Output>> = { [STDOUT]: newOutput(), [STDERR]: newOutput() };
  readonly #printed: number[] = [];
  readonly #news: KernelFact[] = [];

  constructor({ script = [], terminals = [false, false, false] }: ModelConsoleOptions = {}) {
    this.#script = [...script];
    this.terminals = terminals;
  }

  take(): ConsoleInput {
    return this.#arrived.shift() ?? null;
  }

  news(): readonly KernelFact[] {
    return this.#news.splice(0);
  }

  /** Whether something can be taken. */
  get hasInput(): boolean {
    return this.#arrived.length > 0;
  }

  /** Somebody waits for input: the script's next piece arrives; behind the last, and from then on, the end. */
  request(): void {
    const bytes = this.#script.shift();
    this.give(bytes === undefined ? { kind: "ended" } : { kind: "bytes", bytes });
  }

  /** Something arrives that nobody asked for, before what is left of the script. */
  give(input: NonNullable<ConsoleInput>): void {
    this.#arrived.push(input);
  }

  /** Prints what a print effect says. The first print to a stream that nobody reads is news, and nothing is shown of it. */
  print(stream: number, bytes: Uint8Array): void {
    const output = this.#output(stream);
    if (output.isRead) {
      for (const byte of bytes) {
        output.bytes.push(byte);
        this.#printed.push(byte);
      }
    } else if (!output.isKnownClosed) {
      output.isKnownClosed = true;
      this.#news.push({ type: "console/output-closed", stream });
    }
  }

  /** Whoever read the stream goes away; the machine hears of it when it prints. */
  close(stream: number): void {
    this.#output(stream).isRead = false;
  }

  /** What a stream has shown. */
  shown(stream: number): readonly number[] {
    return this.#output(stream).bytes;
  }

  /** What both streams have shown, as it came. */
  get printed(): readonly number[] {
    return this.#printed;
  }

  #output(stream: number): Output {
    const output = this.#outputs[stream];
    invariant(output !== undefined, "a console has two outputs, 1 and 2");
    return output;
  }
}

const newOutput = (): Output => ({ bytes: [], isRead: true, isKnownClosed: false });
