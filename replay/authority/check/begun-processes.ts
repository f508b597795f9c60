/** Which processes there are, how far each is, and to which services each was said to be entitled. */
import type { KernelEvent } from "../../../reducers/kernel-event.ts";
import type { Service } from "./use-rules.ts";

type Phase = "beginning" | "begun" | "ended";

export class BegunProcesses {
  readonly #phases = new Map<number, Phase>();
  readonly #entitled = new Map<number, Readonly<Record<Service, boolean>>>();

  take(event: KernelEvent): void {
    const { pid, type, call } = event;
    if (type === "process/started") this.#phases.set(pid, "beginning");
    else if (type === "process/entitled") this.#entitled.set(pid, event);
    else if (type === "process/exited" || type === "process/trapped" || type === "process/killed")
      this.#phases.set(pid, "ended");
    else if (pid > 0 && (call >= 0 || type === "process/scheduled" || type === "process/blocked"))
      this.#phases.set(pid, "begun");
  }

  /** Boot grants to a process between its start and its first turn or call, and never again. */
  mayBeGranted(pid: number): boolean {
    return this.#phases.get(pid) === "beginning";
  }

  /** A process that does something lives. */
  denyEnded({ pid, type, call }: KernelEvent): string | null {
    if (pid === 0) return call >= 0 ? "the machine itself calls nobody" : null;
    const phase = this.#phases.get(pid);
    if (type === "process/started") return phase === undefined ? null : `process ${pid} is there already`;
    if (phase === undefined) return `there is no process ${pid}`;
    return phase === "ended" ? `process ${pid} has ended` : null;
  }

  /** What the machine does by its own authority, it does before anybody begins. */
  denyMachine({ pid, call, type }: KernelEvent): string | null {
    const isBoot = ![...this.#phases.values()].includes("begun");
    if (pid === 0 && call < 0 && isBoot) return null;
    if (call < 0 && type === "object/created" && this.mayBeGranted(pid)) return null;
    return "no capability is named";
  }

  /** Whether it was said that a process may use a service, or nothing was said of any and it holds none. */
  isEntitled(pid: number, service: Service, holdsNone: boolean): boolean {
    return this.#entitled.get(pid)?.[service] ?? holdsNone;
  }
}
