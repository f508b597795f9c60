/** Laws of machines of several programs: they are run, with all that is real but threads and disk, cut off, resumed and replayed. */
import fc from "fast-check";
import { errno } from "../../core/errno.ts";
import { rowsOf, sizeOf } from "../../core/table.ts";
import { wasiNumber } from "../../guests/wasi/wasi-table.ts";
import { isMachineDue } from "../../machine/after-life.ts";
import type { ProcessSpec } from "../../machine/machine-spec.ts";
import { standstillOf } from "../../reducers/decide/standstill.ts";
import type { KernelEvent } from "../../reducers/kernel-event.ts";
import { initialState } from "../../reducers/kernel-state.ts";
import { Fold } from "../../reducers/step.ts";
import { Diverged } from "../../replay/replay-kernel.ts";
import { type DrawnMachine, drawnMachines, machineOf } from "../model/turn-arbitraries.ts";
import { replayMachine, resumeMachine, runMachine, type TurnRun, withEvent } from "../model/turn-machine.ts";
import { slotOf } from "../model/turn-programs.ts";
import { demand, demandEqual, law, type Law } from "./law.ts";
import { hashOf } from "./recorded.ts";

type Counted = Extract<KernelEvent, { readonly ticks: number }>;

const isCounted = (event: KernelEvent): event is Counted =>
  event.type === "process/preempted" ||
  event.type === "process/suspended" ||
  event.type === "process/accounted";

/** A replay comes to the same, and none does of a log in which one turn has other ticks: it is told where. */
export function ticksAreCompared(drawn: DrawnMachine, which: number, by: number): void {
  const machine = machineOf(drawn);
  const run = runMachine(machine);
  demandEqual(hashOf(replayMachine(machine, run.log).state), hashOf(run.state), "the state of the replay");
  const turns = run.log.decoded().filter(isCounted);
  const turn = turns[which % Math.max(1, turns.length)];
  if (turn === undefined || turn.ticks + by < 0) return;
  const changed = withEvent(run.log, { ...turn, ticks: turn.ticks + by });
  demandEqual(
    divergenceOf(() => replayMachine(machine, changed)),
    turn.seq,
    "where other ticks are told",
  );
}

/** The seq at which a replay diverges; -1 if it does not. */
function divergenceOf(replay: () => unknown): number {
  try {
    replay();
    return -1;
  } catch (error) {
    if (error instanceof Diverged) return error.divergence.seq;
    throw error;
  }
}

/** How each life of each process ended, what was read from each pipe, and who waits for ever. Nothing of it depends on turns. */
function outcomeOf({ state, log, isStuck }: TurnRun): unknown {
  const ends = [...rowsOf(state.processes.rows)].map(([, { name, status, exitCode }]) => ({
    name,
    status: status === "waiting" ? "running" : status,
    exitCode,
  }));
  const read = new Map<number, number>();
  for (const event of log.decoded())
    if (event.type === "pipe/read") read.set(event.pipe, (read.get(event.pipe) ?? 0) + event.length);
  const byName = ends.map((end, index) => ({ ...end, index }));
  return {
    ends: byName
      .sort((one, other) =>
        one.name < other.name ? -1 : one.name > other.name ? 1 : one.index - other.index,
      )
      .map(({ name, status, exitCode }) => [name, status, exitCode]),
    read: [...read].filter(([, bytes]) => bytes > 0).sort(([one], [other]) => one - other),
    isStuck,
  };
}

/** A machine comes to the same end wherever its power is cut, often between an event and the wake that it led to. */
export function cutsAreUnseen(drawn: DrawnMachine, cut: number, isBeforeWake: boolean): void {
  const machine = machineOf(drawn);
  const run = runMachine(machine);
  const events = run.log.decoded();
  const first = events.findIndex(({ type }) => type === "process/started");
  const all = run.log.ends.filter((end) => end > first && first >= 0);
  const wakes = all.filter((end) => events[end]?.type === "process/woken");
  const ends = isBeforeWake && wakes.length > 0 ? wakes : all;
  const end = ends[cut % Math.max(1, ends.length)];
  if (end === undefined) return;
  const resumed = resumeMachine(machine, run.log, end);
  demandEqual(
    outcomeOf(resumed),
    outcomeOf(run),
    `what becomes of it when the power is cut before event ${end}`,
  );
  demandEqual(hashOf(replayMachine(machine, resumed.log).state), hashOf(resumed.state), "its replay");
}

/** That nobody can go on is told once, of all who live, where a machine would wait for ever, and nowhere else; the log tells it, too. */
export function standstillsAreTold(drawn: DrawnMachine): void {
  const machine = machineOf(drawn);
  const { log, told, isStuck, state } = runMachine(machine);
  const fold = new Fold(initialState());
  for (const event of log.decoded()) {
    fold.apply(event);
    const isStill = standstillOf(fold.state) !== null && !isMachineDue(machine.spec, fold.state);
    const isLast = event.seq === log.eventCount - 1;
    demandEqual(
      isStill,
      isStuck && isLast,
      `whether it stands still after event ${event.seq}, ${event.type}`,
    );
  }
  const living = [...rowsOf(state.processes.rows)].filter(([, { exitCode }]) => exitCode === -1);
  demandEqual(
    told.map((standing) => standing.map(({ pid }) => pid)),
    isStuck ? [living.map(([pid]) => pid)] : [],
    "who was told to stand still",
  );
  demand(isStuck || sizeOf(state.scheduler?.tasks ?? state.processes.rows) === 0, "nobody is left behind");
}

