/**
 * What a command prints, in large pieces. A reader that goes away, as `head` does, ends the command at once and in silence; one that
 * is slow is waited for, so nothing piles up.
 */
import { writeSync } from "node:fs";
import { exitCode } from "./exit-codes.ts";

const STDOUT = 1;
const PIECE_CHARACTERS = 1 << 16;
const BUSY_RETRY_MILLIS = 2;

export class Output {
  #text = "";

  line(text: string): void {
    this.text(`${text}\n`);
  }

  text(text: string): void {
    this.#text += text;
    if (this.#text.length >= PIECE_CHARACTERS) this.flush();
  }

  json(value: unknown): void {
    this.line(JSON.stringify(value));
  }

  bytes(bytes: Uint8Array): void {
    this.flush();
    writeWhole(bytes);
  }

  flush(): void {
    if (this.#text === "") return;
    const bytes = Buffer.from(this.#text);
    this.#text = "";
    writeWhole(bytes);
  }
}

function writeWhole(bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length; ) {
    try {
      done += writeSync(STDOUT, bytes, done);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === "EPIPE") process.exit(exitCode.done);
      if (code !== "EAGAIN") throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, BUSY_RETRY_MILLIS);
    }
  }
}
