import { unreachable } from "../../core/assert.ts";
import { FRESH, type Own } from "../../core/own.ts";
import { ownerOf } from "../../core/owner-of.ts";
import { appendApart, appendPiece, dropBytes } from "../../core/pieces.ts";
import type { Reducer } from "../../core/reducer.ts";
import { edit, remove, set } from "../../core/table.ts";
import { type CapabilityEvent, eachRemoved } from "../capabilities/capability-event.ts";
import type { DomainEvent } from "../scheduler/domain-event.ts";
import type { PipeEvent } from "./pipe-event.ts";
import { type Pipe, PIPE_CAPACITY_BYTES, type PipesState } from "./pipe-state.ts";

const rowsIn = ownerOf<PipesState>()("rows");

type PipesInput =
  | PipeEvent
  | Extract<DomainEvent, { type: "scheduler/partitioned" }>
  | Extract<CapabilityEvent, { type: `capability/${"granted" | "closed" | "derived" | "removed"}` }>;

export const reducePipes: Reducer<PipesState, PipesInput> = (pipes, event) => {
  switch (event.type) {
    case "pipe/created":
      set(rowsIn(pipes), event.pipe, newPipe());
      pipes.nextPipe = Math.max(pipes.nextPipe, event.pipe + 1);
      return;
    case "pipe/sized":
      edit(rowsIn(pipes), event.pipe).capacity = event.capacity;
      return;
    case "pipe/reserved":
      changeEnds(pipes, event.pipe, event);
      return;
    case "pipe/written": {
      const pipe = edit(rowsIn(pipes), event.pipe);
      const append = pipes.areKeptApart === true ? appendApart : appendPiece;
      pipe.pieces = append(pipe.pieces, event.position, event.length);
      pipe.bytes += event.length;
      return;
    }
    case "pipe/read": {
      const pipe = edit(rowsIn(pipes), event.pipe);
      pipe.pieces = dropBytes(pipe.pieces, event.length);
      pipe.bytes -= event.length;
      return;
    }
    case "scheduler/partitioned":
      pipes.areKeptApart = true;
      return;
    case "capability/granted":
    case "capability/derived":
      countEnds(pipes, event, 1);
      return;
    case "capability/closed":
      countEnds(pipes, event, -1);
      return;
    case "capability/removed":
      return eachRemoved(event, (object, target) => countEnds(pipes, { object, target }, -1));
    default:
      unreachable(event);
  }
};

const newPipe = (): Pipe => ({
  epoch: FRESH,
  readers: 0,
  writers: 0,
  bytes: 0,
  capacity: PIPE_CAPACITY_BYTES,
  pieces: [],
});

function countEnds(pipes: Own<PipesState>, event: { object: string; target: number }, change: number): void {
  if (event.object === "pipe-reader") changeEnds(pipes, event.target, { readers: change, writers: 0 });
  else if (event.object === "pipe-writer") changeEnds(pipes, event.target, { readers: 0, writers: change });
}

/** The last end that goes takes the pipe with it. */
function changeEnds(
  pipes: Own<PipesState>,
  id: number,
  change: { readonly readers: number; readonly writers: number },
): void {
  const rows = rowsIn(pipes);
  const pipe = edit(rows, id);
  pipe.readers += change.readers;
  pipe.writers += change.writers;
  const hasLost = change.readers + change.writers < 0;
  if (hasLost && pipe.readers === 0 && pipe.writers === 0) remove(rows, id);
}
