/** What capabilities are to, apart from how it is held: a file whoever has it open, a pipe by whichever end. */
import { objectKinds, type ObjectKind } from "../../core/object-rights.ts";
import { peek } from "../../core/table.ts";
import type { Capability } from "../../reducers/capabilities/capability-state.ts";
import type { KernelState } from "../../reducers/kernel-state.ts";

/** `pipe` stands for both of its ends. */
export type RefKind = Exclude<ObjectKind, "pipe-reader" | "pipe-writer"> | "pipe";

export interface ObjectRef {
  readonly kind: RefKind;
  /** Of a file its inode; of a clock its slot among the services; of a void the seq of what emptied it; else the id in its table. */
  readonly id: number;
}

export const refKinds: readonly RefKind[] = [
  ...objectKinds.filter((kind) => kind !== "pipe-reader" && kind !== "pipe-writer"),
  "pipe",
];

/** There is one of each. */
const single: ReadonlySet<RefKind> = new Set(["null", "entropy", "timers"]);

export const isSingle = (kind: RefKind): boolean => single.has(kind);

type To = Pick<Capability, "object" | "target">;

export const refOf = (state: KernelState, to: To): ObjectRef => ({
  kind: refKindOf(to.object),
  id: refIdOf(state, to),
});

export const refKindOf = (object: ObjectKind): RefKind =>
  object === "pipe-reader" || object === "pipe-writer" ? "pipe" : object;

/** The `id` of what a capability is to, where the whole of it would be made for nothing. */
export function refIdOf({ files }: KernelState, { object, target }: To): number {
  if (object === "file") return peek(files.opens, target)?.inode ?? 0;
  return object === "null" || object === "entropy" || object === "timers" ? 0 : target;
}

/** A text that is the same for the same object, and no other. */
export const keyOf = ({ kind, id }: ObjectRef): string => `${kind}:${id}`;

/** Whether there is such an object at a moment. */
export function isThere(
  { capabilities, files, pipes, processes }: KernelState,
  { kind, id }: ObjectRef,
): boolean {
  switch (kind) {
    case "file":
      return peek(files.inodes, id) !== null;
    case "pipe":
      return peek(pipes.rows, id) !== null;
    case "process":
    case "reply":
      return peek(processes.rows, id) !== null;
    case "console":
      return id <= 2;
    case "clock":
      return id <= 1;
    case "null":
    case "entropy":
    case "timers":
      return true;
    case "void":
      return false;
    default:
      return peek(capabilities.objects, id)?.kind === kind;
  }
}
