import fc from "fast-check";
import { ByteReader, MalformedBytes } from "../../core/byte-reader.ts";
import { ByteWriter } from "../../core/byte-writer.ts";
import type { CodecContext } from "../../core/compile-event.ts";
import { readStatePage } from "../../core/read-state-page.ts";
import { ADDRESS_BYTES } from "../../core/state-tags.ts";
import { kernelCodec, type KernelEvent } from "../../reducers/kernel-event.ts";
import type { KernelState } from "../../reducers/kernel-state.ts";
import { eventsOf, followsHash, GENESIS, HASH_BYTES, parseGroup, sealGroup } from "../../replay/group.ts";
import { PackReader, PagePacker } from "../../replay/page-packs.ts";
import { RecordingRefused } from "../../replay/recording-refused.ts";
import { StateLoader } from "../../replay/state-loader.ts";
import { type DrawnEvent, drawnEvents, placed } from "../model/event-arbitraries.ts";
import type { MemoryStore } from "../model/memory-store.ts";
import { runSteps } from "../model/model-machine.ts";
import { stepsOf } from "../model/step-arbitraries.ts";
import { demand, demandEqual, law, type Law } from "./law.ts";
import { foldAll, hashOf, rebuilt, recordLog } from "./recorded.ts";

type Start = Readonly<CodecContext>;

const start: fc.Arbitrary<Start> = fc.record({
  seq: fc.oneof(fc.constant(0), fc.nat(2 ** 31)),
  at: fc.oneof(fc.constant(0), fc.nat(2 ** 45)),
  pid: fc.nat(3),
  by: fc.oneof(fc.constant(0), fc.nat(2 ** 31)),
  head: fc.oneof(fc.constant(0), fc.nat(2 ** 40)),
});

function encode(events: readonly KernelEvent[], from: Start): { bytes: Uint8Array; context: CodecContext } {
  const writer = new ByteWriter(16);
  const context = { ...from };
  for (const event of events) kernelCodec.encode(writer, event, context);
  return { bytes: writer.view().slice(), context };
}

function decode(bytes: Uint8Array, from: Start): { events: readonly KernelEvent[]; context: CodecContext } {
  const reader = new ByteReader(bytes);
  const context = { ...from };
  const events: KernelEvent[] = [];
  while (reader.offset < reader.end) events.push(kernelCodec.decode(reader, context));
  return { events, context };
}

function comesBack(drawn: readonly DrawnEvent[], from: Start): void {
  const events = placed(drawn, from);
  const written = encode(events, from);
  const read = decode(written.bytes, from);
  demandEqual(read.events, events, "the events that were decoded");
  demandEqual(read.context, written.context, "the context behind them");
  demandEqual(encode(read.events, from).bytes, written.bytes, "the bytes, encoded again");
  events.forEach((event, index) => {
    demandEqual(Object.keys(event), Object.keys(read.events[index] ?? {}), "the order of an event's fields");
  });
}

/** What happens to bytes on their way. */
interface Damage {
  readonly how: "flip" | "cut" | "insert" | "drop";
  readonly place: number;
  readonly byte: number;
}

const damage: fc.Arbitrary<Damage> = fc.record({
  how: fc.constantFrom("flip", "cut", "insert", "drop"),
  place: fc.nat(100_000),
  byte: fc.constantFrom(1, 2, 0x80, 0xff, 0x7f),
});

function damaged(bytes: Uint8Array, { how, place, byte }: Damage): Uint8Array {
  const at = place % Math.max(1, bytes.length);
  const [before, after] = [[...bytes.subarray(0, at)], [...bytes.subarray(at)]];
  if (how === "cut") return Uint8Array.from(before);
  if (how === "insert") return Uint8Array.from([...before, byte, ...after]);
  const [first = 0, ...rest] = after;
  return Uint8Array.from([...before, ...(how === "flip" ? [first ^ byte] : []), ...rest]);
}

/** Runs a reader on bytes that nobody vouches for: it may read them or refuse them, and nothing else. */
function readsOrRefuses(read: () => void, what: string): void {
  try {
    read();
  } catch (error) {
    const where = (error as Error).stack?.split("\n")[1] ?? "";
    demand(error instanceof MalformedBytes, `${what} are refused, and not by ${String(error)} ${where}`);
  }
}

function badEventsAreRefused(drawn: readonly DrawnEvent[], from: Start, damages: readonly Damage[]): void {
  const bytes = damages.reduce(damaged, encode(placed(drawn, from), from).bytes);
  readsOrRefuses(() => {
    const { events, context } = decode(bytes, from);
    for (const event of events)
      demand(Number.isSafeInteger(event.at) && event.cause < event.seq, "an envelope makes sense");
    // What is read from bad bytes is an event all the same, and can be written.
    demandEqual(decode(encode(events, from).bytes, from).context, context, "the context of what was read");
  }, "events");
}

