/**
 * A machine that is brought to a state by facts alone, for tests: facts are encoded, decoded and folded, as a recording would have
 * it, so a state that no log can lead to cannot be built. It has one program, pid 1, with the three console streams and, in
 * slot 3, the root of the machine's own file system as "/".
 */
import { ByteReader } from "../core/byte-reader.ts";
import { ByteWriter } from "../core/byte-writer.ts";
import { invariant } from "../core/assert.ts";
import { newCodecContext } from "../core/event-codec.ts";
import { allRights, directoryRights, right } from "../core/rights.ts";
import { capabilityIn, freeSlot } from "./capabilities/capability-selectors.ts";
import { mayLeadOn, nextConsequence } from "./decide/consequences.ts";
import { mayBeUrgent, nextUrgent } from "./decide/urgent-consequences.ts";
import { decide } from "./decide/decide.ts";
import type { Decision } from "./decide/decision.ts";
import type { Request } from "./decide/request.ts";
import { ROOT_INODE } from "./files/file-state.ts";
import { fileType } from "./hosts/host-event.ts";
import { kernelCodec, type KernelEvent, type KernelFact } from "./kernel-event.ts";
import { initialState, type KernelState } from "./kernel-state.ts";
import { Fold } from "./step.ts";
import { freeOpen } from "./files/file-selectors.ts";

/** 2020-01-01T00:00Z. */
export const BOOT_WALL_MICROS = 1_577_836_800_000_000;
/** The slot that holds the root of the machine's own file system. */
export const ROOT_FD = 3;
export const PID = 1;
const NAME_SEED = 7;
const streamRights = right.fdFdstatSetFlags | right.fdFilestatGet | right.pollFdReadwrite;
const inheritable = allRights & ~(right.sockAccept | right.sockShutdown);

type Listed = readonly [name: string, kind: number];
type NodeExamined = Extract<KernelFact, { type: "host/node-examined" }>;

export class ScriptedMachine {
  readonly #fold = new Fold(initialState());
  readonly #written = newCodecContext();
  readonly #read = newCodecContext();
  /** The seqs of events that may be urgent. */
  readonly #urgent = new Set<number>();
  /** All that happened. */
  readonly events: KernelEvent[] = [];
  /** Kernel time of what happens next. */
  at = 0;

  get state(): KernelState {
    return this.#fold.state;
  }

  snapshot(): KernelState {
    return this.#fold.snapshot();
  }

