/**
 * Pieces: bytes by where they stand in the recording's byte stream, as position and length in turns. State holds pieces,
 * never bytes, so the contents of a file or a queue at any moment cost nothing to keep.
 */
export type Pieces = readonly number[];

/** The pieces and one more behind them; one that goes on where the last ended becomes part of it. */
export function appendPiece(pieces: Pieces, position: number, length: number): number[] {
  const next = pieces.slice();
  if (length === 0) return next;
  const last = next.length - 2;
  if (last >= 0 && (next[last] as number) + (next[last + 1] as number) === position) {
    next[last + 1] = (next[last + 1] as number) + length;
  } else next.push(position, length);
  return next;
}

/** As `appendPiece`, but each stays as it was appended, whatever stands in the stream between them. */
export function appendApart(pieces: Pieces, position: number, length: number): number[] {
  return length === 0 ? pieces.slice() : [...pieces, position, length];
}

/** The pieces without their first `count` bytes. */
export function dropBytes(pieces: Pieces, count: number): number[] {
  const rest: number[] = [];
  let left = count;
  for (let index = 0; index < pieces.length; index += 2) {
    const length = pieces[index + 1] as number;
    const dropped = Math.min(left, length);
    left -= dropped;
    if (dropped < length) rest.push((pieces[index] as number) + dropped, length - dropped);
  }
  return rest;
}

/** The first `count` bytes of the pieces, or all if they are fewer. */
export function takeBytes(pieces: Pieces, count: number): number[] {
  const taken: number[] = [];
  let left = count;
  for (let index = 0; index < pieces.length && left > 0; index += 2) {
    const length = Math.min(left, pieces[index + 1] as number);
    taken.push(pieces[index] as number, length);
    left -= length;
  }
  return taken;
}

export function pieceBytes(pieces: Pieces): number {
  let bytes = 0;
  for (let index = 1; index < pieces.length; index += 2) bytes += pieces[index] as number;
  return bytes;
}
