import { encodeUtf8 } from "../../core/utf8.ts";
import { wasiCallAt, wasiNumber } from "../../guests/wasi/wasi-table.ts";
import type { CallSpec, Pick, SpecOf, SubscriptionSpec } from "./call-spec.ts";
import type { RawCall } from "./guest-driver.ts";
import { place } from "./memory-layout.ts";

type Input = { readonly at: number; readonly bytes: Uint8Array };
type Argument = number | bigint;

/** Which descriptor a pick stands for. */
type PickDescriptor = (pick: Pick) => number;

const SUBSCRIPTION_BYTES = 48;
const ABSTIME = 1;
const kinds = ["clock", "read", "write"] as const;
/** A pointer that lies in no memory of 32 bits that a test would make. */
const WILD = 0xfffffff0;

export const sumOf = (sizes: readonly number[]): number => sizes.reduce((sum, size) => sum + size, 0);

/** The byte that a write puts at a place of its own: so every byte says which write it is of, and where in it. */
const patternAt = (fill: number, index: number): number => (fill * 31 + index * 7 + (index >> 8)) & 0xff;

export function pattern(fill: number, size: number): Uint8Array {
  return Uint8Array.from({ length: size }, (_, index) => patternAt(fill, index));
}

/** Puts a call's parts into a guest's memory, as a compiled program would. */
class Encoder {
  readonly inputs: Input[] = [];
  outputBytes = 0;
  readonly #pick: PickDescriptor;

  constructor(pick: PickDescriptor) {
    this.#pick = pick;
  }

  args(spec: CallSpec): readonly Argument[] {
    switch (spec.call) {
      case "fd_read":
      case "fd_write":
      case "fd_pread":
      case "fd_pwrite":
        return this.#transfer(spec);
      case "fd_readdir":
        this.outputBytes = spec.size;
        return [this.#fd(spec.fd), place.buffer, spec.size, wide(spec.cookie), place.cells];
      case "random_get":
        this.outputBytes = spec.size;
        return [place.buffer, spec.size];
      case "fd_prestat_dir_name":
        this.outputBytes = spec.size;
        return [this.#fd(spec.fd), place.buffer, spec.size];
      case "args_get":
      case "environ_get":
        this.outputBytes = 512;
        return [place.cells, place.buffer];
      case "poll_oneoff":
        return this.#poll(spec.subscriptions);
      case "args_sizes_get":
      case "environ_sizes_get":
        return [place.cells, place.cells + 4];
      case "clock_res_get":
        return [spec.clock, place.cells];
      case "clock_time_get":
        return [spec.clock, 1n, place.cells];
      case "sched_yield":
        return [];
      case "proc_exit":
      case "proc_raise":
        return [spec.code];
      default:
        return "path" in spec ? this.#onPath(spec) : this.#onDescriptor(spec);
    }
  }

  #fd(pick: Pick): number {
    return this.#pick(pick) | 0;
  }

  #put(at: number, bytes: Uint8Array): void {
    this.inputs.push({ at, bytes });
  }

