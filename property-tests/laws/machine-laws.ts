/** Laws of what machines of several programs are made of: pipes, their file, and the cache that their programs come from. */
import { readFileSync, writeFileSync } from "node:fs";
import fc from "fast-check";
import { right } from "../../core/rights.ts";
import { plain, SampleCache, small } from "../../guests/transform-cache/sample-cache.ts";
import { judgeMachineFile } from "../../machine/machine-file/judge-machine-file.ts";
import { decide } from "../../reducers/decide/decide.ts";
import type { Request } from "../../reducers/decide/request.ts";
import { MAX_PIPE_PIECES } from "../../reducers/pipes/pipe-state.ts";
import { ScheduledMachine } from "../../reducers/scheduler/scheduled-machine.ts";
import { demand, demandEqual, law, type Law } from "./law.ts";

const PIPE = 1;
const READER = 3;
/** POSIX PIPE_BUF, as Linux has it. */
const WHOLE_BYTES = 4096;

interface Transfer {
  /** A writer, or the reader. */
  readonly pid: number;
  readonly size: number;
}

/** Two who write to a pipe and one who reads it. */
function pipeOf(capacity: number): ScheduledMachine {
  const machine = new ScheduledMachine(100);
  machine.happen(0, { type: "pipe/created", pipe: PIPE });
  machine.happen(0, { type: "pipe/sized", pipe: PIPE, capacity });
  for (const pid of [1, 2, READER]) {
    machine.start(pid);
    const object = pid === READER ? "pipe-reader" : "pipe-writer";
    const rights = right.fdRead | right.fdWrite;
    machine.happen(pid, {
      type: "capability/granted",
      slot: 0,
      object,
      target: PIPE,
      rights,
      inheriting: 0,
      label: "",
    });
  }
  return machine;
}

/** What the answer moves, as a place in the stream and a length; null if it has to be waited for. */
function transferred(machine: ScheduledMachine, { pid, size }: Transfer): readonly [number, number] | null {
  const request: Request = { call: pid === READER ? "fd_read" : "fd_write", fd: 0, size };
  const decision = decide(machine.state, { pid, at: machine.at, since: machine.at }, request);
  if (decision.kind === "waits") return null;
  demand(decision.kind === "facts", `a transfer is answered or waits, not ${decision.kind}`);
  const fact = decision.facts.at(-1);
  demand(fact?.type === "pipe/read" || fact?.type === "pipe/written", "a transfer is its answer");
  machine.happen(pid, fact);
  return [fact.position, fact.length];
}

/** The places of unread bytes, in the order in which they were written. */
class UnreadBytes {
  #places: number[] = [];

  get count(): number {
    return this.#places.length;
  }

  write(place: number, count: number): void {
    for (let index = 0; index < count; index += 1) this.#places.push(place + index);
  }

  read(count: number): readonly number[] {
    return this.#places.splice(0, count);
  }
}

function pipesKeepBytes(capacity: number, transfers: readonly Transfer[]): void {
  const machine = pipeOf(capacity);
  const unread = new UnreadBytes();
  let writes = 0;
  for (const transfer of transfers) {
    // Other bytes come into the stream between those of the pipe.
    machine.happen(0, { type: "console/input-arrived", position: machine.state.head, length: 1 });
    const { head } = machine.state;
    const moved = transferred(machine, transfer);
    const { pid, size } = transfer;
    if (pid === READER) {
      demandEqual(moved === null, unread.count === 0, "whether a reader waits");
      if (moved === null) continue;
      const [position, length] = moved;
      demand(length > 0 && length <= size, `a read of ${size} gives ${length} bytes`);
      demandEqual(
        unread.read(length),
        Array.from({ length }, (_, index) => position + index),
        "which bytes are read",
      );
      writes = unread.count === 0 ? 0 : writes;
    } else {
      const room = capacity - unread.count;
      const needed = size <= WHOLE_BYTES ? Math.min(size, capacity) : 1;
      if (writes < MAX_PIPE_PIECES) demandEqual(moved === null, room < needed, "whether a writer waits");
      if (moved === null) continue;
      demandEqual(moved, [head, Math.min(size, room)], "what is written");
      demand(size > WHOLE_BYTES || moved[1] === Math.min(size, capacity), `${size} bytes are written whole`);
      unread.write(...moved);
      writes += 1;
    }
  }
  demandEqual(machine.broken, [], "statements that do not hold");
}

