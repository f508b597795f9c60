/**
 * A machine of many processes that read, write and name files, as fast as it can be made: requests are drawn, and the kernel
 * decides them, so every fact is one that a real machine could have logged. A process goes on for a while before the next has its turn.
 */
import { invariant } from "../core/assert.ts";
import { ByteWriter } from "../core/byte-writer.ts";
import { newCodecContext } from "../core/event-codec.ts";
import { type Random, seededRandom } from "../core/random.ts";
import { allRights, directoryRights, right } from "../core/rights.ts";
import { decide } from "../reducers/decide/decide.ts";
import { refusedFact } from "../reducers/decide/refused-fact.ts";
import type { Request } from "../reducers/decide/request.ts";
import { ROOT_INODE } from "../reducers/files/file-state.ts";
import { kernelCodec, type KernelFact } from "../reducers/kernel-event.ts";
import { initialState, type KernelState } from "../reducers/kernel-state.ts";
import { Fold } from "../reducers/step.ts";
import { freeOpen } from "../reducers/files/file-selectors.ts";

export interface SyntheticOptions {
  readonly seed: number;
  readonly processes: number;
  /** Names that each process makes and takes away in its own directory. */
  readonly filesEach: number;
  /** Bytes of a write: up to so many. */
  readonly writeBytes: number;
}

/** Events as the codec wrote them, and how many bytes of the stream they brought. */
export interface Batch {
  readonly body: Uint8Array;
  readonly streamBytes: number;
}

const ROOT_FD = 3;
/** A slice of some ten milliseconds, as schedulers give. */
const TURN_EVENTS = 2_000;
const OPEN_FILES = 8;
const FILE_BYTES = 65_536;
const BOOT_WALL_MICROS = 1_577_836_800_000_000;
const DIGEST = 0xbeef;
const inheritable = allRights & ~(right.sockAccept | right.sockShutdown);
const fileRights = inheritable & ~right.fdReaddir;

interface Descriptor {
  readonly fd: number;
  offset: number;
}

export class SyntheticMachine {
  readonly #options: SyntheticOptions;
  readonly #random: Random;
  readonly #fold = new Fold(initialState());
  readonly #context = newCodecContext();
  readonly #writer = new ByteWriter(1 << 16);
  readonly #descriptors: Descriptor[][] = [];
  readonly #asker = { pid: 0, at: 0, since: 0 };
  #at = 0;
  #pid = 1;
  #turnEnd = 0;

