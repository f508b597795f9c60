/** A recording for tests, made without a machine: one process that creates, writes, reads and removes files as a seed has it. */
import { writeFileSync } from "node:fs";
import { ByteWriter } from "../core/byte-writer.ts";
import { newCodecContext } from "../core/event-codec.ts";
import { allRights } from "../core/rights.ts";
import { rowsOf } from "../core/table.ts";
import { type Random, seededRandom } from "../core/random.ts";
import { freeSlot } from "../reducers/capabilities/capability-selectors.ts";
import { ROOT_INODE } from "../reducers/files/file-state.ts";
import { kernelCodec, type KernelFact } from "../reducers/kernel-event.ts";
import { initialState, type KernelState } from "../reducers/kernel-state.ts";
import { Fold } from "../reducers/step.ts";
import { hex, sha256 } from "./hash.ts";
import { Recorder } from "./recorder.ts";
import { RecordingStore } from "./recording-store.ts";
import { freeOpen } from "../reducers/files/file-selectors.ts";

interface SampleOptions {
  readonly events: number;
  readonly seed: number;
  /** Events of a group. */
  readonly groupEvents: number;
  readonly keyframeEvents: number;
}

const PID = 1;
const program = new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);
const sha = hex(sha256(program));
const boot: readonly KernelFact[] = [
  { type: "machine/powered-on", wall: 1e15, clock: "virtual", version: 1, nameSeed: 3 },
  {
    type: "process/started",
    program: sha,
    name: "sample",
    args: ["sample"],
    environment: [],
    memoryPages: 16,
  },
  { type: "file/preopened", inode: ROOT_INODE, open: 1 },
  {
    type: "capability/granted",
    slot: 0,
    object: "file",
    target: 1,
    rights: allRights,
    inheriting: allRights,
    label: "/",
  },
];

/** Writes the recording and leaves it open for reading. */
export function sampleRecording(path: string, options: SampleOptions): RecordingStore {
  const store = RecordingStore.create(path, "none");
  writeFileSync(store.programPath(sha), program);
  store.setNote("run", {
    devices: { clock: "virtual", seed: null, nameSeed: 3 },
    durability: "group",
    keyframeEvents: options.keyframeEvents,
    inputFile: null,
  });
  const recorder = new Recorder({ store, state: initialState(), keyframeEvents: options.keyframeEvents });
  const fold = new Fold(initialState());
  const random = seededRandom(options.seed);
  const context = newCodecContext();
  while (fold.state.seq < options.events) {
    const writer = new ByteWriter();
    const bytes = new ByteWriter();
    const end = Math.min(options.events, fold.state.seq + options.groupEvents);
    while (fold.state.seq < end) {
      const fact = boot[fold.state.seq] ?? nextFact(fold.state, random);
      if (fact.type === "file/written") bytes.raw(new Uint8Array(fact.length).fill(fold.state.seq));
      fold.apply(kernelCodec.append(writer, fact, context, fold.state.at + random.below(50), -1, PID, -1));
    }
    recorder.append(writer.view().slice(), () => (bytes.length === 0 ? [] : [bytes.view().slice()]));
  }
  return store;
}

function nextFact(state: KernelState, random: Random): KernelFact {
  const { files, capabilities } = state;
  const opens = [...rowsOf(files.opens)].filter(([open]) => open !== 1);
  const picked = opens[random.below(Math.max(1, opens.length))];
  switch (random.below(6)) {
    case 0:
      return {
        type: "file/created",
        by: 3,
        directory: ROOT_INODE,
        name: `file-${files.nextInode}`,
        inode: files.nextInode,
      };
    case 1: {
      const inode = ROOT_INODE + 1 + random.below(Math.max(1, files.nextInode - ROOT_INODE - 1));
      if (files.nextInode === ROOT_INODE + 1) return { type: "clock/read", by: 0, clock: 0 };
      const rights = { rights: allRights, inheriting: allRights, flags: 0 };
      return {
        type: "file/opened",
        by: 3,
        from: 0,
        slot: freeSlot(capabilities, PID),
        inode,
        open: freeOpen(files),
        ...rights,
      };
    }
    case 2: {
      if (picked === undefined || opens.length < 4) return { type: "process/yielded" };
      const slot = slotOf(state, picked[0]);
      return { type: "capability/closed", by: slot.id, slot: slot.slot, object: "file", target: picked[0] };
    }
    case 3:
    case 4: {
      if (picked === undefined) return { type: "clock/read", by: 0, clock: 1 };
      const { id } = slotOf(state, picked[0]);
      const length = 1 + random.below(200);
      return {
        type: "file/written",
        by: id,
        open: picked[0],
        offset: picked[1].position,
        position: state.head,
        length,
      };
    }
    default:
      return { type: "clock/read", by: 0, clock: 1 };
  }
}

function slotOf(state: KernelState, open: number): { readonly slot: number; readonly id: number } {
  for (const [, { slots }] of rowsOf(state.capabilities.tables)) {
    for (const [slot, { id, target }] of rowsOf(slots)) if (target === open) return { slot, id };
  }
  throw new RangeError(`open file ${open} has a descriptor`);
}
