import { peek, rowsOf } from "../../core/table.ts";
import type { Capability } from "../../reducers/capabilities/capability-state.ts";
import { fileType } from "../../reducers/hosts/host-event.ts";
import type { KernelState } from "../../reducers/kernel-state.ts";
import { type GuestPaths, joinPath, plainPath } from "../guest-paths.ts";
import { inodeBehind, MOST_SLOTS } from "./places.ts";

/** A path that was refused because it leads out of the directory that it starts from. */
interface Outward {
  readonly pid: number;
  readonly slot: number;
  readonly held: Capability;
  readonly path: string;
}

/** A path without `..`, as it reads: links are not looked at. It does not go above the root. */
function normalized(path: string): string {
  const parts: string[] = [];
  for (const part of plainPath(path).split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "") parts.push(part);
  }
  return parts.join("/");
}

const isBelow = (path: string, directory: string): boolean =>
  directory === "" || path === directory || path.startsWith(`${directory}/`);

/** The directory that the process holds deepest above what a path that leads out reads as; null if there is none. */
export function aboveWhatIsOutside(
  { files, capabilities }: KernelState,
  { pid, slot, held, path }: Outward,
  paths: GuestPaths,
): { readonly slot: number; readonly capability: Capability } | null {
  const base = paths.pathOf(files, inodeBehind(files, held));
  const slots = peek(capabilities.tables, pid)?.slots;
  if (base === null || slots === undefined) return null;
  const wanted = normalized(path.startsWith("/") ? path : joinPath(base, path));
  if (isBelow(wanted, normalized(base)) && !path.startsWith("/")) return null;
  let deepest: { slot: number; capability: Capability; depth: number } | null = null;
  let seen = 0;
  for (const [other, capability] of rowsOf(slots)) {
    if (seen++ === MOST_SLOTS) break;
    const inode = inodeBehind(files, capability);
    if (other === slot || peek(files.inodes, inode)?.kind !== fileType.directory) continue;
    const directory = normalized(paths.pathOf(files, inode) ?? "..");
    const depth = directory.length;
    if (isBelow(wanted, directory) && depth > (deepest?.depth ?? -1))
      deepest = { slot: other, capability, depth };
  }
  return deepest;
}
