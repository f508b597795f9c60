/** What is public of the kernel: pure, and free of Node. `import { step } from "foldos/kernel"`; docs/library.md shows each name. */
export { type Decision } from "./decide/decision.ts";
export { decide } from "./decide/decide.ts";
export type { Request } from "./decide/request.ts";
export type { KernelEvent, KernelFact } from "./kernel-event.ts";
export { initialState, type KernelState } from "./kernel-state.ts";
export { step, stepWithPatches } from "./step.ts";
