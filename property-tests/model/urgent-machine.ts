/**
 * A machine of urgent and other guests without their modules: each does what a list says, for as many ticks as that says, and all else is
 * as it is where guests run: turns, calls, quanta that are used up at the end of a loop, the log, and the replay of it.
 */
import { GuestStopped, type GuestCall, type TurnKernel } from "../../guests/guest-kernel.ts";
import type { GuestMemory } from "../../guests/guest-memory.ts";
import { LiveKernel } from "../../machine/live-kernel.ts";
import { LiveTurns } from "../../machine/live-turns.ts";
import type { Request } from "../../reducers/decide/request.ts";
import type { KernelFact } from "../../reducers/kernel-event.ts";
import { initialState, type KernelState } from "../../reducers/kernel-state.ts";
import { TICKS_PER_MICRO } from "../../reducers/scheduler/contexts.ts";
import { Diverged, ReplayKernel } from "../../replay/replay-kernel.ts";
import { ReplayTurns } from "../../replay/replay-turns.ts";
import { StreamReader } from "../../replay/stream-reader.ts";
import { recordLog } from "../laws/recorded.ts";
import type { MemoryLog } from "./memory-log.ts";
import { Over, TickClock, TickedLog, UrgentWaiter } from "./urgent-clock.ts";

/** What a guest does next. A loop's rounds cost so many ticks each, and may not be interrupted within one. */
export type Doing =
  | { readonly kind: "work"; readonly ticks: number }
  | { readonly kind: "call"; readonly request: Request }
  /** Replies to the call that was received last. */
  | { readonly kind: "reply" }
  | { readonly kind: "trap" };

export interface UrgentGuest {
  readonly name: string;
  /** Done once, before the rest; and what is done again and again, or nothing, and then it ends. */
  readonly first: readonly Doing[];
  readonly again: readonly Doing[];
  /** Ticks of one round of its loops. */
  readonly roundTicks: number;
}

/** The line that somebody outside raises, by its object, and when, in microseconds. */
export interface Raise {
  readonly line: number;
  readonly at: number;
}

export interface UrgentSpec {
  readonly quantum: number;
  readonly guests: readonly UrgentGuest[];
  /** What boot makes a fact, beside the start of the guests. */
  readonly boot: readonly (readonly [pid: number, fact: KernelFact])[];
  readonly raises: readonly Raise[];
  readonly endMicros: number;
  /** What those do that are spawned. */
  readonly spawned?: UrgentGuest;
}

/** One guest, as it goes through its list. */
interface Going {
  readonly guest: UrgentGuest;
  next: number;
  /** Ticks that are left of the work that it is at. */
  left: number;
  waits: boolean;
  total: number;
  reply: number;
}

