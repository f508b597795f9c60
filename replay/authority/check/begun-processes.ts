/** Which processes there are, how far each is, and who started those that the machine did not. */
import type { KernelEvent } from "../../../reducers/kernel-event.ts";

type Phase = "beginning" | "begun" | "ended";
type Started = Extract<KernelEvent, { type: "process/started" }>;

export class BegunProcesses {
  readonly #phases = new Map<number, Phase>();
  /** How each process that has not begun was started. */
  readonly #starts = new Map<number, Started>();
  /** Whose capabilities a process has inherited that has not begun. */
  readonly #givers = new Map<number, number>();
  #begunCount = 0;

  take(event: KernelEvent): void {
    const { pid, type, call } = event;
    if (event.type === "process/started") {
      this.#phases.set(pid, "beginning");
      this.#starts.set(pid, event);
    } else if (event.type === "process/spawned") this.#begin(event.child);
    else if (type === "process/exited" || type === "process/trapped" || type === "process/killed")
      this.#phases.set(pid, "ended");
    else if (pid > 0 && (call >= 0 || begins.has(type))) this.#begin(pid);
  }

  #begin(pid: number): void {
    if (this.#phases.get(pid) !== "beginning") return;
    this.#phases.set(pid, "begun");
    this.#starts.delete(pid);
    this.#givers.delete(pid);
    this.#begunCount += 1;
  }

  /** Boot grants to a process between its start and its first turn or call, and never again. */
  mayBeGranted(pid: number): boolean {
    return this.#phases.get(pid) === "beginning" && !this.#givers.has(pid);
  }

  mayBeRanked(pid: number): boolean {
    return this.#phases.get(pid) === "beginning";
  }

  hasEnded(pid: number): boolean {
    return this.#phases.get(pid) === "ended";
  }

  /** A process inherits of one other, before it begins; null if it may. Who started it says so at once behind. */
  inherit(pid: number, giver: number): string | null {
    if (this.#phases.get(pid) !== "beginning") return `process ${pid} is not beginning: it inherits nothing`;
    const known = this.#givers.get(pid) ?? giver;
    if (known !== giver) return `process ${pid} inherits of process ${known} already`;
    this.#givers.set(pid, giver);
    return null;
  }

  /** How a process was started that another one says to have started; or why it cannot have been that one. */
  spawned(child: number, by: number): Started | string {
    const start = this.#starts.get(child);
    if (start === undefined) return `process ${child} is not beginning`;
    const giver = this.#givers.get(child) ?? by;
    return giver === by ? start : `process ${child} has inherited of process ${giver}`;
  }

  /** A process that does something lives, and whoever it inherited of has started it. */
  denyEnded({ pid, type, call }: KernelEvent): string | null {
    if (pid === 0) return call >= 0 ? "the machine itself calls nobody" : null;
    const phase = this.#phases.get(pid);
    if (type === "process/started") return phase === undefined ? null : `process ${pid} is there already`;
    if (phase === undefined) return `there is no process ${pid}`;
    if (phase === "beginning" && this.#givers.has(pid) && (call >= 0 || begins.has(type)))
      return `process ${pid} has inherited of process ${this.#givers.get(pid)}, who did not start it`;
    return phase === "ended" ? `process ${pid} has ended` : null;
  }

  /** What the machine does by its own authority, it does before anybody begins. */
  denyMachine({ pid, call, type }: KernelEvent): string | null {
    if (pid === 0 && call < 0 && this.#begunCount === 0) return null;
    if (call < 0 && type === "object/created" && this.mayBeGranted(pid)) return null;
    return "no capability is named";
  }
}

/** What a process does that has its turn. */
const begins: ReadonlySet<string> = new Set(["process/scheduled", "process/blocked"]);
