/**
 * A machine of several processes without programs, that make the calls that were drawn, of WASI and of the module `foldos`, in any order:
 * a live kernel on a log in memory. Each has streams, both ends of pipes, the machine's own root, and a memory budget.
 */
import { addressOf, space } from "../../reducers/capabilities/address.ts";
import { capabilityIn, freeSlot } from "../../reducers/capabilities/capability-selectors.ts";
import { allRights, directoryRights, right } from "../../core/rights.ts";
import { allRightsOf, type ObjectKind } from "../../core/object-rights.ts";
import { get, peek, rowsOf } from "../../core/table.ts";
import type { FoldosRequest } from "../../reducers/decide/foldos-request.ts";
import { freeOpen } from "../../reducers/files/file-selectors.ts";
import { initialState, type KernelState } from "../../reducers/kernel-state.ts";
import type { KernelEvent } from "../../reducers/kernel-event.ts";
import { forStreams } from "../../machine/boot.ts";
import type { LiveKernel } from "../../machine/live-kernel.ts";
import type { CallSpec, Pick } from "./call-spec.ts";
import { encodeCall } from "./encode-call.ts";
import { GuestDriver, type RawCall } from "./guest-driver.ts";
import { MemoryLog } from "./memory-log.ts";
import { modelDevices, modelKernel } from "./model-machine.ts";

export const ROOT_INODE = 1;
const BUDGET_BYTES = 20_000;
const PIPES = 3;

export type HistoryStep =
  | { readonly pid: number; readonly do: "wasi"; readonly call: CallSpec }
  /** Slots in the request stand for the nth that are held. */
  | { readonly pid: number; readonly do: "foldos"; readonly request: FoldosRequest }
  /** Makes the call as it is. */
  | { readonly pid: number; readonly do: "raw"; readonly raw: RawCall };

export interface HistoryRun {
  readonly log: MemoryLog;
  readonly events: readonly KernelEvent[];
  readonly state: KernelState;
}

export class HistoryMachine {
  readonly log = new MemoryLog();
  readonly live: LiveKernel;
  readonly #drivers: readonly GuestDriver[];

  constructor(processes: number) {
    this.live = modelKernel(this.log, modelDevices(), initialState());
    for (let pipe = 1; pipe <= PIPES; pipe += 1) this.live.record(0, { type: "pipe/created", pipe });
    for (let pid = 1; pid <= processes; pid += 1) this.#start(pid);
    this.#drivers = Array.from({ length: processes }, (_, index) => new GuestDriver(this.live, index + 1));
  }

