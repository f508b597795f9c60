/**
 * Many processes that read and write files and hand each other capabilities, as fast as it can be made: requests are drawn, and the
 * kernel decides them. Each is of a group that shares an endpoint, and has a file, a budget and a table of its own.
 */
import { ByteWriter } from "../core/byte-writer.ts";
import { newCodecContext } from "../core/event-codec.ts";
import { allRightsOf } from "../core/object-rights.ts";
import { type Random, seededRandom } from "../core/random.ts";
import { allRights, directoryRights, right } from "../core/rights.ts";
import { peek, sizeOf } from "../core/table.ts";
import type { ObjectRef } from "../replay/authority/object-ref.ts";
import { addressOf, MACHINE, space } from "../reducers/capabilities/address.ts";
import type { Capability } from "../reducers/capabilities/capability-state.ts";
import { rowAt } from "../reducers/capabilities/slots.ts";
import { nextConsequence } from "../reducers/decide/consequences.ts";
import { decide } from "../reducers/decide/decide.ts";
import { derivedFact } from "../reducers/decide/derive-capability.ts";
import type { Request } from "../reducers/decide/request.ts";
import { freeOpen } from "../reducers/files/file-selectors.ts";
import { ROOT_INODE } from "../reducers/files/file-state.ts";
import { kernelCodec, type KernelFact } from "../reducers/kernel-event.ts";
import { initialState, type KernelState } from "../reducers/kernel-state.ts";
import { Fold } from "../reducers/step.ts";
import type { Batch } from "./synthetic-machine.ts";

/** What each process begins with, in this order of its slots; behind these lies what it comes to. */
const slots = { root: 0, budget: 1, endpoint: 2, file: 3, table: 4 } as const;
const FIRST_FREE = 5;
/** A process with so many capabilities deletes one before it makes another. */
const MOST_HELD = 40;
const GROUP_SIZE = 20;
const TURN_EVENTS = 200;
const DIGEST = 0xbeef;
const FILE_BYTES = 65_536;
const inheritable = allRights & ~(right.sockAccept | right.sockShutdown);
const fileRights = inheritable & ~right.fdReaddir;
const ALL = 2 ** 30 - 1;

export class CapabilityTraffic {
  readonly #processes: number;
  readonly #random: Random = seededRandom(11);
  readonly #fold = new Fold(initialState());
  readonly #context = newCodecContext();
  readonly #writer = new ByteWriter(1 << 16);
  #at = 0;
  #pid = 1;
  #turnEnd = 0;
  /** Objects that are there from the boot on: endpoints of groups, files and tables of processes. */
  readonly objects: ObjectRef[] = [];
  /** Events of the boot. */
  readonly bootCount: number;

  constructor(processes: number) {
    this.#processes = processes;
    this.#happen(0, { type: "machine/powered-on", wall: 1e15, clock: "virtual", version: 1, nameSeed: 7 });
    for (let group = 0; group < Math.ceil(processes / GROUP_SIZE); group += 1)
      this.objects.push(this.#make(0, addressOf(space.kept, MACHINE, group), "endpoint", 0));
    for (let pid = 1; pid <= processes; pid += 1) this.#start(pid);
    this.bootCount = this.#context.seq;
  }

  get state(): KernelState {
    return this.#fold.state;
  }

  /** Goes on for at least so many events. */
  batch(events: number): Batch {
    const { head } = this.#context;
    const end = this.#context.seq + events;
    while (this.#context.seq < end) this.#act();
    const body = this.#writer.view().slice();
    this.#writer.length = 0;
    return { body, streamBytes: this.#context.head - head };
  }

  #happen(pid: number, fact: KernelFact, call = -1): void {
    const event = kernelCodec.append(this.#writer, fact, this.#context, this.#at, -1, pid, call);
    this.#fold.apply(event);
    for (
      let next = nextConsequence(this.state, event);
      next !== null;
      next = nextConsequence(this.state, event)
    )
      this.#happen(0, next);
  }

  #make(pid: number, to: number, object: "endpoint" | "budget", detail: number): ObjectRef {
    const target = this.state.capabilities.nextObject;
    const paid = { by: 0, budget: 0, bytes: 256, label: "" };
    this.#happen(pid, {
      type: "object/created",
      to,
      object,
      target,
      rights: allRightsOf(object),
      detail,
      ...paid,
    });
    return { kind: object, id: target };
  }

