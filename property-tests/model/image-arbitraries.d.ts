/** Guests that were written down, of no program: all that an image can hold, and how it changes from one image to the next. */
import fc from "fast-check";
import type { GuestImage } from "../../guests/pauses.ts";
import type { ProcessImage } from "../../guests/suspendable/process-image.ts";
/** All of a guest but its pages. */
export declare const restOfImage: fc.Arbitrary<Omit<ProcessImage, "pages" | "freshPages">>;
/** What happens up to the next image: guests run, and some end. */
export interface ImageStep {
  readonly ran: readonly GuestImage[];
  readonly ended: readonly number[];
}
export declare const imageSteps: fc.Arbitrary<readonly ImageStep[]>;
