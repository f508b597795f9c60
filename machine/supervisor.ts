/**
 * Starts the processes of a machine when it is their time: those that are after others once these have ended well, those that may be
 * started again once they have ended. Until then the machine itself holds their ends of pipes, so that nobody takes them for closed.
 */
import { peek, rowsOf, sizeOf } from "../core/table.ts";
import { afterLife, mayLiveAgain, missingEnds } from "./after-life.ts";
import { desertedEndpoints, receiversOf, takenBack } from "./deserted-endpoints.ts";
import { beginMachine, startProcess } from "./boot-machine.ts";
import type { LiveKernel } from "./live-kernel.ts";
import { type MachineSpec, pipeEnds, type ProcessSpec } from "./machine-spec.ts";

/** A process of the machine, over all its lives. */
interface Unit {
  readonly spec: ProcessSpec;
  lives: number;
  /** The pid of its life; 0 if it has none. */
  pid: number;
  /** Kernel time from which on it may have its next life. */
  dueAt: number;
  /** How it ended for good; null if it may still live. */
  end: "well" | "badly" | null;
}

export class Supervisor {
  readonly #live: LiveKernel;
  readonly #units: readonly Unit[];
  readonly #byPid = new Map<number, Unit>();
  readonly #receivers: ReadonlyMap<number, readonly number[]>;
  /** How many had ended when it was last looked: its own, and those that were spawned. */
  #endedCount = -1;
  /** Whether somebody has ended since it was last looked whose time it is. */
  #isStirred = true;
  #nextDue = 0;

  private constructor(live: LiveKernel, machine: MachineSpec) {
    this.#live = live;
    this.#units = machine.processes.map((spec) => ({ spec, lives: 0, pid: 0, dueAt: 0, end: null }));
    this.#receivers = receiversOf(machine);
  }

  /** Of a machine that begins. */
  static begin(live: LiveKernel, machine: MachineSpec): Supervisor {
    const supervisor = new Supervisor(live, machine);
    live.together(() => {
      beginMachine(live, machine);
      supervisor.#holdEnds();
    });
    supervisor.tend();
    return supervisor;
  }

