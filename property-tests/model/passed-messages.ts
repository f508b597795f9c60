/**
 * Many processes that send each other names over endpoints, some with a directory beside, call, answer, and open files by name: whether
 * an opening is by the authority of whoever named the file is known from how the tale is made, not from the log.
 */
import fc from "fast-check";
import { allRights } from "../../core/rights.ts";
import { allRightsOf } from "../../core/object-rights.ts";
import { peek } from "../../core/table.ts";
import { callNumber } from "../../guests/call-table.ts";
import { addressOf, MACHINE, space } from "../../reducers/capabilities/address.ts";
import { freeSlot } from "../../reducers/capabilities/capability-selectors.ts";
import type { KernelEvent } from "../../reducers/kernel-event.ts";
import { GuestDriver, type RawCall } from "./guest-driver.ts";
import { HistoryMachine } from "./history-machine.ts";
import { place } from "./memory-layout.ts";
import { opening, ROOT_SLOT } from "./spoken-names.ts";

/** Small numbers choose among those who can do such a thing then. */
export interface Passed {
  readonly do: "send" | "call" | "receive" | "reply" | "open";
  readonly who: number;
  readonly endpoint: number;
  readonly name: number;
  /** Which directory it is done through, or which goes along; none at all where it is odd. */
  readonly directory: number;
}

const PROCESSES = 50;
const ENDPOINTS = 5;
const names = ["billing", "a.out", "ledger-2", "für", "x", "payroll", "minutes", "draft.txt"] as const;

export const passedMessages = (length: number): fc.Arbitrary<readonly Passed[]> =>
  fc.array(
    fc.record({
      do: fc.constantFrom("send", "call", "call", "receive", "receive", "receive", "reply", "open", "open"),
      who: fc.nat(99),
      endpoint: fc.nat(ENDPOINTS - 1),
      name: fc.nat(99),
      directory: fc.nat(15),
    }),
    { minLength: length, maxLength: length + 60, size: "max" },
  );

/** A directory in a slot, and who has handed it on. */
interface Held {
  readonly slot: number;
  readonly hands: ReadonlySet<number>;
}

interface Said {
  readonly name: string;
  readonly given: Held | null;
}

interface Heard {
  readonly name: string;
  readonly from: number;
  readonly seq: number;
}

const message = 0x5800;
const room = 0x5900;
const slotsAt = 0x6200;
const words = (...values: readonly number[]): Uint8Array => new Uint8Array(Uint32Array.from(values).buffer);

/** What a call of messages has in memory: what is said and given, and the room for what comes back. */
function exchangeCall(name: string, args: readonly number[], said: Said | null): RawCall {
  const bytes = Buffer.from(said === null ? "" : `${said.name}\n`);
  const given = said?.given ?? null;
  const inputs = [
    { at: message, bytes: words(place.buffer, bytes.length, place.subscriptions, given === null ? 0 : 1) },
    { at: place.buffer, bytes },
    { at: place.subscriptions, bytes: words(given?.slot ?? 0, 0, allRights, 0) },
    { at: room, bytes: words(place.buffer + 0x1000, 100, 0, slotsAt, 1, 0, 0, 0) },
  ];
  return { number: callNumber("foldos", name), args: [...args], inputs, outputBytes: 0 };
}

export class PassingMachine {
  readonly machine = new HistoryMachine(PROCESSES);
  /** The seqs of openings that somebody else designated, and by whose authority they were not. */
  readonly designated: number[] = [];
  /** Openings by what came from whoever named the file. */
  ownCount = 0;
  readonly #drivers: readonly GuestDriver[];
  readonly #waiting = new Map<number, { readonly raw: RawCall; readonly said: Said | null }>();
  readonly #directories = new Map<number, Held[]>();
  readonly #heard = new Map<number, Heard[]>();
  /** Rights to reply, by who holds them: the slot, and who called. */
  readonly #replies = new Map<number, { readonly slot: number; readonly caller: number }[]>();
  /** What was replied to whom. */
  readonly #replied = new Map<number, Said & { readonly by: number }>();
  readonly #endpoints: number[] = [];

  constructor() {
    const { live } = this.machine;
    const pids = Array.from({ length: PROCESSES }, (_, index) => index + 1);
    for (let at = 0; at < ENDPOINTS; at += 1) {
      const target = live.state.capabilities.nextObject;
      const made = { object: "endpoint", target, rights: allRightsOf("endpoint"), label: "" } as const;
      const to = addressOf(space.kept, MACHINE, at);
      live.record(0, { type: "object/created", by: 0, to, budget: 0, bytes: 0, detail: 0, ...made });
      for (const pid of pids) {
        const slot = freeSlot(live.state.capabilities, pid);
        this.#endpoints[at] = slot;
        live.record(pid, { type: "capability/granted", slot, inheriting: 0, ...made });
      }
    }
    for (const pid of pids) this.#directories.set(pid, [{ slot: ROOT_SLOT, hands: new Set() }]);
    this.#drivers = pids.map((pid) => new GuestDriver(live, pid));
  }

