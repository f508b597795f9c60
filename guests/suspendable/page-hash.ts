/**
 * Hashes of a guest's pages, computed in place by a module of a few hundred bytes that imports its memory. They
 * find the pages that have changed since the last image; what an image is addressed by is a SHA-256. A hash has
 * 53 bits, so that it is a number: JavaScript takes it without an object for each.
 *
 * Four lanes of 64 bits, each word multiplied and rotated in as XXH64 does it.
 */
import { WasmWriter } from "../transform/wasm-writer.ts";

export const PAGE_BYTES = 4096;

const PRIMES = [
  11400714785074694791n,
  14029467366897019727n,
  1609587929392839161n,
  9650029242287828579n,
] as const;
const I32 = 0x7f;
const I64 = 0x7e;
const F64 = 0x7c;

/** LEB128 of a 64-bit number, taken as one with a sign. */
function i64Const(writer: WasmWriter, value: bigint): void {
  writer.byte(0x42);
  let rest = BigInt.asIntN(64, value);
  for (;;) {
    const low = Number(rest & 0x7fn);
    rest >>= 7n;
    const isLast = (rest === 0n && (low & 0x40) === 0) || (rest === -1n && (low & 0x40) !== 0);
    writer.byte(isLast ? low : low + 128);
    if (isLast) return;
  }
}

/** hash(address) -> number: locals are the address (0), its end (1), the lanes (2 to 5). */
function hashBody(): WasmWriter {
  const body = new WasmWriter(512);
  body.bytes(2, 1, I32, 4, I64);
  body.bytes(0x20, 0);
  body.i32Const(PAGE_BYTES);
  body.bytes(0x6a, 0x21, 1);
  PRIMES.forEach((prime, lane) => {
    i64Const(body, prime);
    body.bytes(0x21, 2 + lane);
  });
  body.bytes(0x03, 0x40);
  for (let lane = 0; lane < 4; lane += 1) {
    body.bytes(0x20, 2 + lane, 0x20, 0, 0x29, 3, 8 * lane); // lane + word * prime
    i64Const(body, PRIMES[1]);
    body.bytes(0x7e, 0x7c, 0x42, 31, 0x89);
    i64Const(body, PRIMES[0]);
    body.bytes(0x7e, 0x21, 2 + lane);
  }
  body.bytes(0x20, 0, 0x41, 32, 0x6a, 0x22, 0, 0x20, 1, 0x47, 0x0d, 0, 0x0b);
  // ((a rotl 1 + b rotl 7 + c rotl 12 + d rotl 18), then two rounds of mixing)
  [1, 7, 12, 18].forEach((by, lane) => {
    body.bytes(0x20, 2 + lane, 0x42, by, 0x89);
    if (lane > 0) body.byte(0x7c);
  });
  for (const shift of [33, 29]) {
    body.bytes(0x22, 2, 0x20, 2, 0x42, shift, 0x88, 0x85);
    i64Const(body, PRIMES[1]);
    body.byte(0x7e);
  }
  body.bytes(0x22, 2, 0x20, 2, 0x42, 32, 0x88, 0x85, 0x42, 11, 0x88, 0xba, 0x0b); // 53 bits, as f64
  return body;
}

function hashModule(): Uint8Array {
  const module = new WasmWriter(1024);
  const section = (id: number, write: (writer: WasmWriter) => void): void => {
    const content = new WasmWriter(64);
    write(content);
    module.section(id, content);
  };
  module.bytes(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);
  section(1, (writer) => writer.bytes(1, 0x60, 1, I32, 1, F64));
  section(2, (writer) => {
    writer.byte(1);
    writer.name("m");
    writer.name("m");
    writer.bytes(2, 0, 0);
  });
  section(3, (writer) => writer.bytes(1, 0));
  section(7, (writer) => {
    writer.byte(1);
    writer.name("hash");
    writer.bytes(0, 0);
  });
  section(10, (writer) => {
    writer.byte(1);
    writer.sized(hashBody());
  });
  return module.written().slice();
}

type Hash = (address: number) => number;
let compiled: WebAssembly.Module | null = null;
let zeroHash: number | null = null;
const hashers = new WeakMap<WebAssembly.Memory, Hash>();

function hasherOf(memory: WebAssembly.Memory): Hash {
  const known = hashers.get(memory);
  if (known !== undefined) return known;
  compiled ??= new WebAssembly.Module(hashModule());
  const hash = new WebAssembly.Instance(compiled, { m: { m: memory } }).exports["hash"] as unknown as Hash;
  hashers.set(memory, hash);
  return hash;
}

/** The hash of a page of zeros: what pages are that a memory grows by. */
function hashOfZeros(): number {
  zeroHash ??= hasherOf(new WebAssembly.Memory({ initial: 1 }))(0);
  return zeroHash;
}

/** The hashes of all pages now, and the pages whose hash is not the one that `before` has for them. */
export function hashPages(
  memory: WebAssembly.Memory,
  before: Float64Array,
): { readonly hashes: Float64Array; readonly changed: readonly number[] } {
  const hash = hasherOf(memory);
  const hashes = new Float64Array(memory.buffer.byteLength / PAGE_BYTES);
  const changed: number[] = [];
  for (let page = 0; page < hashes.length; page += 1) {
    const value = hash(page * PAGE_BYTES);
    hashes[page] = value;
    if (!isPageOf(before, page, value)) changed.push(page);
  }
  return { hashes, changed };
}

/** Whether a page whose hash that is looks as it did in `fresh`, or is one of zeros behind what that has. */
export const isPageOf = (fresh: Float64Array, page: number, hash: number): boolean =>
  hash === (page < fresh.length ? fresh[page] : hashOfZeros());

/** The hashes of all pages, if of those that `before` is about only these have changed, and new ones are zeros. */
export function rehashPages(
  memory: WebAssembly.Memory,
  before: Float64Array,
  pages: Iterable<number>,
): Float64Array {
  const hash = hasherOf(memory);
  const hashes = new Float64Array(memory.buffer.byteLength / PAGE_BYTES).fill(hashOfZeros());
  hashes.set(before);
  for (const page of pages) hashes[page] = hash(page * PAGE_BYTES);
  return hashes;
}