/** A file is refused for its order if and only if some would never start: those left when none can be taken any more. */
function ordersAreKept(after: readonly (readonly number[])[]): void {
  const name = (place: number): string => `p${place % after.length}`;
  const processes = after.map((others, place): readonly [string, unknown] => [
    name(place),
    { program: "a.wasm", after: [...new Set(others.map(name))] },
  ]);
  const text = JSON.stringify({ version: 1, processes: Object.fromEntries(processes) });
  const found = { ok: true, value: "/a.wasm" } as const;
  const judged = judgeMachineFile(Buffer.from(text), { file: () => found, directory: () => found });
  const left = new Map(after.map((others, place) => [name(place), others.map(name)]));
  for (let count = -1; count !== left.size; ) {
    count = left.size;
    for (const [one, others] of left) if (others.every((other) => !left.has(other))) left.delete(one);
  }
  demandEqual(judged.ok, left.size === 0, `whether ${text} is taken`);
}

type Change =
  | { readonly how: "flip"; readonly place: number; readonly bits: number }
  | { readonly how: "cut" | "append"; readonly place: number };

function changed(bytes: Uint8Array, change: Change): Uint8Array {
  switch (change.how) {
    case "cut":
      return bytes.subarray(0, change.place % bytes.length);
    case "append":
      return Buffer.concat([bytes, new Uint8Array(1 + (change.place % 50))]);
    case "flip": {
      const other = bytes.slice();
      const place = change.place % other.length;
      other[place] = (other[place] as number) ^ change.bits;
      return other;
    }
  }
}

/** Whatever becomes of an entry, who asks for the module gets what the transform gives. */
function cacheIsUnseen(question: number, changes: readonly Change[]): void {
  const cache = new SampleCache();
  try {
    const made = plain(cache.cached(small(question)));
    const path = cache.onlyPath();
    const entry = new Uint8Array(readFileSync(path));
    for (const change of changes) {
      writeFileSync(path, changed(entry, change));
      demandEqual(
        plain(cache.cached(small(question))),
        made,
        `what an entry gives that was changed: ${change.how}`,
      );
      demandEqual(new Uint8Array(readFileSync(path)), entry, "whether the entry was made anew");
    }
  } finally {
    cache.remove();
  }
}

const sizes = fc.oneof(
  fc.integer({ min: 1, max: 40 }),
  fc.constantFrom(WHOLE_BYTES - 1, WHOLE_BYTES, WHOLE_BYTES, WHOLE_BYTES + 1, 2 * WHOLE_BYTES),
);

export const machineLaws: readonly Law[] = [
  law({
    id: "F1-pipes",
    statement:
      "what is written to a pipe is read once and in order, and up to 4,096 bytes are written whole or wait",
    runs: 200,
    cases: fc.record({
      capacity: fc.constantFrom(1, 10, 100, WHOLE_BYTES, 6000, 65_536),
      transfers: fc.noBias(
        fc.array(fc.record({ pid: fc.constantFrom(1, 2, READER, READER), size: sizes }), { maxLength: 60 }),
      ),
    }),
    holds: ({ capacity, transfers }) => pipesKeepBytes(capacity, transfers),
  }),
  law({
    id: "F1-order",
    statement: "a machine file is refused for its order if and only if there is none in which all can start",
    runs: 200,
    cases: fc.array(fc.uniqueArray(fc.nat(5), { maxLength: 2 }), { minLength: 1, maxLength: 6 }),
    holds: ordersAreKept,
  }),
  law({
    id: "U7",
    statement: "a module from the cache is what the transform makes, whatever became of its entry",
    runs: 30,
    cases: fc.record({
      question: fc.nat(60),
      changes: fc.array(
        fc.oneof(
          {
            weight: 3,
            arbitrary: fc.record({
              how: fc.constant("flip" as const),
              place: fc.nat(5000),
              bits: fc.integer({ min: 1, max: 255 }),
            }),
          },
          fc.record({ how: fc.constantFrom("cut", "append"), place: fc.nat(5000) }),
        ),
        { minLength: 1, maxLength: 5 },
      ),
    }),
    holds: ({ question, changes }) => cacheIsUnseen(question, changes),
  }),
];
