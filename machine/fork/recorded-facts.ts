/**
 * What came from outside behind the difference of a fork and its recording, sorted by who asked for it: the fork is given it in the same
 * order, whenever it asks.
 */
import { hostPath } from "../../devices/host-directory/directory-facts.ts";
import { Fold } from "../../reducers/step.ts";
import { pathOf } from "../../reducers/files/file-selectors.ts";
import type { FilesState } from "../../reducers/files/file-state.ts";
import type { KernelEvent } from "../../reducers/kernel-event.ts";
import type { KernelState } from "../../reducers/kernel-state.ts";
import { peek } from "../../core/table.ts";

type Of<Type extends KernelEvent["type"]> = Extract<KernelEvent, { readonly type: Type }>;

/** A host's node as its host has it: by its path there. */
export function hostKey(files: FilesState, inode: number): string {
  const mount = peek(files.mounts, peek(files.inodes, inode)?.mount ?? 0);
  const isNamed = mount !== null && (mount.mode === "copy" || pathOf(files, inode) !== null);
  return isNamed ? hostPath(files, inode) : `#${inode}`;
}

export class RecordedFacts {
  readonly clockReads = new Map<number, number[]>();
  readonly draws = new Map<number, { readonly position: number; readonly length: number }[]>();
  readonly input: (Of<"console/input-arrived"> | Of<"console/input-ended">)[] = [];
  readonly listings = new Map<string, Of<"host/directory-listed">[]>();
  readonly nodes = new Map<string, Of<"host/node-examined"> | Of<"host/node-vanished">>();
  readonly contents = new Map<string, Of<"host/content-read">[]>();

  /** Sorts the rest of a recording; `state` is the one of the recording in front of it. */
  constructor(rest: Iterable<KernelEvent>, state: KernelState) {
    const fold = new Fold(state);
    for (const event of rest) {
      if (event.seq < fold.state.seq) continue;
      this.#take(fold.state.files, event);
      fold.apply(event);
    }
  }

  #take(files: FilesState, event: KernelEvent): void {
    switch (event.type) {
      case "clock/read":
        return append(this.clockReads, event.pid, event.at);
      case "entropy/drawn":
        return append(this.draws, event.pid, event);
      case "console/input-arrived":
      case "console/input-ended":
        return void this.input.push(event);
      case "host/directory-listed":
        return append(this.listings, hostKey(files, event.inode), event);
      case "host/node-examined":
      case "host/node-vanished":
        return void this.nodes.set(`${hostKey(files, event.directory)}/${event.name}`, event);
      case "host/content-read":
        return append(this.contents, hostKey(files, event.inode), event);
      default:
        return;
    }
  }
}

function append<Key, Value>(lists: Map<Key, Value[]>, key: Key, value: Value): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}
