/** Judges that capabilities were taken away: by whom, and only what hangs below what was revoked (law R1). */
import type { KernelEvent } from "../../../reducers/kernel-event.ts";
import { type HeldRow, type HeldSlots, isOf, ownerAt } from "./held-slots.ts";

type Removed = Extract<KernelEvent, { type: "capability/removed" }>;

/** Why a step of a removal cannot have happened; null if it can. */
export function judgeRemoval(event: Removed, held: HeldSlots): string | null {
  const { why, by, root, removed, pid } = event;
  const isByHolder = why === "revoked" && pid !== 0;
  if (isByHolder && (held.rowAt(root)?.id !== by || !isOf(root, pid)))
    return `capability #${by}, which revokes, is not held by process ${pid}`;
  const membrane = held.rowAt(root)?.object === "membrane" ? held.rowAt(root)?.target : undefined;
  for (let place = 0; place < removed.length; place += 3) {
    const address = removed[place] as number;
    const row = held.rowAt(address);
    if (row === null) return `nothing lies at address ${address}`;
    if (row.target !== removed[place + 2]) return `capability #${row.id} is of something else`;
    const isMeant = hangsBelow(row, event, held) || comesThrough(row, membrane, held);
    if (!isMeant && !isOtherwiseMeant(row, address, event))
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

/** Whether a removal takes what does not hang below: what lapses itself, what the machine takes back, what an object kept. */
function isOtherwiseMeant(row: HeldRow, address: number, { why, by, root, pid }: Removed): boolean {
  if (why === "revoked") return pid === 0 && row.id === by;
  if (why === "lapsed") return row.id === by;
  if (why === "object-destroyed") return by === 0 && ownerAt(address) === ownerAt(root);
  return why !== "holder-ended";
}
