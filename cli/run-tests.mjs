/**
 * Runs jest on dist, passes extra arguments on, and ends with one line that machines read: `N passed, N failed`. With `--long` as the
 * first argument it runs the long suites instead, and that line says so. A suite that cannot be loaded counts as one failure, so
 * that a broken import is never "0 failed".
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const jest = join(root, "node_modules", "jest", "bin", "jest.js");
/** Every run draws the same cases unless asked otherwise: a red test must be red again on the next machine. */
const usualSeed = "20260101";

function resultsIn(path) {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return null;
  }
}

function main(words) {
  const isLong = words[0] === "--long";
  const jestArguments = isLong ? words.slice(1) : words;
  const seed = process.env.FOLDOS_SEED ?? usualSeed;
  if (!/^-?\d{1,9}$/.test(seed)) {
    process.stderr.write(`FOLDOS_SEED is a whole number of at most 9 digits, and this is "${seed}"\n`);
    return 2;
  }
  const scratch = mkdtempSync(join(tmpdir(), "foldos-tests-"));
  const resultsFile = join(scratch, "results.json");
  const nodeFlags = [
    "--experimental-vm-modules",
    "--disable-warning=ExperimentalWarning",
    "--enable-source-maps",
  ];
  const run = spawnSync(
    process.execPath,
    [...nodeFlags, jest, "--json", `--outputFile=${resultsFile}`, ...jestArguments],
    {
      cwd: root,
      env: { ...process.env, FOLDOS_SEED: seed, FOLDOS_LONG_TESTS: isLong ? "1" : "0" },
      stdio: ["inherit", "ignore", "inherit"],
    },
  );
  const results = resultsIn(resultsFile);
  rmSync(scratch, { recursive: true, force: true });
  const exitCode = run.status ?? 1;
  const passed = results?.numPassedTests ?? 0;
  const failed =
    results === null ? Number(exitCode !== 0) : results.numFailedTests + results.numRuntimeErrorTestSuites;
  const skipped = results?.numPendingTests ?? 0;
  if (skipped > 0) process.stdout.write(`${skipped} skipped\n`);
  if (failed > 0)
    process.stdout.write(
      `To draw the same cases again: FOLDOS_SEED=${seed} npm ${isLong ? "run test:long" : "test"}\n`,
    );
  process.stdout.write(`${isLong ? "long suites: " : ""}${passed} passed, ${failed} failed\n`);
  return exitCode;
}

process.exitCode = main(process.argv.slice(2));