  #start(pid: number): void {
    const guest = { program: "ab".repeat(32), name: "guest", args: [], environment: [], memoryPages: 1 };
    this.#happen(pid, { type: "process/started", ...guest });
    const clock = { slot: 0, object: "clock", target: 1, rights: 1, inheriting: 0, label: "" } as const;
    this.#happen(pid, { type: "capability/granted", ...clock });
    const open = freeOpen(this.state.files);
    this.#happen(pid, { type: "file/preopened", inode: ROOT_INODE, open });
    const root = { slot: slots.root, object: "file", target: open, rights: directoryRights } as const;
    this.#happen(pid, { type: "capability/granted", ...root, inheriting: inheritable, label: "/" });
    this.#make(pid, addressOf(space.process, pid, slots.budget), "budget", 1e9);
    this.#endow(pid);
    this.#pid = pid;
    const rights = { rights: fileRights, inheriting: fileRights, fdflags: 0 };
    this.objects.push({ kind: "file", id: this.state.files.nextInode });
    this.#ask(pid, {
      call: "path_open",
      fd: slots.root,
      path: `file-${pid}`,
      follow: true,
      oflags: 1,
      ...rights,
    });
    this.objects.push({ kind: "table", id: this.state.capabilities.nextObject });
    this.#ask(pid, { call: "table_create", fd: slots.budget });
  }

  /** Gives a process its group's endpoint. */
  #endow(pid: number): void {
    const address = addressOf(space.kept, MACHINE, Math.floor((pid - 1) / GROUP_SIZE));
    const capability = rowAt(this.state.capabilities, address) as Capability;
    const to = addressOf(space.process, pid, slots.endpoint);
    this.#happen(0, derivedFact({ address, capability }, { to, how: "copied" }));
  }

  /** Lets the kernel decide a request. What it refuses has not happened. */
  #ask(pid: number, request: Request, isAgain = false): boolean {
    const decision = decide(this.state, { pid, at: this.#at, since: this.#at, isAgain }, request);
    if (decision.kind !== "facts" && decision.kind !== "parked") return false;
    const last = decision.kind === "facts" ? decision.facts.length - 1 : -1;
    decision.facts.forEach((fact, index) => this.#happen(pid, fact, index === last ? DIGEST : -1));
    return true;
  }

  #act(): void {
    const random = this.#random;
    this.#at += random.below(12);
    if (this.#context.seq >= this.#turnEnd) {
      this.#pid = 1 + random.below(this.#processes);
      this.#turnEnd = this.#context.seq + TURN_EVENTS;
    }
    const pid = this.#pid;
    const kind = random.below(100);
    if (kind < 30)
      this.#ask(pid, {
        call: "fd_pwrite",
        fd: slots.file,
        size: 1 + random.below(64),
        offset: random.below(FILE_BYTES),
      });
    else if (kind < 55)
      this.#ask(pid, { call: "fd_pread", fd: slots.file, size: 64, offset: random.below(FILE_BYTES) });
    else if (kind < 65) this.#ask(pid, { call: "clock_time_get", clock: 1 });
    else if (this.#held(pid) < MOST_HELD) this.#derive(pid, random.below(100));
    else this.#ask(pid, { call: "cap_delete", fd: this.#slot(FIRST_FREE) });
  }

  #held(pid: number): number {
    const table = peek(this.state.capabilities.tables, pid);
    return table === null ? 0 : sizeOf(table.slots);
  }

  #slot(first: number): number {
    return first + this.#random.below(MOST_HELD + 2 - first);
  }

  /** Does something with one of its capabilities. */
  #derive(pid: number, kind: number): void {
    const fd = this.#slot(slots.endpoint);
    if (kind < 25)
      this.#ask(pid, {
        call: "cap_mint",
        fd,
        rights: 1 + this.#random.below(7),
        inheriting: 0,
        hasUnknown: false,
        badge: 0,
      });
    else if (kind < 40) this.#ask(pid, { call: "cap_copy", fd });
    else if (kind < 50)
      this.#ask(pid, { call: "table_store", fd: slots.table, index: this.#random.below(16), stored: fd });
    else if (kind < 60)
      this.#ask(pid, { call: "table_fetch", fd: slots.table, index: this.#random.below(16) });
    else if (kind < 85) this.#hand(pid, fd);
    else if (kind < 95) this.#ask(pid, { call: "cap_delete", fd: this.#slot(FIRST_FREE) });
    else if (kind < 98) this.#ask(pid, { call: "endpoint_create", fd: slots.budget });
    else this.#ask(pid, { call: "cap_revoke", fd: this.#slot(FIRST_FREE) });
  }

  /** Gives a capability to another one of its group. */
  #hand(pid: number, slot: number): void {
    const fd = slots.endpoint;
    const group = Math.floor((pid - 1) / GROUP_SIZE) * GROUP_SIZE;
    const other = Math.min(this.#processes, group + 1 + this.#random.below(GROUP_SIZE));
    const sending = { call: "ipc_send", fd, size: 0, mayWait: true, given: [{ slot, rights: ALL }] } as const;
    if (other === pid || !this.#ask(pid, sending)) return;
    this.#ask(other, { call: "ipc_receive", fd, mayWait: true, capacity: 0, slots: 1 });
    this.#ask(pid, sending, true);
  }
}