  /** Facts that answer no call, of a process or of the machine itself; then all that has to follow from any of them. */
  happen(pid: number, ...facts: readonly KernelFact[]): KernelEvent {
    const happened = facts.map((fact) => this.#append(pid, fact, -1));
    happened.forEach((event) => this.#followUp(event));
    const last = happened[happened.length - 1];
    invariant(last !== undefined, "something happened");
    return last;
  }

  ask(request: Request, since = this.at): Decision {
    return this.askAs(PID, request, since);
  }

  askAs(pid: number, request: Request, since = this.at, isAgain = false): Decision {
    return decide(this.state, { pid, at: this.at, since, isAgain }, request);
  }

  /** Asks, and lets happen what was decided; the event that answers. */
  perform(request: Request): KernelEvent {
    return this.performAs(PID, request);
  }

  performAs(pid: number, request: Request): KernelEvent {
    const decision = this.askAs(pid, request);
    invariant(decision.kind === "facts", `${request.call} happens: ${JSON.stringify(decision)}`);
    return this.carryOut(pid, decision.facts, decision.before);
  }

  /** Lets happen what was decided, and what has to follow; the event that answers. */
  carryOut(
    pid: number,
    decided: readonly KernelFact[],
    before: readonly { readonly pid: number; readonly fact: KernelFact }[] = [],
  ): KernelEvent {
    const happened = before.map((other) => this.#append(other.pid, other.fact, -1));
    decided.slice(0, -1).forEach((fact) => happened.push(this.#append(pid, fact, -1)));
    const answer = this.#append(pid, decided[decided.length - 1] as KernelFact, 0xbeef);
    [...happened, answer].forEach((event) => this.#followUp(event));
    return answer;
  }

  #append(pid: number, fact: KernelFact, call: number, cause = -1): KernelEvent {
    if (mayBeUrgent(this.state, fact)) this.#urgent.add(this.state.seq);
    const writer = new ByteWriter(64);
    kernelCodec.append(writer, fact, this.#written, this.at, cause, pid, call);
    const event = kernelCodec.decode(new ByteReader(writer.view()), this.#read);
    this.#fold.apply(event);
    this.events.push(event);
    return event;
  }

  #followUp(event: KernelEvent): void {
    if (mayLeadOn(event))
      for (
        let next = nextConsequence(this.state, event);
        next !== null;
        next = nextConsequence(this.state, event)
      )
        this.#followUp(this.#append(0, next, -1, event.seq));
    if (this.#urgent.has(event.seq))
      for (let next = nextUrgent(this.state, event); next !== null; next = nextUrgent(this.state, event))
        this.#followUp(this.#append(next.pid, next.fact, -1, event.seq));
  }

  /** Opens a path below slot 3 with all rights; the new slot. */
  open(path: string, oflags = 0, rights = inheritable, fdflags = 0): number {
    const inheriting = inheritable;
    const event = this.perform({
      call: "path_open",
      fd: ROOT_FD,
      path,
      follow: true,
      oflags,
      rights,
      inheriting,
      fdflags,
    });
    invariant(event.type === "file/opened", "an opened path is open");
    return event.slot;
  }

  openDirectory(path: string): number {
    return this.open(path, 2, directoryRights);
  }

  /** A new file with that many bytes in one piece; its slot. */
  file(path: string, size = 0): number {
    const fd = this.open(path, 1, inheritable & ~right.fdReaddir);
    if (size > 0) this.perform({ call: "fd_pwrite", fd, size, offset: 0 });
    return fd;
  }

  directory(path: string): void {
    this.perform({ call: "path_create_directory", fd: ROOT_FD, path });
  }

  symlink(target: string, path: string): void {
    this.perform({ call: "path_symlink", target, fd: ROOT_FD, path });
  }

  /** The inode that a path below slot 3 leads to; a link at the end is not followed. */
  inodeOf(path: string): number {
    const event = this.perform({ call: "path_filestat_get", fd: ROOT_FD, path, follow: false });
    invariant(event.type === "file/examined", "a path that was examined leads to an inode");
    return event.inode;
  }

  /** Mounts a directory of the host and grants it; its slot. Nothing is known of what is in it. */
  mount(mode: "write-through" | "read-only" | "copy" = "write-through", path = "/host"): number {
    const inode = this.state.files.nextInode;
    const open = freeOpen(this.state.files);
    this.happen(0, { type: "host/mounted", mount: inode, inode, path, mode });
    this.happen(0, hostNode({ inode, directory: 0, name: "", kind: fileType.directory }));
    this.happen(PID, { type: "file/preopened", inode, open });
    return this.grantFile(open, directoryRights, inheritable, "/host");
  }

  rightsOf(slot: number): number {
    return capabilityIn(this.state.capabilities, PID, slot)?.rights ?? 0;
  }

  grantFile(open: number, rights: number, inheriting: number, label: string): number {
    const slot = this.freeSlot();
    this.happen(PID, {
      type: "capability/granted",
      slot,
      object: "file",
      target: open,
      rights,
      inheriting,
      label,
    });
    return slot;
  }

  grant(object: "console" | "pipe-reader" | "pipe-writer" | "null", target: number, rights: number): number {
    const slot = this.freeSlot();
    this.happen(PID, { type: "capability/granted", slot, object, target, rights, inheriting: 0, label: "" });
    return slot;
  }

  freeSlot(): number {
    return freeSlot(this.state.capabilities, PID);
  }

  /** The host says all names of a directory. The inode of the first. */
  list(inode: number, ...entries: readonly Listed[]): number {
    const firstInode = this.state.files.nextInode;
    const names = entries.map(([name]) => name);
    const kinds = entries.map(([, kind]) => kind);
    this.happen(0, { type: "host/directory-listed", inode, firstInode, names, kinds, complete: true });
    return firstInode;
  }
}

/** What the host says of a node; nothing but its place and kind need be told. */
export const hostNode = (
  node: Pick<NodeExamined, "inode" | "directory" | "name" | "kind"> & Partial<NodeExamined>,
): NodeExamined => ({
  type: "host/node-examined",
  size: 0,
  readable: true,
  writable: "yes",
  accessedSeconds: 0,
  accessedNanos: 0,
  modifiedSeconds: 0,
  modifiedNanos: 0,
  changedSeconds: 0,
  changedNanos: 0,
  target: "",
  ...node,
});

/** Clocks, timers and entropy, for a process that is there. */
export function grantServices(machine: ScriptedMachine, pid: number): void {
  const granted = { type: "capability/granted", slot: 0, rights: 1, inheriting: 0, label: "" } as const;
  machine.happen(
    pid,
    { ...granted, object: "clock", target: 0 },
    { ...granted, object: "clock", target: 1 },
    { ...granted, object: "timers", target: 0 },
    { ...granted, object: "entropy", target: 0 },
  );
}

/** A machine that is on, with its program started; without turns, unless they are asked for. */
export function scriptedMachine(hasTurns = false): ScriptedMachine {
  const machine = new ScriptedMachine();
  const wall = BOOT_WALL_MICROS;
  machine.happen(0, { type: "machine/powered-on", wall, clock: "virtual", version: 1, nameSeed: NAME_SEED });
  if (hasTurns) machine.happen(0, { type: "scheduler/configured", quantum: 100, seed: 1, transform: 1 });
  machine.happen(PID, {
    type: "process/started",
    program: "ab".repeat(32),
    name: "guest",
    args: ["guest", "one", "zwölf"],
    environment: ["HOME=/"],
    memoryPages: 100,
  });
  machine.grant("console", 0, streamRights | right.fdRead);
  machine.grant("console", 1, streamRights | right.fdWrite);
  machine.grant("console", 2, streamRights | right.fdWrite);
  const open = freeOpen(machine.state.files);
  machine.happen(PID, { type: "file/preopened", inode: ROOT_INODE, open });
  machine.grantFile(open, directoryRights, inheritable, "/");
  grantServices(machine, PID);
  return machine;
}
