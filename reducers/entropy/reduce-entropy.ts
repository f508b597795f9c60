import type { Reducer } from "../../core/reducer.ts";
import type { EntropyEvent } from "./entropy-event.ts";
import type { EntropyState } from "./entropy-state.ts";

export const reduceEntropy: Reducer<EntropyState, EntropyEvent> = (entropy, event) => {
  entropy.drawnBytes += event.length;
};