  #start(pid: number): void {
    const { live } = this;
    const nothing = { args: [`p${pid}`], environment: [], memoryPages: 1 };
    live.record(pid, { type: "process/started", program: "0".repeat(64), name: `p${pid}`, ...nothing });
    const grant = (
      object: "console" | "pipe-reader" | "pipe-writer",
      target: number,
      mayWrite: boolean,
    ): void =>
      void live.record(pid, {
        type: "capability/granted",
        slot: freeSlot(live.state.capabilities, pid),
        object,
        target,
        rights: forStreams | (mayWrite ? right.fdWrite : right.fdRead),
        inheriting: 0,
        label: "",
      });
    grant("console", 1, true);
    for (let pipe = 1; pipe <= PIPES; pipe += 1) {
      grant("pipe-writer", pipe, true);
      grant("pipe-reader", pipe, false);
    }
    const open = freeOpen(live.state.files);
    live.record(pid, { type: "file/preopened", inode: ROOT_INODE, open });
    live.record(pid, {
      type: "capability/granted",
      slot: freeSlot(live.state.capabilities, pid),
      object: "file",
      target: open,
      rights: directoryRights,
      inheriting: allRights,
      label: "/",
    });
    live.record(pid, {
      type: "object/created",
      by: 0,
      to: addressOf(space.process, pid, freeSlot(live.state.capabilities, pid)),
      object: "budget",
      target: live.state.capabilities.nextObject,
      rights: allRightsOf("budget"),
      budget: 0,
      bytes: 0,
      label: "memory",
      detail: BUDGET_BYTES,
    });
  }

  get state(): KernelState {
    return this.live.state;
  }

  /** What a pick stands for among what a process holds; 77 where there is none of the kind. */
  #slotOf(pid: number, [kind, n]: Pick): number {
    if (kind === "number") return n;
    const held: number[] = [];
    const table = peek(this.state.capabilities.tables, pid);
    for (const [slot, { object, target }] of table === null ? [] : rowsOf(table.slots)) {
      const isDirectory =
        object === "file" &&
        get(this.state.files.inodes, get(this.state.files.opens, target).inode).entries !== null;
      if (kind === "any" || (object === "file" && (kind === "directory") === isDirectory)) held.push(slot);
    }
    return held[n % Math.max(1, held.length)] ?? 77;
  }

  #lives(pid: number): boolean {
    return peek(this.state.processes.rows, pid)?.exitCode === -1;
  }

  /** Does one step. The event that answers; null if it has to wait, or if the process has ended. */
  perform(step: HistoryStep): KernelEvent | null {
    const { pid } = step;
    if (!this.#lives(pid)) return null;
    const driver = this.#drivers[pid - 1] as GuestDriver;
    if (step.do === "foldos") {
      const call = { ...driver.judge(NOTHING), request: this.#picked(pid, step.request), digest: 7 };
      return this.live.tryAnswer(call, -1);
    }
    const raw = step.do === "raw" ? step.raw : encodeCall(step.call, (pick) => this.#slotOf(pid, pick));
    return driver.ask(raw, (call) => this.live.tryAnswer(call, -1));
  }

  /** The nth slot of those that hold such an object; of all that are held where there is none, and now and then anyway. */
  #slotOfKind(pid: number, kind: ObjectKind | undefined, n: number): number {
    const table = peek(this.state.capabilities.tables, pid);
    const rows = table === null ? [] : [...rowsOf(table.slots)];
    const meant = rows.filter(([, { object }]) => object === kind);
    const among = meant.length === 0 || n % 7 === 6 ? rows : meant;
    return among[n % Math.max(1, among.length)]?.[0] ?? 77;
  }

  /** A request with the slots that its numbers stand for, and mostly with no more rights than are there to be had. */
  #picked(pid: number, request: FoldosRequest): FoldosRequest {
    const picked: Record<string, unknown> = { ...request };
    const kinds: Partial<Record<string, ObjectKind>> = { ...otherKinds, fd: kindOf[request.call] };
    for (const field of slotFields)
      if (typeof picked[field] === "number")
        picked[field] = this.#slotOfKind(pid, kinds[field], picked[field]);
    const row = capabilityIn(this.state.capabilities, pid, picked["fd"] as number);
    if ("inheriting" in request && row !== null && request.rights % 5 !== 0) {
      picked["rights"] = request.rights & row.rights;
      picked["inheriting"] = request.inheriting & row.inheriting;
    }
    return picked as unknown as FoldosRequest;
  }

  run(): HistoryRun {
    return { log: this.log, events: this.log.decoded(), state: this.state };
  }
}

/** What calls are made through that are made through something of their own. */
const kindOf: Partial<Record<FoldosRequest["call"], ObjectKind>> = {
  table_create: "budget",
  brand_create: "budget",
  membrane_create: "budget",
  budget_split: "budget",
  budget_examine: "budget",
  table_fetch: "table",
  table_store: "table",
  cap_seal: "brand",
  cap_unseal: "brand",
  cap_wrap: "membrane",
};
const otherKinds: Partial<Record<string, ObjectKind>> = { budget: "budget", box: "box" };
const slotFields = ["fd", "stored", "sealed", "budget", "box", "wrapped"] as const;
/** `sched_yield`, to have a call of. */
const NOTHING: RawCall = { number: 45, args: [], inputs: [], outputBytes: 0 };

export function runHistory(processes: number, steps: readonly HistoryStep[]): HistoryRun {
  const machine = new HistoryMachine(processes);
  for (const step of steps) machine.perform(step);
  return machine.run();
}
