/**
 * The determinism campaign: makes recordings of random request sequences, and looks at each again under other conditions, none
 * of which may make a difference. docs/determinism.md says what is compared.
 *
 *   npm run determinism -- [--recordings N] [--seed S] [--only PART]... [--recording N] [--jobs N]
 *
 * Exit code 0: everything was compared and is equal. 1: something differs, or could not be compared. 2: usage. 130: interrupted.
 */
import { randomInt } from "node:crypto";
import { parseArgs } from "node:util";
import { type Part, parts } from "./configurations.ts";
import { type CampaignResult, runCampaign } from "./run-campaign.ts";
import { reportOf } from "./report.ts";

const USUAL_RECORDINGS = 1000;
const USUAL_JOBS = 2;
const MOST_RECORDINGS = 1_000_000;
const INTERRUPTED = 130;
const PROGRESS_STEPS = 10;

interface Wanted {
  readonly seed: number;
  readonly numbers: readonly number[];
  readonly parts: readonly Part[];
  readonly jobs: number;
}

function wholeNumber(name: string, word: string, most: number): number {
  const value = Number(word);
  if (/^\d+$/.test(word) && value <= most) return value;
  throw new RangeError(`--${name} ${word}: a whole number up to ${most} was expected`);
}

function partNamed(word: string): Part {
  const found = parts.find((part) => part === word);
  if (found !== undefined) return found;
  throw new RangeError(`--only ${word}: one of ${parts.join(", ")} was expected`);
}

function parseWords(words: readonly string[]): Wanted {
  const { values } = parseArgs({
    args: [...words],
    options: {
      recordings: { type: "string" },
      recording: { type: "string" },
      seed: { type: "string" },
      only: { type: "string", multiple: true },
      jobs: { type: "string" },
    },
  });
  const count = wholeNumber("recordings", values.recordings ?? String(USUAL_RECORDINGS), MOST_RECORDINGS);
  const { recording } = values;
  return {
    seed: values.seed === undefined ? randomInt(2 ** 31) : wholeNumber("seed", values.seed, 2 ** 31 - 1),
    numbers:
      recording === undefined
        ? Array.from({ length: count }, (_, number) => number)
        : [wholeNumber("recording", recording, MOST_RECORDINGS)],
    parts: (values.only ?? [...parts]).map(partNamed),
    jobs: Math.max(1, wholeNumber("jobs", values.jobs ?? String(USUAL_JOBS), 64)),
  };
}

const say = (line: string): void => {
  process.stderr.write(`determinism: ${line}\n`);
};

/** One line that is written over on a terminal; elsewhere a line for each tenth. */
function showProgress(title: string, done: number, of: number): void {
  if (process.stderr.isTTY)
    process.stderr.write(`\r${title}: ${done} of ${of}\x1b[K${done === of ? "\n" : ""}`);
  else if (done % Math.max(1, Math.ceil(of / PROGRESS_STEPS)) === 0 || done === of)
    say(`${title}: ${done} of ${of}`);
}

function exitCodeOf({ rows, differences, failures }: CampaignResult, isStopped: boolean): number {
  if (isStopped) return INTERRUPTED;
  const isWhole = rows.every((row) => row.missing === null);
  return isWhole && differences.length === 0 && failures.length === 0 ? 0 : 1;
}

async function main(words: readonly string[]): Promise<number> {
  const wanted = parseWords(words);
  process.stdout.write(`seed ${wanted.seed}, ${wanted.numbers.length} recordings, Node ${process.version}\n`);
  let isStopped = false;
  process.on("SIGINT", () => {
    if (isStopped) process.exit(INTERRUPTED);
    isStopped = true;
    say("stopping behind the recordings that are under way; again to stop at once");
  });
  const result = await runCampaign({
    ...wanted,
    say,
    onProgress: showProgress,
    isStopped: () => isStopped,
  });
  process.stdout.write(reportOf(result, wanted.seed));
  if (isStopped) process.stdout.write("interrupted: not everything was looked at\n");
  return exitCodeOf(result, isStopped);
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const isUsage = error instanceof RangeError || error instanceof TypeError;
  say(isUsage ? error.message : ((error as Error).stack ?? String(error)));
  process.exitCode = isUsage ? 2 : 1;
}
