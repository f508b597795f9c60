/** SQLite at work on a file of the host, its power cut at each commit, with the store torn in one way or another. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, jest, test } from "@jest/globals";
import { seededRandom } from "../../core/random.ts";
import { guest } from "../end-to-end/foldos-command.ts";
import { verdictOn } from "./commit-images.ts";
import { CutWorld, type WorldSeen } from "./cut-world.ts";
import { halfWritten, metaTorn, PAGE_BYTES } from "./torn-images.ts";

jest.setTimeout(300_000);

const statements = [
  "create table t (a, b)",
  "insert into t values (1, 'one'), (2, 'two')",
  "select * from t",
  "update t set b = b || '!' where a = 2",
  "select b from t where a = 2",
  "delete from t where a = 1",
  "select count(*) from t",
];
const seed = Number(process.env["FOLDOS_SEED"] ?? 1);
const random = seededRandom(seed);
/** Every third commit, and which ones is up to the seed: one takes as long as all tears that are only looked at. */
const isTried = (commit: number): boolean => commit % 3 === Math.abs(seed) % 3;

let home = "";
let world = new CutWorld("");
/** Behind the last commit, when all is out already, there is nothing to resume, and that is said. */
const SAYS_IT_HAD_ENDED = /^foldos: \S+: its program had ended, so there is nothing to go on with.*\n$/;

let undisturbed: WorldSeen = { code: null, out: "", err: "", files: [] };

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), "foldos-cut-"));
  world = new CutWorld(home);
  undisturbed = await world.live([guest("sqlite"), "/data.db", ...statements]);
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

test("a store torn at a commit resumes to the same output and files, and nothing is printed twice", async () => {
  expect(undisturbed).toMatchObject({ code: 0, out: "1|one\n2|two\ntwo!\n1\n", err: "" });
  expect(world.images.length).toBeGreaterThan(8);
  for (const [commit, image] of world.images.entries()) {
    if (image.events === 0 || !isTried(commit)) continue;
    const next = world.images[commit + 1];
    const torn = next === undefined ? [] : [...halfWritten(image, next), ...metaTorn(image, next)];
    const chosen = torn[random.below(Math.max(1, torn.length))] ?? { what: "whole", bytes: image.bytes };
    const released = random.below(world.effectsOf(commit) + 1);
    const seen = await world.resumeAt({ store: chosen.bytes, commit, released });
    const where = `commit ${commit}, ${released} of ${world.effectsOf(commit)} effects, ${chosen.what}`;
    const err = seen.err.replace(SAYS_IT_HAD_ENDED, "");
    expect({ where, ...seen, err }).toEqual({ where, ...undisturbed });
    expect(verdictOn(world.recording)).toMatchObject({ kind: "sound" });
  }
});

test("a store that nothing can be made of is refused, and what had left the machine stays as it was", async () => {
  const last = world.images.length - 1;
  const commit = last >> 1;
  const { bytes } = world.images[commit] as { bytes: Buffer };
  const zeroed = (from: number, to: number): Buffer => Buffer.from(bytes).fill(0, from, to);
  const stores: readonly (readonly [Buffer, RegExp])[] = [
    [
      bytes.subarray(0, 3 * PAGE_BYTES),
      /rec: data\.mdb is cut off: it has 12288 bytes of \d+; copy it again/,
    ],
    [zeroed(2 * PAGE_BYTES, bytes.length), /rec: data\.mdb is damaged: page \d+ .*; copy it again/],
    [zeroed(0, 2 * PAGE_BYTES), /rec: data\.mdb does not begin as a recording does; it was overwritten/],
    [(world.images[0] as { bytes: Buffer }).bytes, /before its program began; run the program again/],
  ];
  for (const [store, why] of stores) {
    const seen = await world.resumeAt({ store, commit, released: 0 });
    expect({ code: seen.code, lines: seen.err.trim().split("\n").length }).toEqual({ code: 3, lines: 1 });
    expect(seen.err).toMatch(why);
    expect(undisturbed.out.startsWith(seen.out)).toBe(true);
  }
});
