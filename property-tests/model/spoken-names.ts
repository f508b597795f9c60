/** Processes that tell each other names through pipes and open files by name: who named what is known from how the tale is made. */
import fc from "fast-check";
import { allRights } from "../../core/rights.ts";
import { wasiNumber } from "../../guests/wasi/wasi-table.ts";
import { HistoryMachine } from "./history-machine.ts";
import { encodeCall } from "./encode-call.ts";
import type { RawCall } from "./guest-driver.ts";
import { place } from "./memory-layout.ts";

export const SPEAKERS = 3;
export const ROOT_SLOT = 7;
/** Of each pipe, the slots of its ends: the console stands in front of them. */
const writerOf = (pipe: number): number => 1 + 2 * pipe;
const readerOf = (pipe: number): number => 2 + 2 * pipe;

export type Spoken =
  | { readonly do: "tell"; readonly pid: number; readonly pipe: number; readonly text: string }
  | { readonly do: "listen"; readonly pid: number; readonly pipe: number; readonly size: number }
  | { readonly do: "open"; readonly pid: number; readonly name: string };

const names = ["billing", "a.out", "ledger-2", "bill", "x", "für"] as const;
const text = fc
  .array(fc.oneof(fc.constantFrom(...names), fc.constantFrom("to", "write", "billings", "a.ou")), {
    minLength: 1,
    maxLength: 3,
  })
  .chain((words) => fc.constantFrom(" ", "\n", "/", ". ").map((between) => words.join(between)))
  .chain((said) => fc.constantFrom("", "\n", ".").map((end) => `${said}${end}`));
const pid = fc.integer({ min: 1, max: SPEAKERS });
const pipe = fc.nat(1);

export const tales: fc.Arbitrary<readonly Spoken[]> = fc.noBias(
  fc.array(
    fc.oneof(
      fc.record({ do: fc.constant("tell" as const), pid, pipe, text }),
      fc.record({ do: fc.constant("listen" as const), pid, pipe, size: fc.constantFrom(1, 4, 100, 100) }),
      fc.record({ do: fc.constant("open" as const), pid, name: fc.constantFrom(...names) }),
    ),
    { maxLength: 30 },
  ),
);

function transfer(call: "fd_read" | "fd_write", fd: number, bytes: Uint8Array | number): RawCall {
  const size = typeof bytes === "number" ? bytes : bytes.length;
  const iovec = new Uint8Array(Uint32Array.of(place.buffer, size).buffer);
  const inputs = [{ at: place.iovecs as number, bytes: iovec as Uint8Array }];
  if (typeof bytes !== "number") inputs.push({ at: place.buffer, bytes });
  const outputBytes = typeof bytes === "number" ? bytes : 0;
  return { number: wasiNumber(call), args: [fd, place.iovecs, 1, place.cells], inputs, outputBytes };
}

/** A call that opens a file, which is made where there is none. */
export const opening = (path: string, through = ROOT_SLOT): RawCall =>
  encodeCall(
    {
      call: "path_open",
      fd: ["number", through],
      path,
      oflags: 1,
      rights: allRights,
      inheriting: 0,
      fdflags: 0,
      follow: 1,
    },
    ([, number]) => number,
  );

/** Words as a reader would tell them apart, without the dot that ends a sentence. */
const heardIn = (said: string, name: string): boolean =>
  said.split(/[\s/]+/).some((word) => word === name || word.replace(/\.+$/, "") === name);

export interface Told {
  readonly machine: HistoryMachine;
  /** The seqs of openings whose name the process had heard from another. */
  readonly designated: readonly number[];
}

/** Lets the tale happen. */
export function tell(tale: readonly Spoken[]): Told {
  const machine = new HistoryMachine(SPEAKERS);
  const queues = [[], []] as { readonly byte: number; readonly pid: number }[][];
  const heard = new Map<string, number[]>();
  const designated: number[] = [];
  for (const step of tale) {
    const event = machine.perform({ pid: step.pid, do: "raw", raw: callOf(step) });
    if (event === null) continue;
    if (step.do === "tell" && event.type === "pipe/written")
      queues[step.pipe]?.push(...[...Buffer.from(step.text)].map((byte) => ({ byte, pid: step.pid })));
    if (step.do === "listen" && event.type === "pipe/read")
      for (const said of queues[step.pipe]?.splice(0, event.length) ?? []) {
        const key = `${step.pid} ${said.pid}`;
        heard.set(key, [...(heard.get(key) ?? []), said.byte]);
      }
    const isOpened = step.do === "open" && event.type === "file/opened";
    if (isOpened && wasTold(heard, step.pid, step.name)) designated.push(event.seq);
  }
  return { machine, designated };
}

function callOf(step: Spoken): RawCall {
  if (step.do === "open") return opening(step.name);
  return step.do === "tell"
    ? transfer("fd_write", writerOf(step.pipe), Buffer.from(step.text))
    : transfer("fd_read", readerOf(step.pipe), step.size);
}

/** Two bytes or fewer tell nothing. */
const wasTold = (heard: ReadonlyMap<string, readonly number[]>, listener: number, name: string): boolean =>
  Buffer.byteLength(name) > 2 &&
  [...heard].some(
    ([key, bytes]) =>
      key.startsWith(`${listener} `) &&
      key !== `${listener} ${listener}` &&
      heardIn(Buffer.from(bytes).toString("utf8"), name),
  );
