/** Checks one law of the copy that this file is in, and prints what became of it: `node try-law.js LAW SEED RUNS [unshrunk]`. */
import fc from "fast-check";

const [id, seed, runs, how] = process.argv.slice(2);
fc.configureGlobal({ defaultSizeToMaxWhenMaxSpecified: true, endOnFailure: how === "unshrunk" });
// Only now: how long a list may be is settled when it is declared.
const { allLaws } = await import("../laws/all-laws.ts");
const law = allLaws.find((one) => one.id === id);
if (law === undefined) throw new Error(`there is no law ${id}`);
process.stdout.write(JSON.stringify(law.check(Number(seed), Number(runs))));
