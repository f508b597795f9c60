/** What prints for a machine where a print must not come twice, and cannot be looked at afterwards. */
export interface Printer {
  /** Whether a stream's output goes through it; else whoever releases effects prints it himself. */
  serves(stream: number): boolean;
  /** Hands over pieces of output, each whole or not at all; they are printed and noted in their order. */
  send(pieces: readonly Piece[]): void;
  /** Names who hears of them. */
  listen(listener: PrinterListener): void;
}

/** At most PIPE_BUF bytes of output, and where the release cursor stands when they are out. */
export interface Piece extends Note {
  readonly stream: number;
  readonly bytes: Uint8Array;
}

export interface Note {
  readonly seq: number;
  readonly done: number;
}

export interface PrinterListener {
  /** All pieces up to the one of this note are out, and noted. */
  onPrinted(note: Note): void;
  /** The piece of this note could not be written to its stream. What else is for the stream is dropped, and noted. */
  onClosed(note: Note, errno: number): void;
  /** It is gone, and what is not acknowledged may be out or not: the file of the cursor says. */
  onLost(error: PrinterLost): void;
}

/** The printer could not be started, or somebody ended it. The command line shows it and exits with 1. */
export class PrinterLost extends Error {
  override readonly name = "PrinterLost";
  readonly path: string;

  constructor(recording: string, why: string) {
    super(
      `${recording}: the process that prints for it ${why}; nothing is lost, and \`foldos resume ${recording}\` goes on`,
    );
    this.path = recording;
  }
}