interface Life {
  readonly startedAt: KernelEvent;
  end: KernelEvent | null;
}

function livesIn(events: readonly KernelEvent[]): ReadonlyMap<string, Life[]> {
  const lives = new Map<string, Life[]>();
  const byPid = new Map<number, Life>();
  for (const event of events) {
    if (event.type === "process/started") {
      const life = { startedAt: event, end: null };
      byPid.set(event.pid, life);
      lives.set(event.name, [...(lives.get(event.name) ?? []), life]);
    }
    const isEnd = ["process/exited", "process/trapped", "process/killed"].includes(event.type);
    const life = byPid.get(event.pid);
    if (isEnd && life !== undefined) life.end = event;
  }
  return lives;
}

const isWell = (end: KernelEvent | null): boolean => end?.type === "process/exited" && end.code === 0;

/** Whether the last of so many lives is followed by another, as the machine file has it (docs/machine-file.md). */
function isFollowed({ restart }: ProcessSpec, lives: readonly Life[]): boolean {
  const last = lives.at(-1)?.end ?? null;
  if (last === null || restart.condition === "never" || lives.length > restart.maxRestarts) return false;
  return restart.condition === "always" || !isWell(last);
}

/** Each process has the lives that it is to have, each in its time. */
function livesAreKept(drawn: DrawnMachine): void {
  const machine = machineOf(drawn);
  const events = runMachine(machine).log.decoded();
  const all = livesIn(events);
  const livesOf = (place: number): readonly Life[] => all.get(`p${place}`) ?? [];
  machine.spec.processes.forEach((spec, place) => {
    const lives = livesOf(place);
    lives.forEach((life, index) => {
      const before = lives.slice(0, index);
      demand(
        index === 0 || isFollowed(spec, before),
        `life ${index + 1} of p${place} is one that it may have`,
      );
      const since = before.at(-1)?.end?.at ?? 0;
      demand(
        life.startedAt.at >= since + (index === 0 ? 0 : spec.restart.delayMicros),
        "and after its delay",
      );
    });
    demand(!isFollowed(spec, lives), `p${place} is started again, after ${lives.length} lives`);
    const others = spec.after.map((other) => livesOf(other).at(-1)?.end ?? null);
    const isDue = others.every(
      (end, index) => isWell(end) && !isFollowedAt(machine.spec.processes, spec.after[index] as number, all),
    );
    demandEqual(lives.length > 0, isDue, `whether p${place} has begun, after ${spec.after.join()}`);
    const [first] = lives;
    for (const end of others)
      demand(
        first === undefined || (end?.seq ?? 0) < first.startedAt.seq,
        `p${place} begins after others' ends`,
      );
  });
  pipesAreHeld(events);
}

const isFollowedAt = (
  processes: readonly ProcessSpec[],
  place: number,
  all: ReadonlyMap<string, readonly Life[]>,
): boolean => isFollowed(processes[place] as ProcessSpec, all.get(`p${place}`) ?? []);

/** Nobody reads the end of a pipe to which somebody writes later, nor is refused to write to one that somebody reads later. */
function pipesAreHeld(events: readonly KernelEvent[]): void {
  const ended = new Set<number>();
  const unread = new Set<number>();
  for (const event of events) {
    if (event.type === "pipe/written") demand(!ended.has(event.pipe), `pipe ${event.pipe} had ended`);
    if (event.type === "pipe/read") {
      demand(!unread.has(event.pipe), `nobody was to read pipe ${event.pipe} any more`);
      if (event.length === 0) ended.add(event.pipe);
    }
    if (event.type === "process/refused" && event.errno === errno.pipe && event.function === FD_WRITE)
      unread.add(event.slot - slotOf(0));
  }
}

const FD_WRITE = wasiNumber("fd_write");

export const turnLaws: readonly Law[] = [
  law({
    id: "F1-replay",
    statement:
      "programs that take turns come to the same in a replay, and a turn of other ticks is a divergence",
    runs: 60,
    cases: fc.record({ drawn: drawnMachines, which: fc.nat(1000), by: fc.constantFrom(-3, -1, 1, 1, 5) }),
    holds: ({ drawn, which, by }) => ticksAreCompared(drawn, which, by),
  }),
  law({
    id: "D3-turns",
    statement: "a machine whose power is cut between any two groups of events comes to the same end",
    runs: 60,
    cases: fc.record({ drawn: drawnMachines, cut: fc.nat(1000), isBeforeWake: fc.boolean() }),
    holds: ({ drawn, cut, isBeforeWake }) => cutsAreUnseen(drawn, cut, isBeforeWake),
  }),
  law({
    id: "F1-standstill",
    statement:
      "that nobody can go on is told once, where all who live wait for each other for ever, and the log says it at that moment alone",
    runs: 100,
    cases: drawnMachines,
    holds: standstillsAreTold,
  }),
  law({
    id: "F1-lives",
    statement:
      "each process of a machine lives as often, and as late, as its file says, and its pipes live as long",
    runs: 100,
    cases: drawnMachines,
    holds: livesAreKept,
  }),
];
