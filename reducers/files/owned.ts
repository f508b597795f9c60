/**
 * As `own`, for what nearly every event writes: `own` itself sees records of every shape, and is several times as slow for it.
 */
import { own, type Own } from "../../core/own.ts";
import type { Table } from "../../core/table.ts";
import type { Chunk, FilesState, Inode, OpenFile } from "./file-state.ts";

export const inodesOf = (files: Own<FilesState>): Own<Table<Inode>> =>
  files.inodes.epoch === files.epoch ? (files.inodes as Own<Table<Inode>>) : own(files, "inodes");

export const opensOf = (files: Own<FilesState>): Own<Table<OpenFile>> =>
  files.opens.epoch === files.epoch ? (files.opens as Own<Table<OpenFile>>) : own(files, "opens");

export const chunksOf = (inode: Own<Inode>): Own<Table<Chunk>> =>
  inode.chunks.epoch === inode.epoch ? (inode.chunks as Own<Table<Chunk>>) : own(inode, "chunks");
