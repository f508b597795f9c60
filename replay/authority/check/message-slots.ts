/** Follows capabilities through messages, and says which message, reply or answer cannot have happened. */
import type { KernelEvent } from "../../../reducers/kernel-event.ts";
import {
  at,
  type HeldRow,
  type HeldSlots,
  isOf,
  ownerAt,
  placed,
  plainRow,
  slotAt,
  spaceAt,
} from "./held-slots.ts";
import type { KnownExchanges } from "./known-exchanges.ts";
import { objectBits } from "./wasi-bits.ts";

type Of<Type extends KernelEvent["type"]> = Extract<KernelEvent, { readonly type: Type }>;

const { endpoint: endpointBits, reply: replyBits } = objectBits;
const MAX_MESSAGE_BYTES = 65_536;
/** The slot of a message that holds what it was sent through; what goes with it lies behind. */
const THROUGH = 0;

export class MessageSlots {
  readonly #held: HeldSlots;
  readonly exchanges: KnownExchanges;

  constructor(held: HeldSlots, exchanges: KnownExchanges) {
    this.#held = held;
    this.exchanges = exchanges;
  }

  /** An event of a message, whose capability was found right. */
  take(event: KernelEvent): string | null {
    switch (event.type) {
      case "ipc/sent":
        return this.#send(event);
      case "ipc/received":
        return this.#receive(event);
      case "ipc/replied":
        return this.#reply(event);
      case "ipc/answered":
        return this.#answer(event);
      case "ipc/delivered":
        return this.#deliver(event);
      case "notification/signalled":
        this.exchanges.signal(event.notification, event.bits);
        return null;
      case "notification/taken":
        return this.exchanges.takeSignal(event.notification) === event.bits
          ? null
          : `the bits ${event.bits} were not signalled`;
      default:
        return null;
    }
  }

  /** Capabilities that go with the message, or the reply, of a process. */
  #givenOf(pid: number): readonly HeldRow[] {
    return [...this.#held.messagesOf(pid)].filter(([slot]) => slot !== THROUGH).map(([, row]) => row);
  }

  #send(event: Of<"ipc/sent">): string | null {
    const { pid, slot, by, seq, badge, length, mayReturn } = event;
    const row = this.#held.rowAt(placed(at.process, pid, slot));
    if (row?.id !== by) return `capability #${by} does not lie in slot ${slot} of process ${pid}`;
    if (badge !== row.badge) return `capability #${by} has the badge ${row.badge}, not ${badge}`;
    if (length > MAX_MESSAGE_BYTES) return `a message of ${length} bytes is too long`;
    if (this.exchanges.of(pid) !== null) return `process ${pid} waits for another message`;
    const returns = (row.rights & (endpointBits.grant | endpointBits.grantReply)) !== 0;
    if (mayReturn !== returns) return `whether capabilities may come back is not what #${by} says`;
    if (this.#givenOf(pid).length > 0 && (row.rights & endpointBits.grant) === 0)
      return `capabilities go with it, and #${by} lacks grant`;
    const { object, target, membrane } = row;
    const rights = row.rights & ~endpointBits.receive;
    const copy = plainRow({ id: seq, object, target, rights, inheriting: 0, badge, parent: by, membrane });
    const why = this.#held.putFree(placed(at.messages, pid, THROUGH), copy);
    if (why === null) this.exchanges.send(event);
    return why;
  }

