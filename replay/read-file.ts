/** A file's contents as of a moment: the state says where in the byte stream they stand. */
import { KernelBug } from "../core/assert.ts";
import { fail, ok, type Result } from "../core/result.ts";
import { peek } from "../core/table.ts";
import { contentRuns, ZEROS } from "../reducers/files/file-selectors.ts";
import { CHUNK_BYTES, type Inode } from "../reducers/files/file-state.ts";
import { fileType } from "../reducers/hosts/host-event.ts";
import { RecordingRefused } from "./recording-refused.ts";
import type { RecordingStore } from "./recording-store.ts";
import { StreamReader } from "./stream-reader.ts";

const PIECE_BYTES = 1 << 20;

/** The pieces of a file's contents, in order; or why they cannot be given. Nothing is read before it is known to be there. */
export function readContents(store: RecordingStore, inode: Inode): Result<Generator<Uint8Array>, string> {
  if (inode.kind === fileType.directory) return fail("a directory has no contents");
  if (inode.kind !== fileType.regular) return fail("only regular files have contents");
  const unknown = firstUnknown(inode);
  if (unknown < 0) return ok(pieces(store, inode));
  return fail(`its bytes from ${unknown} on are the host's, and no guest had read them by then`);
}

/** The offset of the first byte that never entered the machine; -1 if all did. */
function firstUnknown(inode: Inode): number {
  const end = Math.min(inode.size, inode.hostSize);
  for (let at = 0; at < end; at += CHUNK_BYTES) {
    if (peek(inode.chunks, at / CHUNK_BYTES) === null) return at;
  }
  return -1;
}

function* pieces(store: RecordingStore, inode: Inode): Generator<Uint8Array> {
  const reader = new StreamReader(store);
  for (let offset = 0; offset < inode.size; offset += PIECE_BYTES) {
    const length = Math.min(PIECE_BYTES, inode.size - offset);
    const piece = new Uint8Array(length);
    const runs = contentRuns(inode, offset, length);
    for (let index = 0, at = 0; index < runs.length; index += 2) {
      const size = runs[index + 1] as number;
      if (runs[index] !== ZEROS)
        copy(store, reader, { target: piece, at, position: runs[index] as number, size });
      at += size;
    }
    yield piece;
  }
}

interface Copy {
  readonly target: Uint8Array;
  readonly at: number;
  readonly position: number;
  readonly size: number;
}

function copy(store: RecordingStore, reader: StreamReader, { target, at, position, size }: Copy): void {
  try {
    reader.copyTo(target, at, position, size);
  } catch (error) {
    if (!(error instanceof KernelBug)) throw error;
    throw new RecordingRefused(
      store.path,
      `the bytes at ${position} of the stream are missing`,
      "use a copy that was not changed",
    );
  }
}
