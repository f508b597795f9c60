/** What the checker has to know of messages: who waits at which endpoint, in which order, and for what; and of signals not taken yet. */
import type { KernelEvent } from "../../../reducers/kernel-event.ts";

type Sent = Extract<KernelEvent, { type: "ipc/sent" }>;

export interface KnownExchange {
  readonly endpoint: number;
  readonly badge: number;
  readonly awaitsReply: boolean;
  readonly status: "queued" | "taken" | "replied";
  readonly position: number;
  readonly length: number;
}

export class KnownExchanges {
  readonly #exchanges = new Map<number, KnownExchange>();
  /** Who has sent to each endpoint and was not received, in order. */
  readonly #queues = new Map<number, Set<number>>();
  readonly #signals = new Map<number, number>();

  of(pid: number): KnownExchange | null {
    return this.#exchanges.get(pid) ?? null;
  }

  /** Whose message is received next; 0 if nobody's is there. */
  firstAt(endpoint: number): number {
    const [first = 0] = this.#queues.get(endpoint) ?? [];
    return first;
  }

  send({ pid, endpoint, badge, awaitsReply, position, length }: Sent): void {
    this.#exchanges.set(pid, { endpoint, badge, awaitsReply, status: "queued", position, length });
    const queue = this.#queues.get(endpoint) ?? new Set<number>();
    this.#queues.set(endpoint, queue);
    queue.add(pid);
  }

  receive(sender: number): void {
    const exchange = this.#exchanges.get(sender);
    if (exchange === undefined) return;
    this.#leave(sender, exchange);
    this.#exchanges.set(sender, { ...exchange, status: "taken" });
  }

  reply(caller: number, position: number, length: number): void {
    const exchange = this.#exchanges.get(caller);
    if (exchange !== undefined)
      this.#exchanges.set(caller, { ...exchange, status: "replied", position, length });
  }

  /** What was never received, or can never be replied to, is over; a reply that is there stays. */
  cancel(pid: number): void {
    if (this.#exchanges.get(pid)?.status !== "replied") this.end(pid);
  }

  end(pid: number): void {
    const exchange = this.#exchanges.get(pid);
    if (exchange === undefined) return;
    this.#leave(pid, exchange);
    this.#exchanges.delete(pid);
  }

  #leave(pid: number, { endpoint }: KnownExchange): void {
    const queue = this.#queues.get(endpoint);
    queue?.delete(pid);
    if (queue?.size === 0) this.#queues.delete(endpoint);
  }

  signal(notification: number, bits: number): void {
    this.#signals.set(notification, ((this.#signals.get(notification) ?? 0) | bits) >>> 0);
  }

  /** The bits that were signalled and nobody has taken; -1 if nobody has signalled. */
  takeSignal(notification: number): number {
    const bits = this.#signals.get(notification) ?? -1;
    this.#signals.delete(notification);
    return bits;
  }
}
