/** A machine of a given size, built by facts, with the same calls to time at every size. */
import { newCodecContext } from "../core/event-codec.ts";
import { seededRandom } from "../core/random.ts";
import { allRights, directoryRights } from "../core/rights.ts";
import { decide } from "../reducers/decide/decide.ts";
import type { Request } from "../reducers/decide/request.ts";
import { ROOT_INODE } from "../reducers/files/file-state.ts";
import { kernelCodec, type KernelFact } from "../reducers/kernel-event.ts";
import { initialState, type KernelState } from "../reducers/kernel-state.ts";
import { Fold } from "../reducers/step.ts";
import { freeOpen } from "../reducers/files/file-selectors.ts";

const ROOT_FD = 3;
const FIRST_FILE_FD = 4;
const PLACES = 1 << 16;

interface Size {
  readonly processes: number;
  readonly files: number;
  /** Files of one directory; without, all are in the root. */
  readonly perDirectory?: number;
}

export class GrownMachine {
  readonly at = 1_000_000;
  readonly #fold = new Fold(initialState());
  readonly #context = newCodecContext();
  readonly #files: number;
  /** Random indexes below the number of files, drawn before anything is timed. */
  readonly #places: Int32Array;
  readonly #firstInode: number;
  readonly #perDirectory: number;

  constructor({ processes, files, perDirectory = 0 }: Size) {
    this.#files = files;
    this.#perDirectory = perDirectory;
    const random = seededRandom(9);
    this.#places = Int32Array.from({ length: PLACES }, () => random.below(files));
    this.#happen(0, { type: "machine/powered-on", wall: 1e15, clock: "virtual", version: 1, nameSeed: 7 });
    const directories = perDirectory === 0 ? 0 : Math.ceil(files / perDirectory);
    const firstDirectory = this.state.files.nextInode;
    for (let index = 0; index < directories; index += 1) {
      const made = { name: `directory-${index}`, inode: firstDirectory + index };
      this.#happen(0, { type: "directory/created", by: 0, directory: ROOT_INODE, ...made });
    }
    this.#firstInode = firstDirectory + directories;
    for (let index = 0; index < files; index += 1) {
      const inode = this.#firstInode + index;
      const directory = perDirectory === 0 ? ROOT_INODE : firstDirectory + Math.floor(index / perDirectory);
      this.#happen(0, { type: "file/created", by: 0, directory, name: `file-${index}`, inode });
    }
    for (let pid = 1; pid <= processes; pid += 1) this.#start(pid);
  }

  get state(): KernelState {
    return this.#fold.state;
  }

  spread(index: number): number {
    return this.#places[index % PLACES] as number;
  }

  nameAt(index: number): string {
    return this.#pathOf(`file-${this.spread(index)}`, index);
  }

  /** A name in the directory of the file at a random place. */
  #pathOf(name: string, index: number): string {
    if (this.#perDirectory === 0) return name;
    return `directory-${Math.floor(this.spread(index) / this.#perDirectory)}/${name}`;
  }

  fdAt(index: number): number {
    return FIRST_FILE_FD + this.spread(index);
  }

  #happen(pid: number, fact: KernelFact): void {
    const { seq } = this.#context;
    this.#context.seq += 1;
    this.#fold.apply(kernelCodec.seal(fact, seq, this.at, -1, pid, -1));
  }

  /** Slot 3 is the root directory, and from slot 4 on each file is open. */
  #start(pid: number): void {
    const texts = { args: [], environment: [] };
    const process = { program: "ab".repeat(32), name: "guest", memoryPages: 1, ...texts };
    this.#happen(pid, { type: "process/started", ...process });
    this.#grant(pid, ROOT_FD, ROOT_INODE, directoryRights);
    for (let index = 0; index < this.#files; index += 1)
      this.#grant(pid, FIRST_FILE_FD + index, this.#firstInode + index, allRights);
  }

  #grant(pid: number, slot: number, inode: number, rights: number): void {
    const open = freeOpen(this.state.files);
    this.#happen(pid, { type: "file/preopened", inode, open });
    const file = { slot, object: "file", target: open, rights, inheriting: allRights, label: "" } as const;
    this.#happen(pid, { type: "capability/granted", ...file });
  }

  /** Writes through an open file of the first process: its open files count up from 1. */
  write(index: number): void {
    const open = this.fdAt(index) - FIRST_FILE_FD + 1;
    const { head } = this.state;
    this.#happen(1, { type: "file/written-at", by: 0, open, offset: 0, position: head, length: 64 });
  }

  create(index: number): void {
    const all = { rights: allRights >>> 2, inheriting: allRights >>> 2, fdflags: 0 };
    const path = this.#pathOf(`new-${index}`, index);
    this.#ask({ call: "path_open", fd: ROOT_FD, path, follow: true, oflags: 1, ...all });
  }

  unlink(index: number): void {
    this.#ask({ call: "path_unlink_file", fd: ROOT_FD, path: this.#pathOf(`new-${index}`, index) });
  }

  #ask(request: Request): void {
    const decision = decide(this.state, { pid: 1, at: this.at, since: this.at }, request);
    if (decision.kind !== "facts") throw new Error(`${request.call}: ${JSON.stringify(decision)}`);
    for (const fact of decision.facts) this.#happen(1, fact);
  }
}
