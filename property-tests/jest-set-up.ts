import fc from "fast-check";

/**
 * Before every test file: fast-check draws sequences as long as they may get, and from one seed. `npm test` always sets
 * FOLDOS_SEED and prints it when a test failed; under a bare jest, fast-check's own message names the seed.
 */
const seed = process.env["FOLDOS_SEED"];
fc.configureGlobal({
  defaultSizeToMaxWhenMaxSpecified: true,
  ...(seed === undefined ? {} : { seed: Number(seed) }),
});
