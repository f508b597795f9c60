/** Lets guests take turns until none is left, on this thread. */
import { peek, sizeOf } from "../core/table.ts";
import { GuestProcess, type RestingGuest, type TurnEnd } from "./guest-process.ts";
import { GuestStopped, type TurnKernel } from "./guest-kernel.ts";
import type { GuestImage, Pauses, RestingGuests } from "./pauses.ts";
import type { SuspendableGuest } from "./suspendable-guest.ts";

export interface TurnsOptions {
  /** Whose pauses they keep; null for nobody's. */
  readonly pauses: Pauses | null;
  /** What guests go on from, by pid: each is taken out when its guest goes on, as it may be as large as that. */
  readonly images: Map<number, GuestImage>;
}

const undisturbed = (): TurnsOptions => ({ pauses: null, images: new Map() });

export class Turns implements RestingGuests {
  readonly #kernel: TurnKernel;
  readonly #guestOf: (pid: number) => SuspendableGuest;
  readonly #options: TurnsOptions;
  readonly #processes = new Map<number, GuestProcess>();
  #running: GuestProcess | null = null;

  constructor(kernel: TurnKernel, guestOf: (pid: number) => SuspendableGuest, options = undisturbed()) {
    this.#kernel = kernel;
    this.#guestOf = guestOf;
    this.#options = options;
  }

  /** Ticks that the guest which runs has used in its turn. */
  get ticks(): number {
    return this.#running?.ticks ?? 0;
  }

  /** Returns when all guests have ended, which gives null, or when their kernel stops them. */
  run(): GuestStopped | null {
    try {
      const pid = this.#kernel.state.scheduler?.running ?? 0;
      if (pid !== 0) {
        this.#pauseIfDue();
        this.#take(pid, (process) => process.goOn());
      }
      for (;;) {
        this.#pauseIfDue();
        const turn = this.#kernel.nextTurn();
        if (turn === null) return null;
        this.#take(turn.pid, (process) => process.turn(turn.quantum));
      }
    } catch (error) {
      if (error instanceof GuestStopped) return error;
      throw error;
    }
  }

  #take(pid: number, begin: (process: GuestProcess) => TurnEnd): void {
    const process = this.#processOf(pid);
    this.#running = process;
    let end = begin(process);
    for (; end.kind === "paused"; end = process.goOn()) this.#pause();
    const { ticks } = process;
    if (end.kind === "preempted") return this.#kernel.preempted(pid, ticks);
    if (end.kind === "suspended") return this.#kernel.suspended(pid, ticks);
    if (end.kind === "ended") this.#kernel.end(pid, end.end);
    this.#forgetDead();
  }

  #processOf(pid: number): GuestProcess {
    const known = this.#processes.get(pid);
    if (known !== undefined) return known;
    const { pauses, images } = this.#options;
    const image = images.get(pid) ?? null;
    images.delete(pid);
    const process = new GuestProcess({
      kernel: this.#kernel,
      pid,
      guest: this.#guestOf(pid),
      pauses,
      image,
    });
    this.#processes.set(pid, process);
    return process;
  }

  /** The guest as it rests; null if it has not begun or has ended. */
  resting(pid: number): RestingGuest | null {
    const isKnown = this.#processes.has(pid) || this.#options.images.has(pid);
    return isKnown ? this.#processOf(pid).resting : null;
  }

  /** Lets a guest that rests run for so many ticks, or up to its next call; how many it has used. Nobody hears of it. */
  step(pid: number, ticks: number): number {
    return this.#processOf(pid).step(ticks);
  }

  #pauseIfDue(): void {
    if (this.#options.pauses?.isDue(false) === true) this.#pause();
  }

  #pause(): void {
    this.#options.pauses?.take(this);
  }

  living(): readonly number[] {
    const tasks = this.#kernel.state.scheduler?.tasks;
    const begun = new Set([...this.#options.images.keys(), ...this.#processes.keys()]);
    return [...begun].filter((pid) => tasks !== undefined && peek(tasks, pid) !== null);
  }

  images(): readonly GuestImage[] {
    const images = this.living().map((pid) => this.#processes.get(pid)?.image() ?? null);
    return images.filter((image) => image !== null);
  }

  /** Guests that have ended, or were ended between their turns. */
  #forgetDead(): void {
    const tasks = this.#kernel.state.scheduler?.tasks;
    if (tasks === undefined || this.#processes.size <= sizeOf(tasks)) return;
    for (const pid of this.#processes.keys()) if (peek(tasks, pid) === null) this.#processes.delete(pid);
  }
}
