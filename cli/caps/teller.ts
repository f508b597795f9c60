/** Events and objects of a recording in words, with files by the paths that guests know them by. */
import type { KernelEvent } from "../../reducers/kernel-event.ts";
import type { Capability } from "../../reducers/capabilities/capability-state.ts";
import { explainRefusal } from "../../replay/authority/explain-refusal.ts";
import { ObjectNames } from "../../replay/authority/object-names.ts";
import { type ObjectRef, refOf } from "../../replay/authority/object-ref.ts";
import { EventSubjects, type Subject } from "../../replay/event-subjects.ts";
import { GuestPaths } from "../../replay/guest-paths.ts";
import type { Timeline } from "../../replay/timeline.ts";
import { formatEvent } from "../format-event.ts";

type Held = Pick<Capability, "object" | "target">;

export class Teller {
  readonly #timeline: Timeline;
  readonly #paths: GuestPaths;
  readonly #subjects: EventSubjects;

  constructor(timeline: Timeline) {
    this.#timeline = timeline;
    this.#paths = GuestPaths.of(timeline.groups);
    this.#subjects = new EventSubjects(this.#paths);
  }

  /** An event of the recording as `foldos log` prints it. */
  line(event: KernelEvent): string {
    const before = this.#timeline.stateAt(event.seq - 1);
    const refusal = event.type === "process/refused" ? explainRefusal(before, event, this.#paths) : null;
    return formatEvent(event, this.#subjects.subjectOf(before, event), refusal);
  }

  /** What an event is about, by the names that things have at a moment. */
  subjectAt(event: KernelEvent, moment: number): Subject {
    return this.#subjects.subjectOf(this.#timeline.stateAt(moment), event);
  }

  /** What a capability was of at a moment. */
  refAt(held: Held, moment: number): ObjectRef {
    return refOf(this.#timeline.stateAt(moment), held);
  }

  /** Names and paths of a moment. */
  namesAt(moment: number): ObjectNames {
    return new ObjectNames(this.#timeline.stateAt(moment), this.#paths);
  }

  /** The path that an object is shown by at a moment; null for what is no file, and for a file without a name. */
  pathAt({ kind, id }: ObjectRef, moment: number): string | null {
    return kind === "file" ? this.#paths.pathOf(this.#timeline.stateAt(moment).files, id) : null;
  }
}
