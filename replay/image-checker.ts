/** In a replay: guests rest where images were taken of them, and are compared with those; and what lies there is looked at. */
import type { Pauses, RestingGuests } from "../guests/pauses.ts";
import { ImageRefused } from "./image-nodes.ts";
import { ImageReader } from "./image-reader.ts";
import { ImageVerifier } from "./image-verifier.ts";
import { ImageWriter } from "./image-writer.ts";
import type { StoredKeyframe } from "./keyframe-record.ts";
import type { GuestNodes } from "./machine-image.ts";
import type { ReplayKernel } from "./replay-kernel.ts";

export class ImageChecker implements Pauses {
  readonly #replay: ReplayKernel;
  readonly #keyframes: Iterator<StoredKeyframe>;
  #next: StoredKeyframe | null;
  #nodes = 0;
  readonly #writer: ImageWriter;
  readonly #verifier: ImageVerifier;

  /** Of a replay from the start, or from an image with these nodes. */
  constructor(replay: ReplayKernel, known: ReadonlyMap<number, GuestNodes> = new Map()) {
    this.#replay = replay;
    this.#writer = new ImageWriter({ put: () => (this.#nodes += 1) }, known);
    this.#verifier = new ImageVerifier(replay.store);
    this.#keyframes = replay.store.keyframesFrom(replay.state.seq + 1);
    this.#next = this.#following();
  }

  #following(): StoredKeyframe | null {
    for (let next = this.#keyframes.next(); next.done !== true; next = this.#keyframes.next())
      if (next.value.image !== null) return next.value;
    return null;
  }

  isDue(inside: boolean): boolean {
    if (inside || this.#next === null) return false;
    const { seq } = this.#next;
    if (this.#replay.state.seq > seq) throw this.#passed(seq);
    return this.#replay.reach(seq);
  }

  /** At the end of the log there is no image left that it has come by, and all are sound. Throws Diverged, or RecordingRefused. */
  judgeEnd(): void {
    const { seq } = this.#replay.state;
    if (this.#next !== null && this.#next.seq < seq) throw this.#passed(this.#next.seq);
    // Taken where the log ends, so that no guest has come by it.
    for (; this.#next !== null; this.#next = this.#following()) this.#verifier.look(this.#next);
    this.#verifier.judge();
  }

  #passed(seq: number): Error {
    return this.#replay.diverged(null, `no guest that rested when an image was taken at event ${seq}`);
  }

  take(guests: RestingGuests): void {
    const keyframe = this.#next as StoredKeyframe;
    const { seq, address, image } = keyframe;
    const made = this.#writer.write({ seq, living: guests.living(), guests: guests.images() }, address);
    if (Buffer.compare(made.address, image?.address ?? address) !== 0)
      throw this.#replay.diverged(null, this.#differences(keyframe));
    this.#verifier.look(keyframe);
    this.#next = this.#following();
  }

  #differences(keyframe: StoredKeyframe): string {
    const what = `guests that are not as their image at event ${keyframe.seq} has them`;
    try {
      const images = new ImageReader(this.#replay.store).read(keyframe);
      const others = [...images]
        .filter(([pid, { nodes }]) => !this.#writer.hasGuest(pid, nodes.guest.address))
        .map(([pid]) => pid);
      return others.length === 0 ? what : `${what}: process ${others.join(", ")}`;
    } catch (error) {
      if (error instanceof ImageRefused) return `${what}: it is damaged (${error.message})`;
      throw error;
    }
  }
}
