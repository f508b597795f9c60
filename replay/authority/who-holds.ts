/**
 * Who holds an object: everybody in whose slots a capability to it lies, and everybody who gets at one that lies elsewhere, as in a
 * table, a box, a message. Of a file: also who holds a directory through which it can be opened.
 */
import { directoriesAbove } from "./places.ts";
import { endpointRight, tableRight } from "../../core/object-rights.ts";
import { directoryRights, regularFileRights, right, rightNamesOf, writeRights } from "../../core/rights.ts";
import { peek } from "../../core/table.ts";
import { addressOf, SENT_THROUGH, space } from "../../reducers/capabilities/address.ts";
import type { FilesState } from "../../reducers/files/file-state.ts";
import { fileType } from "../../reducers/hosts/host-event.ts";
import type { AuthorityView, HeldRow } from "./authority-view.ts";
import type { Wanted } from "./object-names.ts";
import type { ObjectRef } from "./object-ref.ts";

/** How whoever holds a capability gets at the object. */
export type Way =
  /** It is a capability to the object. */
  | "holds"
  /** It is a directory below which the object has a path. */
  | "may-open"
  /** It is a capability to answer a call of the process that was asked for. */
  | "may-answer";

export interface Holding {
  readonly row: HeldRow;
  readonly way: Way;
  /** What may be done with the object this way: the rights' names. */
  readonly rights: readonly string[];
  /** Capabilities through which others get at this one where it lies: to its table or box, or to receive its message. */
  readonly through: readonly HeldRow[];
}

/** All who hold an object, or one capability and what was made of it; in the order of processes and slots within each way. */
export function whoHolds(view: AuthorityView, wanted: Wanted): readonly Holding[] {
  if (wanted.kind === "capability") {
    const row = view.byId(wanted.id);
    return row === null ? [] : [row, ...descendants(view, row)].map((each) => holding(view, each, "holds"));
  }
  const holdings = view.heldTo(wanted).map((row) => holding(view, row, "holds"));
  if (wanted.kind === "process")
    holdings.push(
      ...view.heldTo({ kind: "reply", id: wanted.id }).map((row) => holding(view, row, "may-answer")),
    );
  if (wanted.kind === "file") holdings.push(...openersOf(view, wanted.id));
  return holdings;
}

function descendants(view: AuthorityView, root: HeldRow): readonly HeldRow[] {
  const found: HeldRow[] = [];
  const todo = [root];
  for (let row = todo.pop(); row !== undefined; row = todo.pop()) {
    if (row !== root) found.push(row);
    for (const below of [...view.belowOf(row)].reverse()) todo.push(below);
  }
  return found;
}

function holding(view: AuthorityView, row: HeldRow, way: Way): Holding {
  return { row, way, rights: view.rightsOf(row), through: throughTo(view, row) };
}

/** Who gets at a capability that lies in no process's slot. */
function throughTo(view: AuthorityView, { holder }: HeldRow): readonly HeldRow[] {
  if (holder.kind === "message") return receiversOf(view, holder.pid);
  if (holder.kind !== "kept") return [];
  const holders = view.heldTo(holder.by);
  if (holder.by.kind === "table")
    return holders.filter(({ capability }) => (capability.rights & tableRight.fetch) !== 0);
  return holder.by.kind === "box" ? holders : [];
}

/** Who may receive the message of a process. */
function receiversOf(view: AuthorityView, pid: number): readonly HeldRow[] {
  const way = view.at(addressOf(space.messages, pid, SENT_THROUGH));
  if (way === null) return [];
  return view
    .heldTo(way.ref)
    .filter(
      ({ holder, capability }) => holder.kind === "slot" && (capability.rights & endpointRight.receive) !== 0,
    );
}

/** Holders of directories from which path_open reaches a file or directory. */
function openersOf(view: AuthorityView, inode: number): readonly Holding[] {
  const { files } = view.state;
  const above = directoriesAbove(files, inode);
  const applicable =
    peek(files.inodes, inode)?.kind === fileType.directory ? directoryRights : regularFileRights;
  const found: Holding[] = [];
  for (const directory of above) {
    for (const row of view.heldTo({ kind: "file", id: directory })) {
      const { rights, inheriting } = row.capability;
      if ((rights & right.pathOpen) === 0) continue;
      const allowed = openableRights(files, inode, inheriting & applicable);
      found.push({ row, way: "may-open", rights: rightNamesOf(allowed), through: throughTo(view, row) });
    }
  }
  return found.sort((one, other) => one.row.address - other.row.address);
}

/** Of a file that the host lets nobody write or read, no directory gives that right. */
function openableRights(files: FilesState, id: number, rights: number): number {
  const inode = peek(files.inodes, id);
  const unwritable = inode !== null && inode.writable !== true ? writeRights : 0;
  return rights & ~unwritable & ~(inode?.readable === false ? right.fdRead : 0);
}

/** Whether an object is a directory. */
export const isDirectory = (files: FilesState, { kind, id }: ObjectRef): boolean =>
  kind === "file" && peek(files.inodes, id)?.kind === fileType.directory;
