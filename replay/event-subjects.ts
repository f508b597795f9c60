/** What an event is about, as people name it: a descriptor and a path, found in the state before the event. */
import { peek, rowsOf } from "../core/table.ts";
import { capabilityIn } from "../reducers/capabilities/capability-selectors.ts";
import type { KernelEvent } from "../reducers/kernel-event.ts";
import type { KernelState } from "../reducers/kernel-state.ts";
import { type GuestPaths, joinPath, MOST_PATHS } from "./guest-paths.ts";

export interface Subject {
  /** The descriptor; -1 if it is about none. */
  readonly fd: number;
  /** Null if it is about no file, or about one without a name. */
  readonly path: string | null;
  /** Where a name went. */
  readonly toPath: string | null;
}

export const NO_SUBJECT: Subject = { fd: -1, path: null, toPath: null };

/** An inode, or a name in a directory; or a path as it was given. */
interface Place {
  readonly inode: number;
  readonly name: string;
  readonly given: string | null;
}

const at = (inode: number, name = ""): Place => ({ inode, name, given: null });
const given = (path: string): Place => ({ inode: 0, name: "", given: path });

/** Slots remembered, so that a descriptor is mostly found without a search. */
const REMEMBERED_SLOTS = 1 << 16;

export class EventSubjects {
  readonly #paths: GuestPaths;
  readonly #slots = new Map<number, number>();

  constructor(paths: GuestPaths) {
    this.#paths = paths;
  }

  /** What an event is about; `state` is the one before it. */
  subjectOf(state: KernelState, event: KernelEvent): Subject {
    return {
      fd: this.#fdOf(state, event),
      path: this.#pathAt(state, placeOf(state, event)),
      toPath: this.#pathAt(state, targetOf(event)),
    };
  }

  #fdOf(state: KernelState, event: KernelEvent): number {
    if ("slot" in event) return event.slot;
    if (!("by" in event)) return -1;
    const known = this.#slots.get(event.by);
    if (known !== undefined && capabilityIn(state.capabilities, event.pid, known)?.id === event.by)
      return known;
    const table = peek(state.capabilities.tables, event.pid);
    if (table === null) return -1;
    for (const [slot, capability] of rowsOf(table.slots)) {
      if (capability.id !== event.by) continue;
      if (this.#slots.size >= REMEMBERED_SLOTS) this.#slots.clear();
      this.#slots.set(event.by, slot);
      return slot;
    }
    return -1;
  }

  /** Whether it is about a file or directory by any of its paths, or about what is below that. */
  isAbout(state: KernelState, event: KernelEvent, isMeant: (path: string) => boolean): boolean {
    return [placeOf(state, event), targetOf(event)].some((place) => {
      if (place === null) return false;
      if (place.given !== null) return isMeant(place.given);
      const paths = this.#paths.pathsOf(state.files, place.inode, MOST_PATHS);
      return paths.some((path) => isMeant(joinPath(path, place.name)));
    });
  }

  #pathAt({ files }: KernelState, place: Place | null): string | null {
    if (place === null || place.given !== null) return place?.given ?? null;
    return this.#paths.pathIn(files, place.inode, place.name);
  }
}

function placeOf(state: KernelState, event: KernelEvent): Place | null {
  switch (event.type) {
    case "host/mounted":
      return given(event.path === "" ? "/" : event.path);
    case "host/node-examined":
      return event.name === "" ? at(event.inode) : at(event.directory, event.name);
    case "process/refused":
      return refusedPlace(state, event);
    case "capability/granted":
      return event.label === "" ? null : given(event.label);
    case "capability/closed":
    case "capability/derived":
      return event.object === "file" ? openPlace(state, event.target) : null;
    case "capability/moved":
    case "capability/narrowed":
    case "capability/examined":
      return slotPlace(state, event);
    default:
      if ("directory" in event) return at(event.directory, event.name);
      if ("inode" in event) return at(event.inode);
      return "open" in event ? openPlace(state, event.open) : null;
  }
}

const targetOf = (event: KernelEvent): Place | null =>
  event.type === "name/renamed" ? at(event.toDirectory, event.toName) : null;

function openPlace({ files }: KernelState, open: number): Place | null {
  const file = peek(files.opens, open);
  return file === null ? null : at(file.inode);
}

function slotPlace(state: KernelState, event: { pid: number; slot: number }): Place | null {
  const capability = capabilityIn(state.capabilities, event.pid, event.slot);
  return capability?.object === "file" ? openPlace(state, capability.target) : null;
}

function refusedPlace(state: KernelState, event: { pid: number; slot: number; path: string }): Place | null {
  const directory = slotPlace(state, event);
  if (event.path === "") return directory;
  return directory === null || event.path.startsWith("/")
    ? given(event.path)
    : at(directory.inode, event.path);
}
