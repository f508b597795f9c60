import { peek } from "../../core/table.ts";
import type { Capability } from "../../reducers/capabilities/capability-state.ts";
import { fileType } from "../../reducers/hosts/host-event.ts";
import type { KernelState } from "../../reducers/kernel-state.ts";
import type { GuestPaths } from "../guest-paths.ts";

/** What a capability is of, as people name it. */
export interface NamedObject {
  /** `directory`, or the kind of object as capabilities have it. */
  readonly kind: Capability["object"] | "directory";
  readonly name: string;
  /** As the guest has it; null for what is no file, and for a file without a name. */
  readonly path: string | null;
}

const STREAMS = ["standard input", "standard output", "standard error"];

export function nameObject(state: KernelState, capability: Capability, paths: GuestPaths): NamedObject {
  const { object, target } = capability;
  if (object === "file") return nameFile(state, target, paths);
  return { kind: object, name: wordsFor(capability), path: null };
}

function wordsFor({ object, target }: Capability): string {
  switch (object) {
    case "console":
      return STREAMS[target] ?? `console ${target}`;
    case "pipe-reader":
      return `the reading end of pipe ${target}`;
    case "pipe-writer":
      return `the writing end of pipe ${target}`;
    case "null":
      return "the null device";
    case "void":
      return `what event ${target} took back`;
    default:
      return `${object} ${target}`;
  }
}

function nameFile({ files }: KernelState, target: number, paths: GuestPaths): NamedObject {
  const inode = peek(files.opens, target)?.inode ?? 0;
  const kind = peek(files.inodes, inode)?.kind === fileType.directory ? "directory" : "file";
  const path = paths.pathOf(files, inode);
  return { kind, name: path ?? `inode ${inode}, which has no name`, path };
}
