/** The pieces of one chunk of a file: start within the chunk, position in the byte stream, length, in turns, by start. */
export type ChunkPieces = readonly number[];

const FIELDS = 3;

/** The pieces with the bytes from `start` on replaced by one piece. A neighbour that goes on in the stream is joined. */
export function overlay(pieces: ChunkPieces, start: number, position: number, length: number): number[] {
  const same = placeOfPiece(pieces, start, length);
  if (same >= 0 && isApart(pieces, same, position, length)) {
    const result = pieces.slice();
    result[same + 1] = position;
    return result;
  }
  const result: number[] = [];
  const end = start + length;
  let isPlaced = false;
  for (let index = 0; index < pieces.length; index += FIELDS) {
    const from = pieces[index] as number;
    const at = pieces[index + 1] as number;
    const to = from + (pieces[index + 2] as number);
    if (from < start) push(result, from, at, Math.min(to, start) - from);
    if (!isPlaced && to > start) {
      push(result, start, position, length);
      isPlaced = true;
    }
    if (to > end) {
      const cut = Math.max(from, end);
      push(result, cut, at + (cut - from), to - cut);
    }
  }
  if (!isPlaced) push(result, start, position, length);
  return result;
}

/** The index of the piece of just this stretch, which a program that writes the same again replaces; -1 if there is none. */
function placeOfPiece(pieces: ChunkPieces, start: number, length: number): number {
  for (let index = 0; index < pieces.length; index += FIELDS)
    if (pieces[index] === start) return pieces[index + 2] === length ? index : -1;
  return -1;
}

/** Whether a piece moved to another position of the stream goes on where no neighbour ends, and ends where none goes on. */
function isApart(pieces: ChunkPieces, index: number, position: number, length: number): boolean {
  const before = index - FIELDS;
  const after = index + FIELDS;
  const followsBefore =
    before >= 0 && (pieces[before + 1] as number) + (pieces[before + 2] as number) === position;
  const leadsToAfter = after < pieces.length && pieces[after + 1] === position + length;
  return !followsBefore && !leadsToAfter;
}

function push(pieces: number[], start: number, position: number, length: number): void {
  if (length <= 0) return;
  const last = pieces.length - FIELDS;
  const isNext =
    last >= 0 &&
    (pieces[last] as number) + (pieces[last + 2] as number) === start &&
    (pieces[last + 1] as number) + (pieces[last + 2] as number) === position;
  if (isNext) pieces[last + 2] = (pieces[last + 2] as number) + length;
  else pieces.push(start, position, length);
}

/** The pieces below `size`. */
export function cutChunk(pieces: ChunkPieces, size: number): number[] {
  const result: number[] = [];
  for (let index = 0; index < pieces.length; index += FIELDS) {
    const start = pieces[index] as number;
    push(result, start, pieces[index + 1] as number, Math.min(pieces[index + 2] as number, size - start));
  }
  return result;
}

export const pieceCount = (pieces: ChunkPieces): number => pieces.length / FIELDS;
