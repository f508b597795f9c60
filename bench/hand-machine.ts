/**
 * The peer of the fold: the same changes of state, written by hand as one would without events, snapshots or ownership: mutable
 * classes, maps and arrays.
 */
import { cutChunk, overlay } from "../reducers/files/chunk.ts";
import { CHUNK_BYTES } from "../reducers/files/file-state.ts";
import { fileType } from "../reducers/hosts/host-event.ts";

const MICROS = 1_000_000;
const SECONDS_PER_DAY = 86_400;

interface Entry {
  inode: number;
  kind: number;
}

export interface HandName {
  readonly directory: number;
  readonly name: string;
}

export class HandInode {
  names: HandName[] = [];
  opens = 0;
  size = 0;
  accessedSeconds = 0;
  accessedNanos = 0;
  modifiedSeconds = 0;
  modifiedNanos = 0;
  changedSeconds = 0;
  changedNanos = 0;
  readonly chunks = new Map<number, number[]>();
  readonly entries: Map<string, Entry> | null;
  isListed = false;
  target = "";
  hostSize = 0;
  origin = "";
  readable = true;
  writable = true;
  fault = 0;
  readonly kind: number;
  readonly mount: number;

  constructor(kind: number, mount: number) {
    this.kind = kind;
    this.mount = mount;
    this.entries = kind === fileType.directory ? new Map() : null;
    this.isListed = mount === 0;
  }

  modified(micros: number): void {
    this.changed(micros);
    this.modifiedSeconds = this.changedSeconds;
    this.modifiedNanos = this.changedNanos;
  }

  changed(micros: number): void {
    this.changedSeconds = Math.floor(micros / MICROS);
    this.changedNanos = (micros - this.changedSeconds * MICROS) * 1000;
  }

  /** As relatime. */
  read(micros: number): void {
    const seconds = Math.floor(micros / MICROS);
    const isStale =
      this.accessedSeconds < this.modifiedSeconds ||
      (this.accessedSeconds === this.modifiedSeconds && this.accessedNanos <= this.modifiedNanos) ||
      seconds - this.accessedSeconds >= SECONDS_PER_DAY;
    if (!isStale) return;
    this.accessedSeconds = seconds;
    this.accessedNanos = (micros - seconds * MICROS) * 1000;
  }

  place(offset: number, position: number, length: number): void {
    for (let done = 0; done < length; ) {
      const number = Math.floor((offset + done) / CHUNK_BYTES);
      const start = offset + done - number * CHUNK_BYTES;
      const part = Math.min(length - done, CHUNK_BYTES - start);
      const known = this.chunks.get(number);
      if (known === undefined) this.chunks.set(number, [start, position + done, part]);
      else this.chunks.set(number, overlay(known, start, position + done, part));
      done += part;
    }
    if (length > 0 && offset + length > this.size) this.size = offset + length;
  }

  fill(offset: number, position: number, length: number): void {
    for (let done = 0; done < length; done += CHUNK_BYTES) {
      const number = (offset + done) / CHUNK_BYTES;
      if (!this.chunks.has(number))
        this.chunks.set(number, [0, position + done, Math.min(CHUNK_BYTES, length - done)]);
    }
  }

  resize(size: number): void {
    if (size < this.size) {
      const whole = Math.floor(size / CHUNK_BYTES);
      const rest = size - whole * CHUNK_BYTES;
      for (const number of this.chunks.keys())
        if (number >= whole + (rest > 0 ? 1 : 0)) this.chunks.delete(number);
      const last = rest === 0 ? undefined : this.chunks.get(whole);
      if (last !== undefined) this.chunks.set(whole, cutChunk(last, rest));
      this.hostSize = Math.min(this.hostSize, size);
    }
    this.size = size;
  }
}

class HandOpen {
  position = 0;
  flags: number;
  readonly inode: number;
  constructor(inode: number, flags: number) {
    this.inode = inode;
    this.flags = flags;
  }
}

interface HandCapability {
  readonly id: number;
  readonly object: string;
  readonly target: number;
  rights: number;
  inheriting: number;
  readonly parent: number;
  readonly label: string;
}

interface HandProcess {
  status: "running" | "waiting" | "exited" | "trapped" | "killed";
  exitCode: number;
  waitsUntil: number;
  readonly args: readonly string[];
}

/** The parts that events change. */
export class HandMachine {
  seq = 0;
  at = 0;
  head = 0;
  wallBase = 0;
  drawnBytes = 0;
  outputBytes = 0;
  inputBytes = 0;
  nextInode = 2;
  readonly inodes = new Map<number, HandInode>([[1, new HandInode(fileType.directory, 0)]]);
  readonly opens = new Map<number, HandOpen>();
  readonly mounts = new Map<number, { readonly inode: number; readonly isCopy: boolean }>();
  readonly slots: (HandCapability | undefined)[][] = [];
  readonly processes: (HandProcess | undefined)[] = [];