function badGroupsAreRefused(drawn: readonly DrawnEvent[], from: Start, damages: readonly Damage[]): void {
  const events = placed(drawn, from);
  if (events.length === 0) return;
  const { bytes, context } = encode(events, from);
  const header = {
    firstSeq: from.seq,
    count: events.length,
    at: from.at,
    pid: from.pid,
    by: from.by,
    streamStart: from.head,
    streamEnd: context.head,
  };
  const { record } = sealGroup(GENESIS, header, bytes, []);
  const whole = parseGroup(record);
  demand(whole.ok && followsHash(whole.value, GENESIS, []), "a whole group is one");
  const back = whole.ok ? eventsOf(whole.value) : null;
  demand(back?.ok === true, "and its events are read");
  demandEqual(back.value, events, "the events of a group");
  for (let at = 0; at < HASH_BYTES; at += 1) {
    const hash = Uint8Array.from(whole.value.hash, (byte, index) => (index === at ? byte ^ 1 : byte));
    demand(
      !followsHash({ ...whole.value, hash }, GENESIS, []),
      "a group with a hash of one other bit is another",
    );
  }
  const bad = damages.reduce(damaged, record);
  if (Buffer.compare(bad, record) === 0) return;
  const group = parseGroup(bad);
  if (!group.ok) return;
  demand(!followsHash(group.value, GENESIS, []), "a damaged group that can be read has another hash");
  eventsOf(group.value);
}

function badPagesAreRefused(
  steps: Parameters<typeof runSteps>[0],
  damages: readonly Damage[],
  page: number,
): void {
  const { log } = runSteps(steps);
  const state = foldAll(log.decoded());
  const back = rebuilt(state);
  demandEqual(hashOf(back), hashOf(state), "a state that was read back");
  demandEqual(hashOf(rebuilt(back)), hashOf(state), "and again");
  const { store } = recordLog(log, [], 1);
  const packs = new PackReader(store.asStore);
  const count = new PagePacker(store.asStore).next;
  const number = page % count;
  const bytes = packs.page(number) as Uint8Array;
  const load = () => ({ page: {}, address: new Uint8Array(ADDRESS_BYTES) });
  readsOrRefuses(() => {
    const read = readStatePage(damages.reduce(damaged, bytes), number, load);
    demand(hashOf(read.page as never).length === 64, "what is read from bad pages is plain data");
  }, "pages");
  badPacksAreRefused(store, hashOf(state), damages);
}

/** With any byte of a pack changed, the state is the one that was written, or the keyframe is refused. */
function badPacksAreRefused(store: MemoryStore, expected: string, damages: readonly Damage[]): void {
  const first = store.packs.keys.at(-1) as number;
  store.packs.damage(first, damages.reduce(damaged, store.packs.get(first) as Uint8Array));
  const seq = store.keyframes.keys.at(-1) as number;
  let state: KernelState;
  try {
    state = new StateLoader(store.asStore).keyframeState(seq);
  } catch (error) {
    if (error instanceof RecordingRefused) return;
    throw error;
  }
  demandEqual(hashOf(state), expected, "a state from damaged pages");
}

const damages = fc.array(damage, { minLength: 1, maxLength: 3 });

export const codecLaws: readonly Law[] = [
  law({
    id: "D2",
    statement: "an event of any type comes back from its bytes, and equal events have equal bytes",
    runs: 300,
    cases: fc.record({ drawn: drawnEvents, from: start }),
    holds: ({ drawn, from }) => comesBack(drawn, from),
  }),
  law({
    id: "D2-events",
    statement: "bytes that are no events are refused by their offset",
    runs: 400,
    cases: fc.record({ drawn: drawnEvents, from: start, damages }),
    holds: ({ drawn, from, damages: all }) => badEventsAreRefused(drawn, from, all),
  }),
  law({
    id: "D2-groups",
    statement: "a group with any change in it is refused, or has another hash",
    runs: 300,
    cases: fc.record({ drawn: drawnEvents, from: start, damages }),
    holds: ({ drawn, from, damages: all }) => badGroupsAreRefused(drawn, from, all),
  }),
  law({
    id: "D2-pages",
    statement: "a state comes back from its pages, and bytes that are no page are refused",
    runs: 120,
    cases: fc.record({ steps: stepsOf("files", 25), damages, page: fc.nat(1000) }),
    holds: ({ steps, damages: all, page }) => badPagesAreRefused(steps, all, page),
  }),
];