  #path(path: string, at: number): readonly [number, number] {
    const bytes = encodeUtf8(path);
    this.#put(at, bytes);
    return [at, bytes.length];
  }

  #transfer(spec: SpecOf<"fd_read">): readonly Argument[] {
    const iovecs = new Uint32Array(spec.sizes.length * 2);
    let at: number = place.buffer;
    spec.sizes.forEach((size, index) => {
      iovecs[index * 2] = at;
      iovecs[index * 2 + 1] = size;
      at += size;
    });
    this.#put(place.iovecs, new Uint8Array(iovecs.buffer));
    const total = sumOf(spec.sizes);
    if (spec.call === "fd_write" || spec.call === "fd_pwrite")
      this.#put(place.buffer, pattern(spec.fill, total));
    else this.outputBytes = total;
    const start = [this.#fd(spec.fd), place.iovecs, spec.sizes.length];
    const isPositioned = spec.call === "fd_pread" || spec.call === "fd_pwrite";
    return isPositioned ? [...start, wide(spec.offset), place.cells] : [...start, place.cells];
  }

  #poll(subscriptions: readonly SubscriptionSpec[]): readonly Argument[] {
    const bytes = new Uint8Array(subscriptions.length * SUBSCRIPTION_BYTES);
    const view = new DataView(bytes.buffer);
    subscriptions.forEach((subscription, index) => {
      const at = index * SUBSCRIPTION_BYTES;
      view.setBigUint64(at, BigInt(index + 1), true);
      view.setUint8(at + 8, kinds.indexOf(subscription.kind));
      view.setUint32(at + 16, this.#fd(subscription.of), true);
      if (subscription.kind !== "clock") return;
      view.setBigUint64(at + 24, wide(subscription.nanos), true);
      view.setUint16(at + 40, subscription.isAbsolute ? ABSTIME : 0, true);
    });
    this.#put(place.subscriptions, bytes);
    return [place.subscriptions, place.events, subscriptions.length, place.cells];
  }

  #onPath(spec: Extract<CallSpec, { path: string }>): readonly Argument[] {
    const fd = this.#fd(spec.fd);
    const path = this.#path(spec.path, place.firstPath);
    switch (spec.call) {
      case "path_create_directory":
      case "path_remove_directory":
      case "path_unlink_file":
        return [fd, ...path];
      case "path_readlink":
        this.outputBytes = spec.size;
        return [fd, ...path, place.buffer, spec.size, place.cells];
      case "path_filestat_get":
        return [fd, spec.follow, ...path, place.cells];
      case "path_filestat_set_times":
        return [fd, spec.follow, ...path, wide(spec.accessed), wide(spec.modified), spec.fstflags];
      case "path_link":
        return [fd, spec.follow, ...path, this.#fd(spec.toFd), ...this.#path(spec.toPath, place.secondPath)];
      case "path_rename":
        return [fd, ...path, this.#fd(spec.toFd), ...this.#path(spec.toPath, place.secondPath)];
      case "path_symlink":
        return [...this.#path(spec.target, place.secondPath), fd, ...path];
      case "path_open": {
        const rights = [wide(spec.rights), wide(spec.inheriting)];
        return [fd, spec.follow, ...path, spec.oflags, ...rights, spec.fdflags, place.cells];
      }
    }
  }

  #onDescriptor(
    spec: Exclude<Extract<CallSpec, { fd: Pick }>, { path: string } | SpecOf<"fd_read">>,
  ): readonly Argument[] {
    const fd = this.#fd(spec.fd);
    switch (spec.call) {
      case "fd_close":
      case "fd_datasync":
      case "fd_sync":
        return [fd];
      case "fd_advise":
        return [fd, wide(spec.offset), wide(spec.size), spec.advice];
      case "fd_allocate":
        return [fd, wide(spec.offset), wide(spec.size)];
      case "fd_fdstat_set_flags":
        return [fd, spec.flags];
      case "fd_fdstat_set_rights":
        return [fd, wide(spec.rights), wide(spec.inheriting)];
      case "fd_filestat_set_size":
        return [fd, wide(spec.size)];
      case "fd_filestat_set_times":
        return [fd, wide(spec.accessed), wide(spec.modified), spec.fstflags];
      case "fd_renumber":
        return [fd, this.#fd(spec.to)];
      case "fd_seek":
        return [fd, wide(spec.offset), spec.whence, place.cells];
      case "sock_accept":
      case "sock_recv":
      case "sock_send":
      case "sock_shutdown":
        return [fd, ...Array.from({ length: SOCKET_ARGUMENTS[spec.call] }, () => 0)];
      default:
        return [fd, place.cells];
    }
  }
}

const SOCKET_ARGUMENTS = { sock_accept: 2, sock_recv: 5, sock_send: 4, sock_shutdown: 1 } as const;

/** A whole number as WebAssembly passes 64 bits: what is above 2^64 wraps. */
const wide = (value: number): bigint => BigInt.asIntN(64, BigInt(value));

/** The call as a guest makes it; `spoilt` is the argument that is to be no pointer, -1 for none. */
export function encodeCall(spec: CallSpec, pick: PickDescriptor, spoilt = -1): RawCall {
  const encoder = new Encoder(pick);
  const args = encoder.args(spec).slice();
  const number = wasiNumber(spec.call);
  if (wasiCallAt(number).parameters[spoilt] === "i") args[spoilt] = WILD;
  return { number, args, inputs: encoder.inputs, outputBytes: encoder.outputBytes };
}