  constructor(options: SyntheticOptions) {
    this.#options = options;
    this.#random = seededRandom(options.seed);
    this.#happen(0, {
      type: "machine/powered-on",
      wall: BOOT_WALL_MICROS,
      clock: "host",
      version: 1,
      nameSeed: 7,
    });
    for (let pid = 1; pid <= options.processes; pid += 1) this.#start(pid);
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
  }

  #start(pid: number): void {
    this.#happen(pid, {
      type: "process/started",
      program: "ab".repeat(32),
      name: "guest",
      args: ["guest", String(pid)],
      environment: ["HOME=/"],
      memoryPages: 100,
    });
    for (const target of [0, 1, 2]) {
      const rights = right.fdRead | right.fdWrite;
      const console = { slot: target, object: "console", target, rights, inheriting: 0, label: "" } as const;
      this.#happen(pid, { type: "capability/granted", ...console });
    }
    const open = freeOpen(this.state.files);
    this.#happen(pid, { type: "file/preopened", inode: ROOT_INODE, open });
    const root = { slot: ROOT_FD, object: "file", target: open, rights: directoryRights } as const;
    this.#happen(pid, { type: "capability/granted", ...root, inheriting: inheritable, label: "/" });
    this.#pid = pid;
    this.#descriptors[pid] = [];
    this.#ask({ call: "path_create_directory", fd: ROOT_FD, path: `process-${pid}` });
  }

  /** Lets the kernel decide a request of the process whose turn it is. Whether it was granted. */
  #ask(request: Request): boolean {
    const asker = this.#asker;
    asker.pid = this.#pid;
    asker.at = this.#at;
    asker.since = this.#at;
    const decision = decide(this.state, asker, request);
    if (decision.kind === "refused") {
      this.#happen(this.#pid, refusedFact({ number: 0, request }, decision), DIGEST);
      return false;
    }
    invariant(decision.kind === "facts", "a machine without a host knows all that it is asked");
    const last = decision.facts.length - 1;
    decision.facts.forEach((fact, index) => this.#happen(this.#pid, fact, index === last ? DIGEST : -1));
    return true;
  }

  #act(): void {
    const random = this.#random;
    this.#at += random.below(12);
    if (this.#context.seq >= this.#turnEnd) {
      this.#pid = 1 + random.below(this.#options.processes);
      this.#turnEnd = this.#context.seq + TURN_EVENTS;
    }
    const own = this.#descriptors[this.#pid] as Descriptor[];
    if (own.length < 2) return this.#open(own);
    const descriptor = own[random.below(own.length)] as Descriptor;
    const kind = random.below(100);
    if (kind < 28) this.#write(descriptor);
    else if (kind < 54) this.#read(descriptor);
    else if (kind < 72) this.#ask({ call: "clock_time_get", clock: 1 });
    else if (kind < 78) this.#ask({ call: "fd_filestat_get", fd: descriptor.fd });
    else if (kind < 83) this.#seek(descriptor, random.below(FILE_BYTES));
    else if (kind < 88)
      this.#ask({ call: "path_filestat_get", fd: ROOT_FD, path: this.#path(), follow: true });
    else if (kind < 92) this.#close(own, descriptor);
    else if (kind < 96) this.#open(own);
    else if (kind < 97) this.#ask({ call: "path_unlink_file", fd: ROOT_FD, path: this.#path() });
    else if (kind < 98) this.#rename();
    else if (kind < 99) this.#ask({ call: "random_get", size: 16 });
    else this.#ask({ call: "fd_fdstat_get", fd: descriptor.fd });
  }

  #path(): string {
    return `process-${this.#pid}/file-${this.#random.below(this.#options.filesEach)}`;
  }

  #write(descriptor: Descriptor): void {
    const size = 1 + this.#random.below(this.#options.writeBytes);
    if (descriptor.offset + size > FILE_BYTES) return this.#seek(descriptor, 0);
    if (this.#ask({ call: "fd_write", fd: descriptor.fd, size })) descriptor.offset += size;
  }

  #read(descriptor: Descriptor): void {
    this.#ask({ call: "fd_pread", fd: descriptor.fd, size: 64, offset: this.#random.below(FILE_BYTES) });
  }

  #seek(descriptor: Descriptor, offset: number): void {
    if (this.#ask({ call: "fd_seek", fd: descriptor.fd, offset, whence: 0 })) descriptor.offset = offset;
  }

  #open(own: Descriptor[]): void {
    if (own.length >= OPEN_FILES) return this.#close(own, own[0] as Descriptor);
    const fd = this.#freeSlot(own);
    const path = this.#path();
    const rights = { rights: fileRights, inheriting: fileRights, fdflags: 0 } as const;
    if (this.#ask({ call: "path_open", fd: ROOT_FD, path, follow: true, oflags: 1, ...rights }))
      own.push({ fd, offset: 0 });
  }

  #freeSlot(own: readonly Descriptor[]): number {
    let slot = ROOT_FD + 1;
    while (own.some(({ fd }) => fd === slot)) slot += 1;
    return slot;
  }

  #close(own: Descriptor[], descriptor: Descriptor): void {
    if (this.#ask({ call: "fd_close", fd: descriptor.fd })) own.splice(own.indexOf(descriptor), 1);
  }

  #rename(): void {
    this.#ask({ call: "path_rename", fd: ROOT_FD, path: this.#path(), toFd: ROOT_FD, toPath: this.#path() });
  }
}
