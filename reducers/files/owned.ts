/** What nearly every event of files writes. */
import { ownerOf } from "../../core/owner-of.ts";
import type { FilesState, Inode } from "./file-state.ts";

export const inodesOf = ownerOf<FilesState>()("inodes");
export const opensOf = ownerOf<FilesState>()("opens");
export const chunksOf = ownerOf<Inode>()("chunks");
export const directoryOf = ownerOf<Inode>()("entries");
