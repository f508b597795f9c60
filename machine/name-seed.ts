/** Where the hashing of names begins: from the seed if there is one, so that runs with one seed are the same. */
export const nameSeed = (seed: number | null): number =>
  (seed === null ? Math.floor(Math.random() * 2 ** 31) : (seed % 2 ** 31) + 1) | 1;