export class UrgentMachine {
  readonly #clock = new TickClock();
  readonly log = new TickedLog(this.#clock);
  readonly #spec: UrgentSpec;
  readonly #goings = new Map<number, Going>();
  /** Ticks that the guest which runs has used in its turn. */
  #used = 0;
  #endMicros: number;

  constructor(spec: UrgentSpec) {
    this.#spec = spec;
    this.#endMicros = spec.endMicros;
    spec.guests.forEach((guest, index) => void this.#goings.set(index + 1, begin(guest)));
  }

  get ticks(): number {
    return this.#used;
  }

  /** Runs the machine, from its boot to its end. The state then. */
  run(): KernelState {
    const waiter = new UrgentWaiter(this.#clock, this.#spec);
    const live = new LiveKernel({
      state: initialState(),
      log: this.log,
      devices: {
        clock: this.#clock,
        entropy: { fill: () => {} },
        directories: { answer: () => [] },
        console: { take: () => null, news: () => [] },
      },
      waiter,
      everyEventDurable: false,
      ticks: () => this.#used,
    });
    live.together(() => this.#boot(live));
    this.follow(new LiveTurns(live, waiter, this.#clock, null));
    return live.state;
  }

  #boot(live: LiveKernel): void {
    const { quantum, guests, boot } = this.#spec;
    live.record(0, { type: "machine/powered-on", wall: 0, clock: "virtual", version: 1, nameSeed: 0 });
    live.record(0, { type: "scheduler/configured", quantum, seed: 3, transform: 1 });
    const nothing = { program: "", args: [], environment: [], memoryPages: 1 };
    guests.forEach(({ name }, index) =>
      live.record(index + 1, { type: "process/started", name, ...nothing }),
    );
    for (const [pid, fact] of boot) live.record(pid, fact);
  }

  /** Lets the guests take their turns over the log of such a machine. Throws where they do not do what it says. */
  replay(log: MemoryLog): KernelState {
    const { asStore } = recordLog(log, [], 1000).store;
    const replay = new ReplayKernel(asStore, new StreamReader(asStore), () => {});
    this.#endMicros = Number.POSITIVE_INFINITY;
    this.follow(new ReplayTurns(replay, () => this.#used));
    replay.drain();
    return replay.state;
  }

  /** Lets the guests take their turns as a kernel says, until it stops them. */
  follow(kernel: TurnKernel): void {
    try {
      for (let turn = kernel.nextTurn(); turn !== null; turn = kernel.nextTurn()) {
        if (this.#clock.now() > this.#endMicros) return;
        this.#used = 0;
        this.#turn(kernel, turn.pid, turn.quantum === 0 ? Number.POSITIVE_INFINITY : turn.quantum);
        this.#used = 0;
      }
    } catch (error) {
      if (!(error instanceof GuestStopped) || error instanceof Diverged) throw error;
    }
  }

  #turn(kernel: TurnKernel, pid: number, quantum: number): void {
    const going = this.#goings.get(pid) ?? begin(this.#spec.spawned as UrgentGuest);
    this.#goings.set(pid, going);
    for (let granted = quantum; ; ) {
      const doing = doingOf(going);
      if (doing === null) return kernel.end(pid, { kind: "returned" });
      switch (doing.kind) {
        case "trap":
          return kernel.end(pid, { kind: "trapped", message: "unreachable", stack: [] });
        case "work":
          granted = this.#work(kernel, pid, { going, ticks: doing.ticks, granted });
          if (granted === 0) return kernel.preempted(pid, this.#used);
          if (this.#clock.now() > this.#endMicros) throw new Over("its time is over");
          break;
        default: {
          granted = this.#refilled(kernel, pid, granted);
          if (granted === 0) return kernel.preempted(pid, this.#used);
          const end = this.#call(kernel, pid, going, doing);
          if (end === "preempted") return kernel.preempted(pid, this.#used);
          if (end === "suspended") return kernel.suspended(pid, this.#used);
          if (end === "ended") return;
        }
      }
    }
  }

  /** Works up to the end of its work or of its ticks; the ticks that were granted by then, 0 if it is another one's turn. */
  #work(
    kernel: TurnKernel,
    pid: number,
    { going, ticks, granted }: { readonly going: Going; readonly ticks: number; readonly granted: number },
  ): number {
    const { roundTicks } = going.guest;
    if (going.left === 0) going.left = Math.ceil(ticks / roundTicks);
    const end = this.#endMicros * TICKS_PER_MICRO + TICKS_PER_MICRO - this.#clock.ticks;
    const wanted = Math.min(granted - this.#used, Math.max(1, end));
    const rounds = Math.min(going.left, Math.ceil(wanted / roundTicks));
    this.#use(going, rounds * roundTicks);
    going.left -= rounds;
    if (going.left === 0) going.next += 1;
    return this.#refilled(kernel, pid, granted);
  }

  /** The ticks that are granted, more than were used; 0 if it is another one's turn. */
  #refilled(kernel: TurnKernel, pid: number, granted: number): number {
    let all = granted;
    while (all <= this.#used) {
      const more = kernel.refill(pid, this.#used);
      if (more <= 0) return 0;
      all += more;
    }
    return all;
  }

  /** Ticks that a guest has used in all its turns, also in the one that was cut off at the end. */
  usedBy(pid: number): number {
    return this.#goings.get(pid)?.total ?? 0;
  }

  #use(going: Going, ticks: number): void {
    going.total += ticks;
    this.#used += ticks;
    this.#clock.ticks += ticks;
  }

  #call(
    kernel: TurnKernel,
    pid: number,
    going: Going,
    doing: Extract<Doing, { kind: "call" | "reply" }>,
  ): "goes on" | "preempted" | "suspended" | "ended" {
    if (!going.waits) this.#use(going, 1);
    const request = doing.kind === "call" ? doing.request : replyTo(going.reply);
    const answer = kernel.answer(callOf(pid, request, going.waits));
    going.waits = answer === null;
    if (answer === null) return "suspended";
    going.next += 1;
    if (answer.type === "ipc/received") going.reply = answer.reply;
    if (answer.type === "process/exited" || answer.type === "process/killed") return "ended";
    return kernel.handsOn(pid, this.#used, answer.type === "process/yielded") ? "preempted" : "goes on";
  }
}

const begin = (guest: UrgentGuest): Going => ({
  guest,
  next: 0,
  left: 0,
  waits: false,
  total: 0,
  reply: -1,
});

/** What it does now; null at its end. */
function doingOf({ guest: { first, again }, next }: Going): Doing | null {
  if (next < first.length) return first[next] as Doing;
  return again.length === 0 ? null : (again[(next - first.length) % again.length] as Doing);
}

const replyTo = (fd: number): Request => ({ call: "ipc_reply", fd: Math.max(0, fd), size: 0, given: [] });

function callOf(pid: number, request: Request, isAgain: boolean): GuestCall {
  const text = JSON.stringify(request);
  let digest = 0;
  for (let at = 0; at < text.length; at += 1) digest = (digest * 31 + text.charCodeAt(at)) & 0xffff;
  // Nothing that they ask brings or takes bytes.
  const memory = null as unknown as GuestMemory;
  return { pid, number: 0, args: [], request, refused: 0, reason: "none", digest, memory, isAgain };
}
