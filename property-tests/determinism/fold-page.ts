/**
 * The page's program: fetches a recording's groups and folds them with the modules that node runs, without node. Only the fold:
 * no guest, no store, no file.
 */
import { StatePages } from "../../core/state-pages.ts";
import { initialState } from "../../reducers/kernel-state.ts";
import { Fold } from "../../reducers/step.ts";
import { eventsOf, parseGroup } from "../../replay/group.ts";
import { plainSha256 } from "./sha-256.ts";

/** What the page says of a recording up to an event: how many were folded, and the hash of the state. */
export interface PageAnswer {
  readonly events: number;
  readonly hash: string;
}

const inHex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

/** Each record stands behind its length, four bytes, least first. */
function* recordsIn(bytes: Uint8Array): Generator<Uint8Array> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let at = 0; at < bytes.length; ) {
    const length = view.getUint32(at, true);
    yield bytes.subarray(at + 4, at + 4 + length);
    at += 4 + length;
  }
}

async function foldRecording(number: number, to: number): Promise<PageAnswer> {
  const response = await fetch(`/recordings/${number}`);
  if (!response.ok) throw new Error(`recording ${number}: ${response.status} ${await response.text()}`);
  const fold = new Fold(initialState());
  for (const record of recordsIn(new Uint8Array(await response.arrayBuffer()))) {
    const group = parseGroup(record);
    if (!group.ok) throw new Error(`recording ${number}: ${group.error.what}`);
    const events = eventsOf(group.value);
    if (!events.ok) throw new Error(`recording ${number}: ${events.error.what}`);
    for (const event of events.value) if (event.seq < to) fold.apply(event);
  }
  const pages = new StatePages(plainSha256, null);
  const state = fold.snapshot();
  return { events: state.seq, hash: inHex(pages.write(state)) };
}

Object.assign(globalThis, { foldRecording });
