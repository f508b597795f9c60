import { expect, test } from "@jest/globals";
import { right } from "../../core/rights.ts";
import type { Own } from "../../core/own.ts";
import { edit, type Table } from "../../core/table.ts";
import { scriptedMachine } from "../scripted-machine.ts";
import { pipeInvariants } from "./pipe-invariants.ts";
import { type PipesState, PIPE_CAPACITY_BYTES } from "./pipe-state.ts";

type Pipe = PipesState["rows"] extends Table<infer Row> ? Row : never;

const PIPE = 5;

/** The statements that do not hold of a pipe with 10 bytes once it was changed. */
function broken(change: (pipe: Own<Pipe>, pipes: Own<PipesState>) => void): readonly string[] {
  const machine = scriptedMachine();
  machine.happen(0, { type: "pipe/created", pipe: PIPE });
  machine.grant("pipe-reader", PIPE, right.fdRead);
  machine.perform({ call: "fd_write", fd: machine.grant("pipe-writer", PIPE, right.fdWrite), size: 10 });
  const pipes = JSON.parse(JSON.stringify(machine.state.pipes)) as Own<PipesState>;
  change(edit(pipes.rows as Own<Table<Pipe>>, PIPE), pipes);
  return Object.entries(pipeInvariants)
    .filter(([, holds]) => !holds(pipes))
    .map(([name]) => name);
}

test("pipesHoldWhatTheyCount holds of what events lead to", () => {
  expect(broken(() => {})).toEqual([]);
});

test.each<[string, (pipe: Own<Pipe>, pipes: Own<PipesState>) => void]>([
  ["a byte too many", (pipe) => (pipe.bytes += 1)],
  [
    "more than a pipe holds",
    (pipe) => {
      pipe.bytes = PIPE_CAPACITY_BYTES + 1;
      pipe.pieces = [0, PIPE_CAPACITY_BYTES + 1];
    },
  ],
  ["an id that will be given again", (_, pipes) => (pipes.nextPipe = PIPE)],
  ["a page that counts a pipe too many", (_, { rows }) => ((rows.root as { count: number }).count += 1)],
])("pipesHoldWhatTheyCount fails for %s", (_, change) => {
  expect(broken(change)).toEqual(["pipesHoldWhatTheyCount"]);
});