  inode(id: number): HandInode {
    return this.inodes.get(id) as HandInode;
  }

  open(id: number): HandOpen {
    return this.opens.get(id) as HandOpen;
  }

  written(open: number, offset: number, position: number, length: number, moves: boolean): void {
    const file = this.open(open);
    const inode = this.inode(file.inode);
    inode.place(offset, position, length);
    inode.modified(this.wallBase + this.at);
    if (moves) file.position = offset + length;
    this.takeBytes(position, length);
  }

  takeBytes(position: number, length: number): void {
    if (position + length > this.head) this.head = position + length;
  }

  read(open: number, offset: number, length: number, moves: boolean): void {
    const file = this.open(open);
    if (moves && length > 0) file.position = offset + length;
    this.inode(file.inode).read(this.wallBase + this.at);
  }

  created(kind: number, link: HandName, id: number, target: string): void {
    const micros = this.wallBase + this.at;
    const parent = this.inode(link.directory);
    const inode = new HandInode(kind, parent.mount);
    inode.names.push(link);
    inode.isListed = true;
    inode.target = target;
    inode.modified(micros);
    inode.accessedSeconds = inode.modifiedSeconds;
    inode.accessedNanos = inode.modifiedNanos;
    this.inodes.set(id, inode);
    parent.entries?.set(link.name, { inode: id, kind });
    parent.modified(micros);
    if (id >= this.nextInode) this.nextInode = id + 1;
  }

  linked(link: HandName, id: number): void {
    const micros = this.wallBase + this.at;
    const inode = this.inode(id);
    inode.names.push(link);
    inode.changed(micros);
    const parent = this.inode(link.directory);
    parent.entries?.set(link.name, { inode: id, kind: inode.kind });
    parent.modified(micros);
  }

  unlinked(link: HandName, id: number): void {
    const parent = this.inode(link.directory);
    parent.entries?.delete(link.name);
    parent.modified(this.wallBase + this.at);
    this.#loseName(link, id);
  }

  renamed(from: HandName, to: HandName, id: number, replaced: number): void {
    const micros = this.wallBase + this.at;
    const inode = this.inode(id);
    const source = this.inode(from.directory);
    source.entries?.delete(from.name);
    source.modified(micros);
    const target = this.inode(to.directory);
    target.entries?.set(to.name, { inode: id, kind: inode.kind });
    target.modified(micros);
    inode.names = inode.names.filter((link) => link.directory !== from.directory || link.name !== from.name);
    inode.names.push(to);
    inode.changed(micros);
    if (replaced !== 0) this.#loseName(to, replaced);
  }

  #loseName(lost: HandName, id: number): void {
    const inode = this.inodes.get(id);
    if (inode === undefined) return;
    inode.names = inode.names.filter((link) => link.directory !== lost.directory || link.name !== lost.name);
    inode.changed(this.wallBase + this.at);
    this.#dropIfGone(id, inode);
  }

  #dropIfGone(id: number, inode: HandInode): void {
    if (inode.names.length > 0 || inode.opens > 0) return;
    const isRoot = inode.mount === 0 ? id === 1 : this.mounts.get(inode.mount)?.inode === id;
    if (!isRoot) this.inodes.delete(id);
  }

  opened(open: number, id: number, flags: number): void {
    this.opens.set(open, new HandOpen(id, flags));
    this.inode(id).opens += 1;
  }

  granted(pid: number, slot: number, capability: HandCapability): void {
    (this.slots[pid] as (HandCapability | undefined)[])[slot] = capability;
  }

  closed(pid: number, slot: number, isFile: boolean, target: number): void {
    (this.slots[pid] as (HandCapability | undefined)[])[slot] = undefined;
    if (!isFile) return;
    const id = this.open(target).inode;
    this.opens.delete(target);
    const inode = this.inode(id);
    inode.opens -= 1;
    this.#dropIfGone(id, inode);
  }

  started(pid: number, args: readonly string[]): void {
    this.processes[pid] = { status: "running", exitCode: -1, waitsUntil: 0, args };
    this.slots[pid] = [];
  }

  ended(pid: number, status: "exited" | "trapped" | "killed", code: number): void {
    const process = this.processes[pid] as HandProcess;
    process.status = status;
    process.exitCode = code;
    process.waitsUntil = 0;
  }

  answered(pid: number): void {
    const process = this.processes[pid];
    if (process === undefined || process.status !== "waiting") return;
    process.status = "running";
    process.waitsUntil = 0;
  }

  mounted(mount: number, inode: number, mode: string): void {
    this.mounts.set(mount, { inode, isCopy: mode === "copy" });
    this.inodes.set(inode, new HandInode(fileType.directory, mount));
    if (inode >= this.nextInode) this.nextInode = inode + 1;
  }
}
