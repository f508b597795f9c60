/** The host's directories as a recording knows them. The host itself may be another one by now, and is not asked. */
import { errno } from "../../core/errno.ts";
import type { DeviceFact, DirectoryDevice } from "../../devices/device.ts";
import {
  type ListedEntry,
  listingFacts,
  withoutBytes,
} from "../../devices/host-directory/directory-facts.ts";
import type { ByteSource } from "../../guests/wasi/wasi-call.ts";
import type { Demand } from "../../reducers/decide/decision.ts";
import type { KernelEvent } from "../../reducers/kernel-event.ts";
import type { KernelState } from "../../reducers/kernel-state.ts";
import type { ForkCourse } from "./fork-course.ts";
import { factOf } from "./fork-devices.ts";
import { hostKey, type RecordedFacts } from "./recorded-facts.ts";

type Content = Extract<Demand, { readonly need: "content" }>;
type Node = Extract<Demand, { readonly need: "node" }>;

const answers: ReadonlySet<KernelEvent["type"]> = new Set([
  "host/directory-listed",
  "host/node-examined",
  "host/node-vanished",
  "host/content-read",
  "host/read-failed",
]);

export class ForkDirectories implements DirectoryDevice {
  readonly #course: ForkCourse;
  readonly #recorded: ByteSource;
  readonly #facts: () => RecordedFacts;
  /** How often it was asked for what the recording does not know. */
  unknownCount = 0;

  constructor(course: ForkCourse, recorded: ByteSource, facts: () => RecordedFacts) {
    this.#course = course;
    this.#recorded = recorded;
    this.#facts = facts;
  }

  answer(state: KernelState, demand: Demand): readonly DeviceFact[] {
    const next = this.#recordedNext();
    if (next.length > 0) return next;
    this.#course.differ(null);
    switch (demand.need) {
      case "listing":
        return this.#listing(state, demand.inode);
      case "node":
        return [this.#node(state, demand)];
      case "content":
        return [this.#content(state, demand)];
    }
  }

  /** The answers that were recorded next, as long as the fork is the recording. */
  #recordedNext(): readonly DeviceFact[] {
    const found: DeviceFact[] = [];
    while (this.#course.isSame) {
      const event = this.#course.future.peek(found.length);
      if (event === null || !answers.has(event.type)) break;
      const bytes = event.type === "host/content-read" ? this.#bytesOf(event) : null;
      found.push({ fact: factOf(event), bytes });
      // A listing has several parts, the last of which says so; all else is one answer.
      if (event.type !== "host/directory-listed" || event.complete) break;
    }
    return found;
  }

  #bytesOf({ position, length }: { readonly position: number; readonly length: number }): Uint8Array {
    const bytes = new Uint8Array(length);
    this.#recorded.copyTo(bytes, 0, position, length);
    return bytes;
  }

  #failed(inode: number): DeviceFact {
    this.unknownCount += 1;
    return withoutBytes({ type: "host/read-failed", inode, errno: errno.io });
  }

  #listing({ files }: KernelState, inode: number): readonly DeviceFact[] {
    const parts = this.#facts().listings.get(hostKey(files, inode));
    if (parts === undefined) return [this.#failed(inode)];
    const entries = parts.flatMap(({ names, kinds }) =>
      names.map((name, index): ListedEntry => ({ name, kind: kinds[index] as number })),
    );
    return listingFacts(files, inode, entries);
  }

  #node({ files }: KernelState, { directory, name, inode }: Node): DeviceFact {
    const known = this.#facts().nodes.get(`${hostKey(files, directory)}/${name}`);
    if (known?.type === "host/node-examined")
      return withoutBytes({ ...(factOf(known) as typeof known), inode, directory });
    if (known === undefined) this.unknownCount += 1;
    return withoutBytes({ type: "host/node-vanished", directory, name });
  }

  #content({ files, head }: KernelState, { inode, offset, length }: Content): DeviceFact {
    const bytes = new Uint8Array(length);
    let known = 0;
    for (const part of this.#facts().contents.get(hostKey(files, inode)) ?? []) {
      const from = Math.max(offset, part.offset);
      const to = Math.min(offset + length, part.offset + part.length);
      if (to <= from) continue;
      this.#recorded.copyTo(bytes, from - offset, part.position + from - part.offset, to - from);
      known += to - from;
    }
    if (known < length) return this.#failed(inode);
    return { fact: { type: "host/content-read", inode, offset, position: head, length }, bytes };
  }
}
