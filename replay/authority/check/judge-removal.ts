/** Judges that capabilities were taken away: by whom, and only what hangs below what was revoked (law R1). */
import type { KernelEvent } from "../../../reducers/kernel-event.ts";
import { at, type HeldRow, type HeldSlots, isIn, isOf, ownerAt, slotAt, spaceAt } from "./held-slots.ts";
import type { KnownUrgency } from "./known-urgency.ts";
import type { MessageSlots } from "./message-slots.ts";
import { objectBits } from "./wasi-bits.ts";

type Removed = Extract<KernelEvent, { type: "capability/removed" }>;

interface Known {
  readonly messages: MessageSlots;
  readonly urgency: KnownUrgency;
}

/** Why a step of a removal cannot have happened; null if it can. */
export function judgeRemoval(event: Removed, held: HeldSlots, known: Known): string | null {
  if (event.why === "cancelled" && event.by !== 0) {
    const denied = known.messages.denyCancelling(event);
    if (denied !== null) return denied;
  }
  const { why, by, root, removed, pid } = event;
  const isByHolder = why === "revoked" && pid !== 0;
  if (isByHolder && (held.rowAt(root)?.id !== by || !isOf(root, pid)))
    return `capability #${by}, which revokes, is not held by process ${pid}`;
  const through = held.rowAt(root);
  const mayTakeAll = through?.object === "membrane" && (through.rights & objectBits.membrane.revoke) !== 0;
  const membrane = mayTakeAll ? through.target : undefined;
  for (let place = 0; place < removed.length; place += 3) {
    const address = removed[place] as number;
    const row = held.rowAt(address);
    if (row === null) return `nothing lies at address ${address}`;
    if (row.target !== removed[place + 2]) return `capability #${row.id} is of something else`;
    const isMeant = hangsBelow(row, event, held) || comesThrough(row, membrane, held);
    if (!isMeant && !isOtherwiseMeant(row, address, event, { ...known, held }))
      return `capability #${row.id} does not hang below #${by}`;
  }
  return null;
}

const hangsBelow = (row: HeldRow, { by }: Removed, held: HeldSlots): boolean => held.descends(row.id, by);

/** Whether it came through a membrane, or was made of what did. */
function comesThrough(row: HeldRow, membrane: number | undefined, held: HeldSlots): boolean {
  if (membrane === undefined) return false;
  for (let each: HeldRow | null = row; each !== null; each = held.rowAt(held.addressOf(each.parent)))
    if (each.membrane === membrane) return true;
  return false;
}

/** Whether a removal takes what does not hang below: what lapses itself, what the machine takes back, what an object kept, what was sent. */
function isOtherwiseMeant(
  row: HeldRow,
  address: number,
  event: Removed,
  { messages, urgency, held }: Known & { readonly held: HeldSlots },
): boolean {
  const { why, by, root, pid } = event;
  switch (why) {
    case "revoked":
      return pid === 0 && row.id === by;
    case "lapsed":
      return row.id === by && (row.uses === 0 || (row.until > 0 && row.until <= event.at));
    case "object-destroyed":
      return by === 0 && spaceAt(address) === at.kept && ownerAt(address) === ownerAt(root);
    case "holder-ended":
      return by === 0 && (isIn(address, at.messages, pid) || isIn(address, at.services, pid));
    case "cancelled":
      return spaceAt(address) === at.messages && (by !== 0 || pid === 0);
    case "taken":
      return by === 0 && spaceAt(address) === at.messages && isDropped(address, event, messages);
    case "unbound":
      return by === 0
        ? isIn(address, at.kept, ownerAt(root)) && pid === 0 && urgency.letsGo(ownerAt(root))
        : isUnbound(row, address, event, held);
    default:
      return false;
  }
}

/** What was bound to a timer goes by a capability to that, and a context that was bound by one to itself. */
function isUnbound(row: HeldRow, address: number, { by, pid }: Removed, held: HeldSlots): boolean {
  const where = held.addressOf(by);
  const through = held.rowAt(where);
  if (through === null || !isOf(where, pid)) return false;
  if (through.object === "timer")
    return (through.rights & objectBits.timer.arm) !== 0 && isIn(address, at.kept, through.target);
  return (
    through.object === "context" &&
    (through.rights & objectBits.context.bind) !== 0 &&
    row.object === "context" &&
    row.target === through.target &&
    spaceAt(address) !== at.process
  );
}

/** What came with a message, and the receiver has no room for, or has as a copy. */
const isDropped = (address: number, { pid }: Removed, messages: MessageSlots): boolean =>
  slotAt(address) !== 0 && messages.denyTaking(pid, ownerAt(address)) === null;
