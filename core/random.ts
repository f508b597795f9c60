/** Seeded random numbers (sfc32, Chris Doty-Humphrey's PractRand): not for secrets, the same on every machine. */
export interface Random {
  /** A 32-bit unsigned integer. */
  next(): number;
  /** An integer from 0 up to, but not including, the bound. */
  below(bound: number): number;
}

export function seededRandom(seed: number): Random {
  let a = seed | 0;
  let b = Math.floor(seed / 2 ** 32) | 0;
  let c = 0x9e3779b9 | 0;
  let counter = 1;
  const next = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  };
  for (let round = 0; round < 12; round += 1) next();
  return { next, below: (bound) => Math.floor((next() / 2 ** 32) * bound) };
}
