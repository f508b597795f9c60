import { errno } from "../../core/errno.ts";
import { get } from "../../core/table.ts";
import type { FilesState, Inode } from "../files/file-state.ts";
import { type Refused, refuse } from "./decision.ts";

/** Whether the host lets an inode be written, or a directory's names be changed: null, or why not. */
export function denyWriting({ writable }: Inode): Refused | null {
  if (writable === true) return null;
  return refuse(writable === "read-only" ? errno.rofs : errno.acces);
}

/** The same of the directory that a path leads into. */
export const denyChangeIn = (files: FilesState, directory: number): Refused | null =>
  denyWriting(get(files.inodes, directory));
