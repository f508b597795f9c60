import { type Epochal, FRESH } from "../../core/own.ts";
import type { Pieces } from "../../core/pieces.ts";
import { emptyTable, type Table } from "../../core/table.ts";

export interface Pipe extends Epochal {
  readonly readers: number;
  readonly writers: number;
  /** Bytes that are unread, and the most that may be. */
  readonly bytes: number;
  readonly capacity: number;
  readonly pieces: Pieces;
}

export interface PipesState extends Epochal {
  readonly rows: Table<Pipe>;
  readonly nextPipe: number;
  /**
   * Where there are scheduling domains: what is written at once is read at once at the most. Else what was written one after the other is
   * read together where nobody else's bytes came between, and a reader would learn whether somebody of another domain wrote anything.
   */
  readonly areKeptApart?: true;
}

/** A writer waits once so many bytes are unread, if the pipe is not made smaller: the size that Linux gives a pipe. */
export const PIPE_CAPACITY_BYTES = 65_536;
/** A writer also waits once the bytes stand in so many places, which keeps a pipe's record narrow. */
export const MAX_PIPE_PIECES = 64;

export const initialPipes: PipesState = { epoch: FRESH, rows: emptyTable(), nextPipe: 1 };
