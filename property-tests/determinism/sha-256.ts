/** SHA-256 (FIPS 180-4) in plain JavaScript, for pages that have no node and no wait for an answer. */

const BLOCK_BYTES = 64;
const ROUNDS = 64;

/** The first 32 bits behind the point of a root of each of the first 64 primes: FIPS 180-4, 4.2.2 and 5.3.3. */
const { constants, initial } = firstPrimes();

function firstPrimes(): { readonly constants: Uint32Array; readonly initial: Uint32Array } {
  const primes: number[] = [];
  for (let number = 2; primes.length < ROUNDS; number += 1)
    if (primes.every((prime) => number % prime !== 0)) primes.push(number);
  return {
    constants: Uint32Array.from(primes, (prime) => fractionOfRoot(BigInt(prime), 3)),
    initial: Uint32Array.from(primes.slice(0, 8), (prime) => fractionOfRoot(BigInt(prime), 2)),
  };
}

/** In whole numbers, as the roots of a language's library may differ in their last bits. */
function fractionOfRoot(prime: bigint, degree: 2 | 3): number {
  const scaled = prime << BigInt(32 * degree);
  let low = 0n;
  let high = 1n << 40n;
  while (high - low > 1n) {
    const middle = (low + high) / 2n;
    if (middle ** BigInt(degree) <= scaled) low = middle;
    else high = middle;
  }
  return Number(low & 0xffffffffn);
}

const turn = (word: number, by: number): number => (word >>> by) | (word << (32 - by));

function padded(bytes: Uint8Array): DataView {
  const blocks = Math.floor((bytes.length + 8) / BLOCK_BYTES) + 1;
  const whole = new Uint8Array(blocks * BLOCK_BYTES);
  whole.set(bytes);
  whole[bytes.length] = 0x80;
  const view = new DataView(whole.buffer);
  view.setUint32(whole.length - 8, Math.floor(bytes.length / 2 ** 29));
  view.setUint32(whole.length - 4, (bytes.length * 8) % 2 ** 32);
  return view;
}

function schedule(view: DataView, at: number, words: Uint32Array): void {
  for (let index = 0; index < 16; index += 1) words[index] = view.getUint32(at + index * 4);
  for (let index = 16; index < ROUNDS; index += 1) {
    const near = words[index - 2] as number;
    const far = words[index - 15] as number;
    const mixedNear = turn(near, 17) ^ turn(near, 19) ^ (near >>> 10);
    const mixedFar = turn(far, 7) ^ turn(far, 18) ^ (far >>> 3);
    words[index] = mixedNear + (words[index - 7] as number) + mixedFar + (words[index - 16] as number);
  }
}

function compress(hash: Uint32Array, words: Uint32Array): void {
  let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = hash;
  for (let index = 0; index < ROUNDS; index += 1) {
    const choice = (e & f) ^ (~e & g);
    const mixedE = turn(e, 6) ^ turn(e, 11) ^ turn(e, 25);
    const first = (h + mixedE + choice + (constants[index] as number) + (words[index] as number)) | 0;
    const majority = (a & b) ^ (a & c) ^ (b & c);
    const second = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + majority) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + first) | 0;
    d = c;
    c = b;
    b = a;
    a = (first + second) | 0;
  }
  [a, b, c, d, e, f, g, h].forEach((word, index) => {
    hash[index] = (hash[index] as number) + word;
  });
}

export function plainSha256(bytes: Uint8Array): Uint8Array {
  const view = padded(bytes);
  const hash = initial.slice();
  const words = new Uint32Array(ROUNDS);
  for (let at = 0; at < view.byteLength; at += BLOCK_BYTES) {
    schedule(view, at, words);
    compress(hash, words);
  }
  const result = new Uint8Array(32);
  const out = new DataView(result.buffer);
  hash.forEach((word, index) => out.setUint32(index * 4, word));
  return result;
}