  #receive(event: Of<"ipc/received">): string | null {
    const { pid, endpoint, sender, badge, position, length, reply, seq, slots } = event;
    const sent = this.exchanges.of(sender);
    if (sent === null || this.exchanges.firstAt(endpoint) !== sender)
      return `process ${sender} is not the next one to be received at endpoint ${endpoint}`;
    if (sent.badge !== badge || sent.position !== position || length > sent.length)
      return `it is not the message that process ${sender} sent`;
    if (sent.awaitsReply !== reply >= 0)
      return "whether there is to be a reply is not what the sender waits for";
    const left = this.#givenOf(sender)[0];
    if (left !== undefined) return `capability #${left.id}, which went with it, was left behind`;
    const lost = this.#denySlots(pid, slots);
    if (lost !== null) return lost;
    const through = this.#held.take(placed(at.messages, sender, THROUGH));
    if (through === null) return `what process ${sender} sent it through was taken back`;
    this.exchanges.receive(sender);
    const own = this.#held.rowAt(this.#held.addressOf(event.by))?.membrane ?? 0;
    if (event.membrane !== (own === 0 ? through.membrane : own))
      return `a reply goes back through membrane ${own === 0 ? through.membrane : own}`;
    if (reply < 0) return null;
    const mayGrant = (through.rights & (endpointBits.grant | endpointBits.grantReply)) !== 0;
    const rights = replyBits.reply | (mayGrant ? replyBits.grant : 0);
    const { id: parent, parent: holder } = through;
    const { membrane } = event;
    const row = { id: seq, object: "reply", target: sender, rights, inheriting: 0, parent, membrane };
    return this.#held.putFree(placed(at.process, pid, reply), plainRow({ ...row, holder }));
  }

  #reply({ pid, slot, by, caller, position, length }: Of<"ipc/replied">): string | null {
    const address = placed(at.process, pid, slot);
    const row = this.#held.rowAt(address);
    if (row?.id !== by) return `capability #${by} does not lie in slot ${slot} of process ${pid}`;
    if (length > MAX_MESSAGE_BYTES) return `a reply of ${length} bytes is too long`;
    if (this.exchanges.of(caller)?.status !== "taken") return `process ${caller} waits for no reply`;
    if (this.#givenOf(caller).length > 0 && (row.rights & replyBits.grant) === 0)
      return `capabilities go with it, and #${by} lacks grant`;
    this.#held.take(address);
    this.exchanges.reply(caller, position, length);
    return null;
  }

  #answer({ pid, position, length, slots }: Of<"ipc/answered">): string | null {
    const exchange = this.exchanges.of(pid);
    if (exchange?.status !== "replied") return `nobody has replied to process ${pid}`;
    if (exchange.position !== position || length > exchange.length) return "it is not what was replied";
    const left = this.#givenOf(pid)[0];
    if (left !== undefined) return `capability #${left.id}, which came with it, was left behind`;
    this.exchanges.end(pid);
    return this.#denySlots(pid, slots);
  }

  #deliver({ pid }: Of<"ipc/delivered">): string | null {
    const exchange = this.exchanges.of(pid);
    if (exchange?.status !== "taken" || exchange.awaitsReply) return `nothing of process ${pid} was received`;
    this.exchanges.end(pid);
    return null;
  }

  #denySlots(pid: number, slots: readonly number[]): string | null {
    const empty = slots.find((slot) => this.#held.rowAt(placed(at.process, pid, slot)) === null);
    return empty === undefined ? null : `nothing came to slot ${empty}`;
  }

  /** Why a process may not take what lies in a message; null if it receives that message, or has the reply to its own. */
  denyTaking(pid: number, owner: number): string | null {
    const exchange = this.exchanges.of(owner);
    if (exchange?.status === "replied") return owner === pid ? null : `the reply is for process ${owner}`;
    if (exchange?.status !== "queued") return `process ${owner} has sent nothing`;
    const { endpoint } = exchange;
    if (this.exchanges.firstAt(endpoint) !== owner) return `process ${owner} is not the next to be received`;
    return this.#mayReceive(pid, endpoint) ? null : `process ${pid} may not receive at endpoint ${endpoint}`;
  }

  #mayReceive(pid: number, endpoint: number): boolean {
    for (const { object, target, rights } of this.#held.rowsOf(pid))
      if (object === "endpoint" && target === endpoint && (rights & endpointBits.receive) !== 0) return true;
    return false;
  }

  /** Why something that was given does not arrive wrapped, or as it was before it was; null if it does. */
  denyArrival({ pid, from, by, rights }: Of<"capability/derived">): string | null {
    if (spaceAt(from) === at.messages) return this.denyTaking(pid, ownerAt(from));
    for (const { object, target, rights: held, membrane } of this.#held.rowsOf(pid)) {
      if (object !== "endpoint" || (held & endpointBits.receive) === 0 || membrane === 0) continue;
      for (const row of this.#givenOf(this.exchanges.firstAt(target)))
        if (this.#held.descends(row.id, by) && (rights & ~row.rights) === 0) return null;
    }
    return `process ${pid} receives nothing that was made of capability #${by}`;
  }

  /** Why a process may not put anything into a message: it is neither its own, before it is sent, nor one that it may reply to. */
  denyGiving(pid: number, to: number): string | null {
    const owner = ownerAt(to);
    if (slotAt(to) === THROUGH) return "what a message is sent through is not given with it";
    if (owner === pid) return this.exchanges.of(pid) === null ? null : `process ${pid} has sent already`;
    for (const { object, target, rights } of this.#held.rowsOf(pid))
      if (object === "reply" && target === owner && (rights & replyBits.grant) !== 0) return null;
    return `process ${pid} may not give process ${owner} anything`;
  }

  /** Messages with one badge that nobody has received, taken back by whoever receives them; null if they may be. */
  denyCancelling({ pid, by, removed }: Of<"capability/removed">): string | null {
    const address = this.#held.addressOf(by);
    const row = this.#held.rowAt(address);
    const may = row?.object === "endpoint" && (row.rights & endpointBits.receive) !== 0 && row.badge === 0;
    if (row === null || !may || !isOf(address, pid)) return `capability #${by} lets nobody cancel anything`;
    const badges = new Set<number>();
    for (let place = 0; place < removed.length; place += 3) {
      const owner = ownerAt(removed[place] as number);
      const exchange = this.exchanges.of(owner);
      if (exchange?.status !== "queued" || exchange.endpoint !== row.target)
        return `process ${owner} waits at another endpoint`;
      badges.add(exchange.badge);
    }
    return badges.size > 1 ? "messages of several badges are cancelled" : null;
  }

  /** A capability was taken away, or given up: what depends on it is over. */
  lose({ object, target }: HeldRow, address: number): void {
    if (object === "reply") this.exchanges.cancel(target);
    else if (spaceAt(address) === at.messages && slotAt(address) === THROUGH)
      this.exchanges.cancel(ownerAt(address));
  }
}
