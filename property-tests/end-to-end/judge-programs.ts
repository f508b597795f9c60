/** What is asked of real programs: run, recorded, replayed, cut off and resumed, they print and leave what node:wasi has of them. */
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { eventsIn } from "../../cli/events-in.ts";
import { atEvents, digests } from "../power/power-cut.ts";
import { type Ended, foldos, inFreshDirectory, inTurns, NODE_WASI, runCommand } from "./foldos-command.ts";
import type { RealProgram } from "./real-programs.ts";

/** What can be seen of a run from outside. */
interface Seen {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
  readonly files: readonly string[];
}

interface Whole {
  readonly seen: Seen;
  readonly events: number;
  readonly replayed: Ended;
  readonly folded: Ended;
}

interface Cut {
  readonly seen: Seen;
  /** How many events were durable when the power was cut. */
  readonly reached: number;
  readonly replayed: Ended;
}

const RECORDING = "rec";
/** Each try cuts the power earlier than the one before: at the last, as soon as there is anything. */
const MOST_TRIES = 8;

const withFiles = <Made>(program: RealProgram, work: (cwd: string) => Promise<Made>): Promise<Made> =>
  inFreshDirectory(async (cwd) => {
    mkdirSync(join(cwd, "files"));
    program.prepare(join(cwd, "files"));
    return work(cwd);
  });

const seenOf = (cwd: string, { code }: Ended, out: string, err: string): Seen => ({
  code,
  out,
  err,
  files: digests(join(cwd, "files")),
});

/** Times of the host's clock, which no two runs have in common. */
const untimed = (text: string): string => text.replaceAll(/\b\d+ms\b/g, "T ms");

/** Without the flag, node:wasi of Node 20.20 aborts, without a word, in the middle of Lua's sample. */
const NODE_FLAGS = ["--no-warnings", "--no-turbo-fast-api-calls"];

const underNode = (program: RealProgram): Promise<Seen> =>
  withFiles(program, async (cwd) => {
    const words = [...NODE_FLAGS, NODE_WASI, program.wasm, "files", ...program.args];
    const ran = await runCommand(process.execPath, words, { cwd });
    return seenOf(cwd, ran, ran.out, ran.err);
  });

const runWords = ({ wasm, args }: RealProgram): readonly string[] => [
  "run",
  "--record",
  RECORDING,
  "--dir",
  "files::/",
  wasm,
  ...args,
];

const whole = (program: RealProgram): Promise<Whole> =>
  withFiles(program, async (cwd) => {
    const ran = await foldos(runWords(program), { cwd });
    const seen = seenOf(cwd, ran, ran.out, ran.err);
    const replayed = await foldos(["replay", RECORDING, "--json"], { cwd });
    const folded = await foldos(["replay", RECORDING, "--fold-only", "--json"], { cwd });
    return { seen, events: eventsIn(join(cwd, RECORDING)), replayed, folded };
  });

/** Cuts a run off once it has so many events, and resumes it; null if it was quicker than the cut. */
const cutAt = (program: RealProgram, events: number): Promise<Cut | null> =>
  withFiles(program, async (cwd) => {
    const recording = join(cwd, RECORDING);
    const arm = atEvents(recording, events);
    const killed = await foldos(runWords(program), {
      cwd,
      onStarted: (child) => child.on("exit", arm(child)),
    });
    if (killed.signal !== "SIGKILL") return null;
    const reached = eventsIn(recording);
    const resumed = await foldos(["resume", RECORDING], { cwd });
    const seen = seenOf(cwd, resumed, killed.out + resumed.out, killed.err + resumed.err);
    return { seen, reached, replayed: await foldos(["replay", RECORDING, "--json"], { cwd }) };
  });

async function cutInTheMiddle(program: RealProgram, events: number): Promise<Cut> {
  for (let tries = 1; tries <= MOST_TRIES; tries += 1) {
    const cut = await cutAt(program, Math.ceil(events / (tries === MOST_TRIES ? events : tries + 1)));
    if (cut !== null && cut.reached < events) return cut;
  }
  throw new Error(`${program.name} was ${MOST_TRIES} times quicker than the power cut`);
}

/** A promise that is awaited later: until then its failure is none of node's business. */
function later<Made>(promise: Promise<Made>): Promise<Made> {
  promise.catch(() => {});
  return promise;
}

export function judgePrograms(programs: readonly RealProgram[]): void {
  const turn = inTurns(2);
  const outcomes = programs.map((program) => {
    const run = later(turn(() => whole(program)));
    const cut = later(run.then(({ events }) => turn(() => cutInTheMiddle(program, events))));
    return { program, run, cut, node: later(turn(() => underNode(program))) };
  });

  describe.each(outcomes)("$program.name", ({ program, run, cut, node }) => {
    test("prints and leaves what it does under node:wasi", async () => {
      const { seen } = await run;
      const other = await node;
      expect({ ...seen, err: untimed(seen.err) }).toEqual({ ...other, err: untimed(other.err) });
      expect(seen.code).toBe(0);
      if (program.expected !== undefined) expect(seen.out).toBe(readFileSync(program.expected, "utf8"));
    });

    test("replays equal, with the program and without it", async () => {
      const { events, replayed, folded } = await run;
      expect(events).toBeGreaterThan(20);
      expect([replayed.err, replayed.code]).toEqual(["", 0]);
      expect(JSON.parse(replayed.out)).toEqual({ events, equal: events });
      expect([folded.err, folded.code]).toEqual(["", 0]);
      expect(JSON.parse(folded.out)).toMatchObject({ events });
    });

    test("killed in the middle and resumed, comes to the same output and files, and nothing twice", async () => {
      const { seen, events } = await run;
      const { seen: afterCut, reached, replayed } = await cut;
      expect({ ...afterCut, err: untimed(afterCut.err) }).toEqual({ ...seen, err: untimed(seen.err) });
      expect(reached).toBeGreaterThan(0);
      expect(reached).toBeLessThan(events);
      const again = JSON.parse(replayed.out) as { readonly events: number; readonly equal: number };
      expect({ equal: again.equal, code: replayed.code }).toEqual({ equal: again.events, code: 0 });
    });
  });
}
