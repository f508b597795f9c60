import { expect, test } from "@jest/globals";
import type { IsPlain } from "../core/plain-data.ts";
import type { KernelEvent, KernelFact } from "./kernel-event.ts";
import type { KernelState } from "./kernel-state.ts";

/** Compiles only if the word is what the type says. */
const says = <Answer extends boolean>(word: Answer): Answer => word;

test("state, events and facts are plain data, by their types", () => {
  expect([
    says<IsPlain<KernelState>>(true),
    says<IsPlain<KernelEvent>>(true),
    says<IsPlain<KernelFact>>(true),
  ]).toEqual([true, true, true]);
});

test("what JSON cannot hold is not, wherever it stands", () => {
  expect([
    says<IsPlain<{ at: Date }>>(false),
    says<IsPlain<{ rows: Map<number, string> }>>(false),
    says<IsPlain<{ rows: Set<number> }>>(false),
    says<IsPlain<{ bytes: Uint8Array }>>(false),
    says<IsPlain<{ size: bigint }>>(false),
    says<IsPlain<{ list: readonly { missing: undefined }[] }>>(false),
    says<IsPlain<{ list: { now: () => number }[] }>>(false),
  ]).toEqual(new Array(7).fill(false));
});
