/** Lets guests take turns until none is left, on this thread. */
import { peek, sizeOf } from "../core/table.ts";
import { GuestProcess } from "./guest-process.ts";
import { GuestStopped, type TurnKernel } from "./guest-kernel.ts";
import type { SuspendableGuest } from "./suspendable-guest.ts";

export class Turns {
  readonly #kernel: TurnKernel;
  readonly #guestOf: (pid: number) => SuspendableGuest;
  readonly #processes = new Map<number, GuestProcess>();
  #running: GuestProcess | null = null;

  constructor(kernel: TurnKernel, guestOf: (pid: number) => SuspendableGuest) {
    this.#kernel = kernel;
    this.#guestOf = guestOf;
  }

  /** Ticks that the guest which runs has used in its turn. */
  get ticks(): number {
    return this.#running?.ticks ?? 0;
  }

  /** Returns when all guests have ended, which gives null, or when their kernel stops them. */
  run(): GuestStopped | null {
    try {
      for (let turn = this.#kernel.nextTurn(); turn !== null; turn = this.#kernel.nextTurn())
        this.#take(turn.pid, turn.quantum);
      return null;
    } catch (error) {
      if (error instanceof GuestStopped) return error;
      throw error;
    }
  }

  #take(pid: number, quantum: number): void {
    const process = this.#processes.get(pid) ?? new GuestProcess(this.#kernel, pid, this.#guestOf(pid));
    this.#processes.set(pid, process);
    this.#running = process;
    const end = process.turn(quantum);
    const { ticks } = process;
    if (end.kind === "preempted") return this.#kernel.preempted(pid, ticks);
    if (end.kind === "suspended") return this.#kernel.suspended(pid, ticks);
    if (end.kind === "ended") this.#kernel.end(pid, end.end);
    this.#forgetDead();
  }

  /** Guests that have ended, or were ended between their turns. */
  #forgetDead(): void {
    const tasks = this.#kernel.state.scheduler?.tasks;
    if (tasks === undefined || this.#processes.size <= sizeOf(tasks)) return;
    for (const pid of this.#processes.keys()) if (peek(tasks, pid) === null) this.#processes.delete(pid);
  }
}