  /** Of a machine whose power was cut: delays begin anew, unless it is said when each process ended. */
  static resume(
    live: LiveKernel,
    machine: MachineSpec,
    endedAt: (pid: number) => number = () => live.now(),
  ): Supervisor {
    const supervisor = new Supervisor(live, machine);
    const byName = new Map(supervisor.#units.map((unit) => [unit.spec.name, unit]));
    live.together(() => {
      for (const [pid, { name, spawner }] of rowsOf(live.state.processes.rows)) {
        const unit = spawner === 0 ? byName.get(name) : undefined;
        if (unit === undefined) continue;
        unit.lives += 1;
        unit.pid = pid;
        supervisor.#byPid.set(pid, unit);
        if (!supervisor.#lives(pid)) supervisor.#ended(pid, unit, endedAt(pid));
      }
      supervisor.#holdEnds();
    });
    return supervisor;
  }

  /** Looks who has ended, and starts those whose time it is. */
  tend(): void {
    this.notice();
    if (!this.#isStirred && !this.isDue) return;
    this.#isStirred = false;
    this.#startDue();
    this.#leaveDeserted();
    const waiting = this.#units.filter(({ end, pid, dueAt }) => end === null && pid === 0 && dueAt > 0);
    this.#nextDue = waiting.reduce((least, { dueAt }) => (least === 0 ? dueAt : Math.min(least, dueAt)), 0);
  }

  /** Looks who has ended, and starts nobody. */
  notice(endedAt: (pid: number) => number = () => this.#live.now()): void {
    const { scheduler } = this.#live.state;
    const endedCount = scheduler === undefined ? 0 : sizeOf(scheduler.ended);
    if (this.#endedCount === endedCount) return;
    this.#endedCount = endedCount;
    this.#isStirred = true;
    for (const [pid, unit] of this.#byPid) if (!this.#lives(pid)) this.#ended(pid, unit, endedAt(pid));
  }

  /** Gives up those that will never start. */
  settle(): void {
    const isLost = (unit: Unit): boolean =>
      unit.lives === 0 &&
      unit.end === null &&
      unit.spec.after.some((place) => this.#units[place]?.end === "badly");
    for (let lost = this.#units.find(isLost); lost !== undefined; lost = this.#units.find(isLost))
      this.#finish(lost, "badly");
  }

  /** Starts the one with a name, if it is its time; others stay as they are. */
  startOnly(name: string): void {
    const unit = this.#units.find(({ spec }) => spec.name === name);
    if (unit !== undefined && this.#isDue(unit)) this.#start(unit);
  }

  #lives(pid: number): boolean {
    const { scheduler } = this.#live.state;
    return scheduler !== undefined && peek(scheduler.tasks, pid) !== null;
  }

  /** Kernel time at which somebody may be started again; 0 if nobody waits for that. */
  get nextDue(): number {
    return this.#nextDue;
  }

  get isDue(): boolean {
    return this.#nextDue > 0 && this.#nextDue <= this.#live.now();
  }

  /** Whether nobody will live any more who does not now. */
  get isDone(): boolean {
    return this.#units.every(({ pid, end }) => end !== null || pid !== 0);
  }

  #startDue(): void {
    // Those that never start may be what others are after.
    for (let due = this.#dueUnits(); due.length > 0; due = this.#dueUnits()) {
      for (const unit of due) {
        if (unit.spec.after.some((place) => this.#units[place]?.end === "badly")) this.#finish(unit, "badly");
        else this.#start(unit);
      }
    }
  }

  #dueUnits(): readonly Unit[] {
    return this.#units.filter((unit) => this.#isDue(unit));
  }

  #isDue({ spec, pid, end, dueAt }: Unit): boolean {
    if (end !== null || pid !== 0 || dueAt > this.#live.now()) return false;
    const others = spec.after.map((place) => this.#units[place]?.end ?? null);
    return others.includes("badly") || others.every((other) => other === "well");
  }

  /** A process begins with all that it is given, or not at all. */
  #start(unit: Unit): void {
    unit.lives += 1;
    this.#live.together(() => {
      unit.pid = startProcess(this.#live, unit.spec);
      if (!mayLiveAgain(unit.spec, unit.lives)) this.#releaseEnds(unit);
    }, false);
    this.#byPid.set(unit.pid, unit);
  }

  #ended(pid: number, unit: Unit, at: number): void {
    this.#byPid.delete(pid);
    unit.pid = 0;
    const row = peek(this.#live.state.processes.rows, pid);
    const next = afterLife(unit.spec, unit.lives, row);
    if (next === "again") unit.dueAt = at + unit.spec.restart.delayMicros;
    else this.#finish(unit, next);
  }

  #finish(unit: Unit, end: "well" | "badly"): void {
    unit.end = end;
    if (unit.lives === 0 || mayLiveAgain(unit.spec, unit.lives)) this.#releaseEnds(unit);
  }

  /** Takes endpoints back at which nobody will receive. */
  #leaveDeserted(): void {
    const mayLive = (place: number): boolean => this.#units[place]?.end === null;
    for (const object of desertedEndpoints(this.#live.state, this.#receivers, mayLive))
      this.#live.together(() => {
        for (let facts = takenBack(this.#live.state, object); facts.length > 0; ) {
          const step = facts;
          this.#live.asOne(() => {
            for (const fact of step) this.#live.record(0, fact);
          }, false);
          facts = takenBack(this.#live.state, object);
        }
      }, false);
  }

  #releaseEnds({ spec }: Unit): void {
    for (const { pipe, end } of pipeEnds(spec)) this.#reserve(pipe, end, -1);
  }

  #reserve(pipe: number, end: "read" | "write", count: number): void {
    if (count === 0 || peek(this.#live.state.pipes.rows, pipe) === null) return;
    const [readers, writers] = end === "read" ? [count, 0] : [0, count];
    this.#live.record(0, { type: "pipe/reserved", pipe, readers, writers });
  }

  /** Holds the ends of all who may live and do not, and lets go of what was held for others. */
  #holdEnds(): void {
    const holders = this.#units.filter(
      ({ spec, lives, pid, end }) => end === null && (pid === 0 || mayLiveAgain(spec, lives)),
    );
    for (const [key, by] of missingEnds(
      this.#live.state,
      holders.map(({ spec }) => spec),
    )) {
      const [pipe, end] = key.split(" ");
      this.#reserve(Number(pipe), end as "read" | "write", by);
    }
  }
}
