/** What an event is about, as people name it: a descriptor and a path, found in the state before the event. */
import { peek, rowsOf } from "../core/table.ts";
import { capabilityIn } from "../reducers/capabilities/capability-selectors.ts";
import type { KernelEvent } from "../reducers/kernel-event.ts";
import type { KernelState } from "../reducers/kernel-state.ts";
import { type GuestPaths, joinPath } from "./guest-paths.ts";

export interface Subject {
  /** The descriptor; -1 if it is about none. */
  readonly fd: number;
  /** Null if it is about no file, or about one without a name. */
  readonly path: string | null;
  /** Where a name went. */
  readonly toPath: string | null;
}

export const NO_SUBJECT: Subject = { fd: -1, path: null, toPath: null };

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
      path: this.#pathOf(state, event),
      toPath: this.#toPathOf(state, event),
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

  #pathOf({ files, capabilities }: KernelState, event: KernelEvent): string | null {
    switch (event.type) {
      case "host/mounted":
        return event.path === "" ? "/" : event.path;
      case "host/node-examined":
        if (event.name === "") return this.#paths.pathOf(files, event.inode);
        return this.#paths.pathIn(files, event.directory, event.name);
      case "process/refused":
        return this.#refusedPath({ files, capabilities }, event);
      case "capability/granted":
        return event.label === "" ? null : event.label;
      case "capability/closed":
        return event.object === "file" ? this.#openPath(files, event.target) : null;
      case "capability/moved":
      case "capability/narrowed":
      case "capability/examined":
        return this.#slotPath({ files, capabilities }, event);
      default:
        if ("directory" in event) return this.#paths.pathIn(files, event.directory, event.name);
        if ("inode" in event) return this.#paths.pathOf(files, event.inode);
        return "open" in event ? this.#openPath(files, event.open) : null;
    }
  }

  #toPathOf({ files }: KernelState, event: KernelEvent): string | null {
    return event.type === "name/renamed" ? this.#paths.pathIn(files, event.toDirectory, event.toName) : null;
  }

  #openPath(files: KernelState["files"], open: number): string | null {
    const file = peek(files.opens, open);
    return file === null ? null : this.#paths.pathOf(files, file.inode);
  }

  #slotPath(
    state: Pick<KernelState, "files" | "capabilities">,
    event: { pid: number; slot: number },
  ): string | null {
    const capability = capabilityIn(state.capabilities, event.pid, event.slot);
    return capability?.object === "file" ? this.#openPath(state.files, capability.target) : null;
  }

  #refusedPath(
    state: Pick<KernelState, "files" | "capabilities">,
    event: { pid: number; slot: number; path: string },
  ): string | null {
    const directory = this.#slotPath(state, event);
    if (event.path === "") return directory;
    return directory === null || event.path.startsWith("/") ? event.path : joinPath(directory, event.path);
  }
}
