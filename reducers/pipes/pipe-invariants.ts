import { pieceBytes } from "../../core/pieces.ts";
import { rowsOf } from "../../core/table.ts";
import { tableCountsAreRight } from "../../core/table-invariants.ts";
import type { PipesState } from "./pipe-state.ts";

type Statement = (pipes: PipesState) => boolean;

export const pipesHoldWhatTheyCount: Statement = (pipes) =>
  tableCountsAreRight(pipes.rows) &&
  [...rowsOf(pipes.rows)].every(
    ([id, pipe]) =>
      id < pipes.nextPipe && pieceBytes(pipe.pieces) === pipe.bytes && pipe.bytes <= pipe.capacity,
  );

export const pipeInvariants: Readonly<Record<string, Statement>> = { pipesHoldWhatTheyCount };
