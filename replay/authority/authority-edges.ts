/**
 * Who can hand what to whom, by what all hold, as edges of a protection graph. With a question there is one vertex more, what is asked
 * for, and the edges by which the right on it is held.
 */
import { endpointRight, replyRight, sensoryRightsOf, tableRight } from "../../core/object-rights.ts";
import { right } from "../../core/rights.ts";
import { peek, rowsOf } from "../../core/table.ts";
import { MACHINE, ownerOfTable, space, spaceOf } from "../../reducers/capabilities/address.ts";
import type { Capability } from "../../reducers/capabilities/capability-state.ts";
import type { AuthorityView, HeldRow } from "./authority-view.ts";
import { type ObjectRef, refIdOf, type RefKind, refKindOf } from "./object-ref.ts";
import { GRANT, TAKE } from "./protection-graph.ts";
import { ProtectionGraphBuilder } from "./protection-graph-builder.ts";
import { directoriesAbove } from "./places.ts";
import { isDirectory } from "./who-holds.ts";

/** The right that is asked for, on the edges of the graph. */
export const ASKED = 4;

export interface CouldQuestion {
  readonly pid: number;
  /** One right, as a bit of core/object-rights.ts. */
  readonly right: number;
  readonly object: ObjectRef;
}

/** What a vertex stands for. */
export type Vertex =
  | { readonly kind: "process"; readonly pid: number }
  | { readonly kind: "object"; readonly ref: ObjectRef };

/** Whether a capability lets one receive at an endpoint. */
const hears = (row: HeldRow): boolean =>
  row.capability.object === "endpoint" &&
  (row.capability.rights & endpointRight.receive) !== 0 &&
  row.holder.kind !== "machine";

export class AuthorityEdges {
  readonly builder = new ProtectionGraphBuilder();
  readonly vertices: Vertex[] = [];
  readonly #view: AuthorityView;
  readonly #asked: CouldQuestion | null;
  readonly #processes = new Map<number, number>();
  readonly #objects = new Map<RefKind, Map<number, number>>();
  /** Directories through which the file that is asked for can be opened. */
  readonly #above: ReadonlySet<number>;
  /** Endpoints at which somebody may receive: what is sent to others goes nowhere. */
  readonly #heard: ReadonlySet<number>;

  /** Of all that is held, or of some of it; edges are those that are added. */
  constructor(view: AuthorityView, asked: CouldQuestion | null, rows: readonly HeldRow[] = view.rows) {
    this.#view = view;
    this.#asked = asked;
    this.#above = new Set(asked === null ? [] : openedThrough(view, asked.object));
    const heard = new Set<number>();
    for (const row of rows) if (hears(row)) heard.add(row.capability.target);
    this.#heard = heard;
    for (const [pid, { exitCode }] of rowsOf(view.state.processes.rows))
      if (exitCode === -1) this.process(pid);
  }

  process(pid: number): number {
    const known = this.#processes.get(pid);
    if (known !== undefined) return known;
    const vertex = this.builder.addSubject();
    this.vertices[vertex] = { kind: "process", pid };
    this.#processes.set(pid, vertex);
    return vertex;
  }

  object(kind: RefKind, id: number): number {
    let same = this.#objects.get(kind);
    if (same === undefined) this.#objects.set(kind, (same = new Map()));
    const known = same.get(id);
    if (known !== undefined) return known;
    const vertex = this.builder.addObject();
    this.vertices[vertex] = { kind: "object", ref: { kind, id } };
    same.set(id, vertex);
    return vertex;
  }

  add(row: HeldRow): void {
    const { capability } = row;
    if (capability.object === "void") return;
    const source = this.#holderOf(row);
    if (source === null) return;
    const kind = refKindOf(capability.object);
    const id = refIdOf(this.#view.state, capability);
    const asked = this.#asked;
    if (asked !== null && this.#reachesGoal(capability, id, asked)) {
      const target = this.object(asked.object.kind, asked.object.id);
      this.builder.addEdge({ source, target, rights: ASKED });
    }
    const isAsked =
      asked !== null &&
      kind === asked.object.kind &&
      id === asked.object.id &&
      (capability.rights & asked.right) !== 0;
    const rights = this.#leads(row) | (isAsked ? ASKED : 0);
    if (rights === 0) return;
    const target = kind === "reply" ? this.process(id) : this.object(kind, id);
    this.builder.addEdge({ source, target, rights });
  }

  /** Who, or what, holds it: a process, or what others can take it from. Null for what the machine itself keeps, and what is bound. */
  #holderOf({ address }: HeldRow): number | null {
    const owner = ownerOfTable(address);
    const { capabilities, ipc } = this.#view.state;
    switch (spaceOf(address)) {
      case space.process:
      case space.services:
        return this.process(owner);
      case space.kept: {
        const kind = owner === MACHINE ? undefined : peek(capabilities.objects, owner)?.kind;
        return kind === "table" || kind === "box" ? this.object(kind, owner) : null;
      }
      default: {
        const exchange = peek(ipc.exchanges, owner);
        // What goes with a reply is the caller's already, but for the taking.
        if (exchange === null || exchange.status !== "queued") return this.process(owner);
        return this.object("endpoint", exchange.endpoint);
      }
    }
  }

  /** What it allows in words of the model: whether others' capabilities can be had through it, or handed on. */
  #leads({ capability }: HeldRow): number {
    const { object, rights, terms } = capability;
    const has = (wanted: number): boolean => (rights & wanted) !== 0;
    switch (object) {
      case "table": {
        const takes = has(tableRight.fetch) && (terms?.isWeak !== true || this.#isSensory());
        return (takes ? TAKE : 0) | (has(tableRight.store) ? GRANT : 0);
      }
      case "endpoint": {
        if (!this.#heard.has(capability.target)) return 0;
        const hears = has(endpointRight.send) && has(endpointRight.grant | endpointRight.grantReply);
        const takes = has(endpointRight.receive) || hears;
        const grants = has(endpointRight.receive) || (has(endpointRight.send) && has(endpointRight.grant));
        return (takes ? TAKE : 0) | (grants ? GRANT : 0);
      }
      case "box":
        return TAKE;
      case "reply":
        return has(replyRight.grant) ? GRANT : 0;
      default:
        return 0;
    }
  }

  /** Whether what is asked for survives being fetched through something weak; of all that there is, something does. */
  #isSensory(): boolean {
    if (this.#asked === null) return true;
    const { kind } = this.#asked.object;
    const rights = sensoryRightsOf(kind === "pipe" ? "pipe-reader" : kind);
    return (rights & this.#asked.right) !== 0;
  }

  /** Whether it is a directory through which the file can be opened with the right. */
  #reachesGoal(capability: Capability, inode: number, asked: CouldQuestion): boolean {
    return (
      capability.object === "file" &&
      this.#above.has(inode) &&
      (capability.rights & right.pathOpen) !== 0 &&
      (capability.inheriting & asked.right) !== 0
    );
  }
}

/** Directories through which something can be opened: those above it, and a directory through itself, as ".". */
function openedThrough({ state: { files } }: AuthorityView, ref: ObjectRef): readonly number[] {
  const above = ref.kind === "file" ? directoriesAbove(files, ref.id) : [];
  return [...above, ...(isDirectory(files, ref) ? [ref.id] : [])];
}
