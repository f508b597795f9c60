/** How far a recording's effects had left its machine: the two numbers of its file `released`. See machine/release-cursor.ts. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

interface Released {
  /** The seq of the next effect, and how many bytes of it are out. */
  readonly seq: number;
  readonly done: number;
}

const FILE = "released";
const BYTES = 16;

export function readReleased(recording: string): Released | null {
  const path = join(recording, FILE);
  if (!existsSync(path)) return null;
  const bytes = readFileSync(path);
  if (bytes.length < BYTES) return { seq: 0, done: 0 };
  const [seq = 0, done = 0] = new Float64Array(new Uint8Array(bytes.subarray(0, BYTES)).buffer);
  return { seq, done };
}

export function writeReleased(recording: string, { seq, done }: Released): void {
  writeFileSync(join(recording, FILE), new Uint8Array(new Float64Array([seq, done]).buffer));
}
