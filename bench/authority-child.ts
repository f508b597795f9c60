/** One contender of measure-authority.ts, in a process of its own: `with` or `without`, and the recordings. */
import { deflateRawSync } from "node:zlib";
import { ByteReader } from "../core/byte-reader.ts";
import { ByteWriter } from "../core/byte-writer.ts";
import { type EventCodec, makeEventCodec } from "../core/event-codec.ts";
import type { EventDeclarations } from "../core/event-schema.ts";
import { kernelCodec, type KernelEvent, kernelEvents, type KernelFact } from "../reducers/kernel-event.ts";
import { initialState } from "../reducers/kernel-state.ts";
import { Fold } from "../reducers/step.ts";
import { contextOf, GENESIS, type Group, parseGroup, sealGroup } from "../replay/group.ts";
import { RecordingStore } from "../replay/recording-store.ts";
import { cpuMillis } from "./rounds.ts";

const FIELD = "by";
/** The first rounds compile. */
const COMPILING_ROUNDS = 3;
/** Of so many rounds the one counts that was disturbed least. */
const COUNTED_ROUNDS = 5;

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

const [which, ...paths] = process.argv.slice(2);
const logs = paths.map((path) => groupsOf(path).map(stretchOf));
const codec = which === "with" ? kernelCodec : withoutAuthority();
for (let round = 0; round < COMPILING_ROUNDS; round += 1) recordAll(codec, logs);
let sizes = { events: 0, raw: 0, deflated: 0 };
let millis = Number.POSITIVE_INFINITY;
for (let round = 0; round < COUNTED_ROUNDS; round += 1) {
  const took = cpuMillis(() => {
    sizes = recordAll(codec, logs);
  });
  millis = Math.min(millis, took);
}
process.stdout.write(JSON.stringify({ ...sizes, millis }));
