/**
 * The confused deputy (Hardy), told from a log alone: who named the object of an effect, and whose authority was used for it? Bytes have
 * positions in the recording's stream, so it is known of each byte that a process read who had written it. Where the name of what a
 * process opens, makes, moves or takes away stands in what it has read from another one, that one has designated it; where the
 * capability that was used did not come through the same hands, designation and authority differ, and the effect is told (law B18).
 *
 * Not told: a name that was changed on its way (encoded, put together of parts), one shorter than `shortest` bytes that no directory in
 * front of it tells from a word, one that was heard so many words ago that it is forgotten (heard-words.ts), and, unless `files` is
 * asked for, one that was read from a file that another process wrote. Told wrongly: a name that its process would have come to by
 * itself, and that another one happened to send it before. `hadUsedIt` says that it had used the object before it heard of it.
 */
import { contentRuns, ZEROS } from "../../../reducers/files/file-selectors.ts";
import { peek } from "../../../core/table.ts";
import type { KernelEvent } from "../../../reducers/kernel-event.ts";
import type { KernelState } from "../../../reducers/kernel-state.ts";
import { ByteAuthors } from "./byte-authors.ts";
import { HandsOfCapabilities } from "./hands-of-capabilities.ts";
import { HeardWords } from "./heard-words.ts";
import { couldOpen } from "./could-open.ts";
import { type NamedObject, namedBy } from "./named-objects.ts";

/** Which events give bytes an author, and which give them to a process. Those that tell both have `position` and `length`. */
const flows: Partial<Record<KernelEvent["type"], "puts" | "gets">> = {
  "pipe/written": "puts",
  "pipe/read": "gets",
  "ipc/sent": "puts",
  "ipc/received": "gets",
  "ipc/replied": "puts",
  "ipc/answered": "gets",
  "file/written": "puts",
  "file/written-at": "puts",
};

/** Bytes of the shortest name that tells anything. */
export const SHORTEST_NAME = 3;
/** Hands through which a name is followed back. */
const MAX_HANDS = 16;

export interface DeputyOptions {
  readonly shortest?: number;
  /** Whether names count, too, that were read from files which others wrote. */
  readonly files?: boolean;
}

/** Who sent a name, and the event by which it was heard. */
export interface Designator {
  readonly pid: number;
  readonly heardAt: number;
}

export interface Deputy {
  readonly effect: KernelEvent;
  readonly pid: number;
  readonly name: string;
  readonly inode: number;
  /** Whoever it heard the name from, then whom that one had heard it from, and so on. */
  readonly designators: readonly Designator[];
  readonly capability: number;
  /** The event by which boot granted what that came of. */
  readonly grantedAt: number;
  readonly hadUsedIt: boolean;
  /** Whether whoever named it could have opened it so by what it held itself; null of what is not opened. */
  readonly couldItself: boolean | null;
}

type CopyBytes = (target: Uint8Array, position: number, length: number) => void;

export class DeputyFinder {
  readonly #copy: CopyBytes;
  readonly #shortest: number;
  readonly #hasFiles: boolean;
  readonly #authors = new ByteAuthors();
  /** What each process has heard, by whom it has heard it from. */
  readonly #heard = new Map<number, Map<number, HeardWords>>();
  readonly #hands = new HandsOfCapabilities();
  /** When each process used each inode first. */
  readonly #uses = new Map<string, number>();

  /** `copy` reads the recording's byte stream. */
  constructor(copy: CopyBytes, { shortest = SHORTEST_NAME, files = false }: DeputyOptions = {}) {
    this.#copy = copy;
    this.#shortest = shortest;
    this.#hasFiles = files;
  }

  /** Takes the next event; `state` is the one before it. What it tells, if anything. */
  take(state: KernelState, event: KernelEvent): Deputy | null {
    this.#hands.take(event);
    const flow = flows[event.type];
    if (flow !== undefined && "position" in event) {
      if (flow === "puts") this.#authors.put(event.position, event.length, event.pid);
      else this.#hear(event, event.position, event.length);
    }
    if (this.#hasFiles && (event.type === "file/read" || event.type === "file/read-at"))
      this.#hearFile(state, event);
    const named = namedBy(state.files, event);
    if (named === null || !("by" in event)) return null;
    const found = this.#judge(state, event, named);
    const key = `${event.pid} ${named.inode}`;
    if (!this.#uses.has(key)) this.#uses.set(key, event.seq);
    return found;
  }

  #hear(event: KernelEvent, position: number, length: number): void {
    for (const part of this.#authors.of(position, length)) {
      if (part.pid === event.pid || part.pid === 0) continue;
      const bytes = new Uint8Array(part.length);
      this.#copy(bytes, part.position, part.length);
      this.#wordsOf(event.pid, part.pid).hear(bytes, event.seq);
    }
  }

  #hearFile(
    { files }: KernelState,
    event: Extract<KernelEvent, { type: "file/read" | "file/read-at" }>,
  ): void {
    const inode = peek(files.inodes, peek(files.opens, event.open)?.inode ?? 0);
    if (inode === null) return;
    const runs = contentRuns(inode, event.offset, event.length);
    for (let at = 0; at < runs.length; at += 2)
      if (runs[at] !== ZEROS) this.#hear(event, runs[at] as number, runs[at + 1] as number);
  }

  #wordsOf(listener: number, speaker: number): HeardWords {
    const all = this.#heard.get(listener) ?? new Map<number, HeardWords>();
    this.#heard.set(listener, all);
    const words = all.get(speaker) ?? new HeardWords();
    all.set(speaker, words);
    return words;
  }

  #judge(
    state: KernelState,
    event: KernelEvent & { readonly by: number },
    { paths, inode }: NamedObject,
  ): Deputy | null {
    const { pid, by, seq } = event;
    for (const path of paths) {
      const name = this.#nameIn(path);
      if (name === null) continue;
      const designators = this.#designatorsOf(pid, name, seq);
      const [first] = designators;
      if (first === undefined || designators.some((each) => this.#hands.cameThrough(by, each.pid))) continue;
      const usedAt = this.#uses.get(`${pid} ${inode}`) ?? seq;
      return {
        effect: event,
        pid,
        name,
        inode,
        designators,
        capability: by,
        grantedAt: this.#hands.rootOf(by),
        hadUsedIt: usedAt < first.heardAt,
        couldItself: event.type === "file/opened" ? couldOpen(state, first.pid, event) : null,
      };
    }
    return null;
  }

  /** As much of the end of a path as tells something: its last name, with directories in front if that is short. */
  #nameIn(path: readonly string[]): string | null {
    for (let from = path.length - 1; from >= 0; from -= 1) {
      const name = path.slice(from).join("/");
      if (Buffer.byteLength(name) >= this.#shortest && name !== "") return name;
    }
    return null;
  }

  /** Whoever said a name last, and so on back. */
  #designatorsOf(pid: number, name: string, before: number): readonly Designator[] {
    const found: Designator[] = [];
    const seen = new Set([pid]);
    let listener = pid;
    let until = before;
    while (found.length < MAX_HANDS) {
      let last: Designator | null = null;
      for (const [speaker, words] of this.#heard.get(listener) ?? []) {
        const heardAt = seen.has(speaker) ? -1 : words.heard(name, until);
        if (heardAt >= 0 && (last === null || heardAt > last.heardAt)) last = { pid: speaker, heardAt };
      }
      if (last === null) break;
      found.push(last);
      seen.add(last.pid);
      listener = last.pid;
      until = last.heardAt;
    }
    return found;
  }
}
