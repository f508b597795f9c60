/** Machines that were recorded with images, looked into and run again from any of them. */
import { get } from "../../core/table.ts";
import type { GuestImage } from "../../guests/pauses.ts";
import { Turns } from "../../guests/take-turns.ts";
import { lookInto } from "../../machine/look-into.ts";
import type { GuestAsk, GuestLook } from "../../machine/messages.ts";
import { initialState, type KernelState } from "../../reducers/kernel-state.ts";
import { ImageChecker } from "../../replay/image-checker.ts";
import { ImageReader } from "../../replay/image-reader.ts";
import type { StoredKeyframe } from "../../replay/keyframe-record.ts";
import type { GuestNodes } from "../../replay/machine-image.ts";
import { Diverged, ReplayKernel } from "../../replay/replay-kernel.ts";
import { ReplayTurns } from "../../replay/replay-turns.ts";
import { StateLoader } from "../../replay/state-loader.ts";
import { StreamReader } from "../../replay/stream-reader.ts";
import { guestOfSha, runTurning, type ShortMachine, type TurningRun } from "../model/disturbed-machine.ts";
import type { MemoryStore } from "../model/memory-store.ts";
import { demandEqual } from "../laws/law.ts";

/** A machine that was recorded with images at some of the places where guests rest. */
export function imagedRun(of: ShortMachine, every: number): TurningRun {
  return runTurning(of, { rests: "turns", every, image: "taken" });
}

export const imagesIn = ({ store }: TurningRun): readonly StoredKeyframe[] =>
  [...store.asStore.keyframesFrom(0)].filter(({ image }) => image !== null);

export interface Begun {
  readonly from: KernelState;
  readonly images: Map<number, GuestImage>;
  readonly nodes: ReadonlyMap<number, GuestNodes>;
}

export const FROM_THE_START: Begun = { from: initialState(), images: new Map(), nodes: new Map() };

export function begunAt({ asStore }: MemoryStore, keyframe: StoredKeyframe): Begun {
  const read = new ImageReader(asStore).read(keyframe);
  const images = new Map([...read].map(([pid, { image }]) => [pid, image] as const));
  const nodes = new Map([...read].map(([pid, guest]) => [pid, guest.nodes] as const));
  return { from: new StateLoader(asStore).keyframeState(keyframe.seq), images, nodes };
}

export const guestIn =
  (kernel: { readonly state: KernelState }) =>
  (pid: number): ReturnType<typeof guestOfSha> =>
    guestOfSha(get(kernel.state.processes.rows, pid).program);

/** The least memory that a program of this folder has. */
export const SEEN_BYTES = 2 * 65_536;

export interface GuestMoment {
  readonly event: number;
  readonly ticks: number;
  readonly pid: number;
}

/** What is seen of a guest at a moment: the beginning of its memory, and its stack, or why it cannot be seen. */
export function look(store: MemoryStore, begun: Begun, moment: GuestMoment): GuestLook {
  const { asStore } = store;
  const { from, images } = begun;
  const replay = new ReplayKernel(asStore, new StreamReader(asStore), () => {}, { from, isVisited: true });
  const { pid } = moment;
  const asks: readonly GuestAsk[] = [
    { kind: "memory", pid, address: 0, length: SEEN_BYTES },
    { kind: "stack", pid },
  ];
  return lookInto(
    { ...moment, isAlone: false, asks },
    replay,
    (kernel, pauses) => new Turns(kernel, guestIn(kernel), { pauses, images }),
  );
}

/** Runs a recording again over its log, from the start or from one of its images, and compares it with all images behind. */
export function replayed(run: TurningRun, begun: Begun): void {
  const { asStore } = run.store;
  const replay = new ReplayKernel(asStore, new StreamReader(asStore), () => {}, { from: begun.from });
  const kernel = new ReplayTurns(replay, (): number => turns.ticks);
  const pauses = new ImageChecker(replay, begun.nodes);
  const turns: Turns = new Turns(kernel, guestIn(kernel), { pauses, images: begun.images });
  const stopped = turns.run();
  if (stopped instanceof Diverged)
    throw new Error(`at event ${stopped.divergence.seq}: ${stopped.divergence.got}`);
  replay.drain();
  demandEqual(replay.state.seq, run.log.eventCount, "events that were run again");
  pauses.judgeEnd();
}
