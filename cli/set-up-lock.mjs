/**
 * One set-up at a time: a lock file that names its holders. A line of the file is "pid start-time"; the first line is
 * the set-up itself, the second the program that it runs at the moment (npm, tsc, apt-get). The lock is stale only
 * when none of them lives: a killed set-up may leave an npm behind that still writes node_modules. The start time
 * (from /proc, where there is one) keeps a pid that was given to another program from looking alive.
 *
 * The file appears by link(2), so it is never seen empty. A stale lock is taken away under a second lock, because two
 * waiters that both saw it stale would otherwise remove each other's fresh one.
 */
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const pollMillis = 100;
/** Taking a stale lock away takes microseconds: a breaker this old was killed in between. */
const breakerLifeMillis = 10_000;

const lockPath = (root) => join(root, ".foldos", "set-up.lock");

/** Children that run now and whether this process holds the lock. */
const running = new Set();
let held = false;

function textOf(path) {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (error.code === "ENOENT") return null;
    throw error;
  }
}

/** The start time of a process in clock ticks since boot, "dead" for a zombie, "?" where /proc does not tell. */
function startOf(pid) {
  const stat = textOf(`/proc/${pid}/stat`);
  if (stat === null) return "?";
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return fields[0] === "Z" ? "dead" : fields[19];
}

const identityOf = (pid) => `${pid} ${startOf(pid)}`;

function isAlive(identity) {
  const [pid, start] = identity.split(" ");
  try {
    process.kill(Number(pid), 0);
  } catch (error) {
    if (error.code !== "EPERM") return false;
  }
  const startNow = startOf(pid);
  return startNow !== "dead" && (start === "?" || startNow === start);
}

const holdersOf = (content) => content.trim().split("\n");

function createWith(path, content) {
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, content);
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if (error.code === "EEXIST") return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

function removeStale(path) {
  const breaker = `${path}.breaker`;
  if (!createWith(breaker, identityOf(process.pid))) {
    const age = Date.now() - (statSync(breaker, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    if (age > breakerLifeMillis) rmSync(breaker, { force: true });
    return;
  }
  try {
    const content = textOf(path);
    if (content !== null && !holdersOf(content).some(isAlive)) rmSync(path, { force: true });
  } finally {
    rmSync(breaker, { force: true });
  }
}

/** Adds a child to the lock, so that it outlives us as a holder if we are killed. */
export function noteChild(root, child) {
  if (!held || child.pid === undefined) return;
  running.add(child);
  const draft = `${lockPath(root)}.${process.pid}`;
  writeFileSync(draft, `${identityOf(process.pid)}\n${identityOf(child.pid)}\n`);
  renameSync(draft, lockPath(root));
  child.on("close", () => running.delete(child));
}

function endOnSignals(release, say) {
  for (const [signal, code] of [
    ["SIGINT", 130],
    ["SIGTERM", 143],
    ["SIGHUP", 129],
  ]) {
    process.once(signal, () => {
      say(`stopped by ${signal}; the same command goes on with what is left`);
      // A child that is still ending stays a holder: the next set-up waits for it.
      for (const child of running) child.kill("SIGTERM");
      if (running.size === 0) release();
      process.exit(code);
    });
  }
}

/** Waits for the lock and takes it. The answer gives it back. */
export async function takeLock(root, say) {
  const path = lockPath(root);
  mkdirSync(join(root, ".foldos"), { recursive: true });
  const release = () => {
    if (!held) return;
    held = false;
    rmSync(path, { force: true });
  };
  let saidWaiting = false;
  while (!createWith(path, `${identityOf(process.pid)}\n`)) {
    const content = textOf(path);
    if (content === null) continue;
    const holder = holdersOf(content).find(isAlive);
    if (holder === undefined) removeStale(path);
    else if (!saidWaiting) {
      say(`waiting for the set-up of process ${holder.split(" ")[0]} (${path})`);
      saidWaiting = true;
    }
    await sleep(pollMillis);
  }
  held = true;
  endOnSignals(release, say);
  return release;
}
