/** What it costs to record by which capability each thing was done: the same logs encoded, folded and sealed with that field and without. */
import { join } from "node:path";
import { deflateRawSync } from "node:zlib";
import { ByteReader } from "../core/byte-reader.ts";
import { ByteWriter } from "../core/byte-writer.ts";
import { type EventCodec, makeEventCodec } from "../core/event-codec.ts";
import type { EventDeclarations } from "../core/event-schema.ts";
import { kernelCodec, type KernelEvent, kernelEvents, type KernelFact } from "../reducers/kernel-event.ts";
import { initialState } from "../reducers/kernel-state.ts";
import { Fold } from "../reducers/step.ts";
import { contextOf, type Group, GENESIS, parseGroup, sealGroup } from "../replay/group.ts";
import { RecordingStore } from "../replay/recording-store.ts";
import { type Figure, type Measured, most, type Scale } from "./figure.ts";
import { recordTraffic } from "./measure-questions.ts";
import { recordReal } from "./real-recordings.ts";
import { cpuMillis, interleaved, ratios } from "./rounds.ts";

const FIELD = "by";
/** The first rounds compile. */
const COMPILING_ROUNDS = 2;
const MOST_TIMES = 1.03;

type Codec = EventCodec<KernelEvent, KernelFact>;

/** The kernel's declarations without the field that says by which capability. */
function withoutAuthority(): Codec {
  const declarations: EventDeclarations = Object.fromEntries(
    Object.entries(kernelEvents as EventDeclarations).map(([type, { tag, fields }]) => {
      const others = Object.fromEntries(Object.entries(fields).filter(([name]) => name !== FIELD));
      return [type, { tag, fields: others }];
    }),
  );
  return makeEventCodec<KernelEvent, KernelFact>(declarations);
}

/** The events of a group, as they were decided. */
interface Stretch {
  readonly group: Group;
  readonly events: readonly KernelEvent[];
}

function stretchOf(group: Group): Stretch {
  const reader = new ByteReader(group.body);
  const context = contextOf(group.header);
  const events: KernelEvent[] = [];
  while (reader.offset < reader.end) events.push(kernelCodec.decode(reader, context));
  return { group, events };
}

interface Sizes {
  events: number;
  raw: number;
  deflated: number;
}

const deflated = (record: Uint8Array): number => deflateRawSync(record, { level: 1 }).length;

/** Records a log as the recorder does: each event is encoded, decoded from its bytes and folded; each group is sealed and deflated. */
function record(codec: Codec, stretches: readonly Stretch[]): Sizes {
  const fold = new Fold(initialState());
  const sizes = { events: 0, raw: 0, deflated: 0 };
  let hash: Uint8Array = GENESIS;
  for (const { group, events } of stretches) {
    const writer = new ByteWriter(1 << 16);
    const written = contextOf(group.header);
    for (const event of events) codec.encode(writer, event, written);
    const body = writer.view();
    const reader = new ByteReader(body);
    const read = contextOf(group.header);
    while (reader.offset < reader.end) fold.apply(codec.decode(reader, read));
    const sealed = sealGroup(hash, group.header, body, []);
    hash = sealed.hash;
    sizes.events += events.length;
    sizes.raw += sealed.record.length;
    sizes.deflated += deflated(sealed.record);
  }
  return sizes;
}

function groupsOf(path: string): readonly Group[] {
  const store = RecordingStore.open(path, { write: false });
  const groups: Group[] = [];
  for (const bytes of store.groupsFrom(0)) {
    const group = parseGroup(bytes.slice());
    if (!group.ok) throw new Error(group.error.what);
    groups.push(group.value);
  }
  store.close();
  return groups;
}

/** All logs, one after the other. */
function recordAll(codec: Codec, logs: readonly (readonly Stretch[])[]): Sizes {
  const sum = { events: 0, raw: 0, deflated: 0 };
  for (const stretches of logs) {
    const sizes = record(codec, stretches);
    sum.events += sizes.events;
    sum.raw += sizes.raw;
    sum.deflated += sizes.deflated;
  }
  return sum;
}

function figuresOf(
  name: string,
  recordings: readonly (readonly Group[])[],
  rounds: number,
): readonly Figure[] {
  const logs = recordings.map((groups) => groups.map(stretchOf));
  const bare = withoutAuthority();
  const sizes = { with: recordAll(kernelCodec, logs), without: recordAll(bare, logs) };
  const costs = interleaved(rounds + COMPILING_ROUNDS, {
    with: () => cpuMillis(() => void recordAll(kernelCodec, logs)),
    without: () => cpuMillis(() => void recordAll(bare, logs)),
  });
  const what = `${sizes.with.events.toLocaleString("en")} events of ${name}, recorded by which capability`;
  const against = "the same log without that field";
  const bytes = (kind: "raw" | "deflated"): Pick<Figure, "samples" | "unit" | "against"> => ({
    against,
    unit: "x",
    samples: [sizes.with[kind] / sizes.without[kind]],
  });
  return [
    {
      what: `${what}: CPU time`,
      against,
      unit: "x",
      samples: ratios(costs.with, costs.without).slice(COMPILING_ROUNDS),
      floor: most(MOST_TIMES),
    },
    { what: `${what}: bytes of its groups, deflated`, ...bytes("deflated"), floor: most(MOST_TIMES) },
    { what: `${what}: bytes of its groups, as they are hashed`, ...bytes("raw"), floor: null },
  ];
}

export function measureAuthority({ rounds, isQuick, folder }: Scale): Measured {
  const recordings = recordReal(folder, isQuick).map(({ groups }) => groups);
  const real = figuresOf("real programs", recordings, rounds);
  const path = join(folder, "traffic");
  recordTraffic(path, isQuick ? 100_000 : 300_000);
  const traffic = figuresOf("processes that hand each other capabilities", [groupsOf(path)], rounds);
  return {
    figures: [...real, ...traffic],
    notes: [
      "Authority: each event is encoded, decoded from its bytes and folded, each group is hashed and deflated; once by the kernel's declarations, and once by the same without the field `by`.",
    ],
  };
}