  step(step: Passed): void {
    const able = this.#able(step);
    const pid = able[step.who % Math.max(1, able.length)];
    if (pid === undefined) return;
    const waits = this.#waiting.get(pid);
    if (waits !== undefined) return this.#ask(pid, waits.raw, waits.said, true);
    const fd = this.#endpoints[step.endpoint] ?? 0;
    switch (step.do) {
      case "send":
        return this.#say(pid, "ipc_send", [fd, message, 0], step);
      case "call":
        return this.#say(pid, "ipc_call", [fd, message, room], step);
      case "receive":
        return this.#ask(pid, exchangeCall("ipc_receive", [fd, room, 1], null), null);
      case "reply": {
        const replies = this.#replies.get(pid) ?? [];
        const to = replies.shift();
        return to === undefined ? undefined : this.#reply(pid, to, step);
      }
      case "open":
        return this.#open(pid, step);
    }
  }

  /** Who can do such a thing; where nobody has heard anything, all can open. */
  #able({ do: what }: Passed): readonly number[] {
    const pids = [...this.#directories.keys()];
    if (what === "reply")
      return pids.filter((pid) => (this.#replies.get(pid)?.length ?? 0) > 0 && this.#isFree(pid));
    const free = pids.filter((pid) => this.#isFree(pid) || this.#mayGoOn(pid));
    const hearers = free.filter((pid) => this.#heard.has(pid));
    return what === "open" && hearers.length > 0 ? hearers : free;
  }

  readonly #isFree = (pid: number): boolean => !this.#waiting.has(pid);
  /** Whether what it has sent was taken, and answered if it wants that. */
  #mayGoOn(pid: number): boolean {
    const exchange = peek(this.machine.state.ipc.exchanges, pid);
    return (
      exchange === null ||
      (exchange.awaitsReply ? exchange.status === "replied" : exchange.status !== "queued")
    );
  }

  #saidBy(pid: number, { name, directory }: Passed): Said {
    const held = this.#directories.get(pid) ?? [];
    const heard = this.#heard.get(pid) ?? [];
    const said = directory % 4 === 0 ? heard[name % Math.max(1, heard.length)]?.name : undefined;
    const given = directory % 2 === 1 ? null : (held[(directory >> 1) % held.length] ?? null);
    return { name: said ?? (names[name % names.length] as string), given };
  }

  #say(pid: number, call: string, args: readonly number[], step: Passed): void {
    const said = this.#saidBy(pid, step);
    this.#ask(pid, exchangeCall(call, args, said), said);
  }

  #reply(
    pid: number,
    { slot, caller }: { readonly slot: number; readonly caller: number },
    step: Passed,
  ): void {
    const said = this.#saidBy(pid, step);
    const event = this.#answered(pid, exchangeCall("ipc_reply", [slot, message], said), false);
    if (event?.type === "ipc/replied") this.#replied.set(caller, { ...said, by: pid });
  }

  #open(pid: number, { name, directory }: Passed): void {
    const heard = this.#heard.get(pid) ?? [];
    const held = this.#directories.get(pid) ?? [];
    const path =
      name % 4 === 0 ? names[name % names.length] : heard[heard.length - 1 - (name % heard.length)]?.name;
    const through = held[directory % held.length] as Held;
    const event = this.#answered(pid, opening(path ?? "billing", through.slot), false);
    if (event?.type !== "file/opened") return;
    const by = this.#designators(pid, path ?? "billing", event.seq);
    if (by.length === 0) return;
    if (by.some((each) => through.hands.has(each))) this.ownCount += 1;
    else this.designated.push(event.seq);
  }

  /** Who said a name last, whom that one had it from, and so on. Two bytes or fewer tell nothing. */
  #designators(pid: number, name: string, before: number): readonly number[] {
    const found: number[] = [];
    if (Buffer.byteLength(name) < 3) return found;
    for (let listener = pid, until = before; ; ) {
      const last = (this.#heard.get(listener) ?? [])
        .filter(
          (one) => one.name === name && one.seq < until && one.from !== pid && !found.includes(one.from),
        )
        .at(-1);
      if (last === undefined) return found;
      found.push(last.from);
      listener = last.from;
      until = last.seq;
    }
  }

  #answered(pid: number, raw: RawCall, isAgain: boolean): KernelEvent | null {
    const { live } = this.machine;
    const driver = this.#drivers[pid - 1] as GuestDriver;
    return driver.ask(raw, (call) => live.tryAnswer({ ...call, isAgain }, isAgain ? 0 : -1));
  }

  #ask(pid: number, raw: RawCall, said: Said | null, isAgain = false): void {
    const event = this.#answered(pid, raw, isAgain);
    if (event === null) return void this.#waiting.set(pid, { raw, said });
    this.#waiting.delete(pid);
    if (event.type === "ipc/received") {
      const { sender, slots, reply, seq } = event;
      const sent = this.#waiting.get(sender)?.said ?? null;
      if (sent !== null) this.#hear(pid, sent, { from: sender, seq, slots });
      if (reply >= 0)
        this.#replies.set(pid, [...(this.#replies.get(pid) ?? []), { slot: reply, caller: sender }]);
    }
    const back = this.#replied.get(pid);
    if (event.type !== "ipc/answered" || back === undefined) return;
    this.#replied.delete(pid);
    this.#hear(pid, back, { from: back.by, seq: event.seq, slots: event.slots });
  }

  #hear(
    pid: number,
    { name, given }: Said,
    { from, seq, slots }: { readonly from: number; readonly seq: number; readonly slots: readonly number[] },
  ): void {
    // What one says to oneself says nothing.
    if (from !== pid) this.#heard.set(pid, [...(this.#heard.get(pid) ?? []), { name, from, seq }]);
    const [slot] = slots;
    if (given === null || slot === undefined) return;
    this.#directories.get(pid)?.push({ slot, hands: new Set([...given.hands, from]) });
  }
}
