import type { KernelState } from "../reducers/kernel-state.ts";
import { RecordingRefused } from "../replay/recording-refused.ts";
import type { RecordingStore } from "../replay/recording-store.ts";
import { compileProgram, type Preparation, type Program } from "./program.ts";
import { programsOf } from "./programs-of.ts";

/** The programs that a recording has beside it, made ready to run again. Refuses a recording with one that cannot run. */
export async function recordedPrograms(
  store: RecordingStore,
  state: KernelState,
  preparation: Preparation,
): Promise<readonly Program[]> {
  const programs: Program[] = [];
  for (const { sha, memoryPages } of programsOf(state, null)) {
    const compiled = await compileProgram(
      store.programPath(sha),
      store.program(sha),
      memoryPages,
      preparation,
    );
    if (!compiled.ok) {
      const what = `its program cannot run: ${compiled.error.what}`;
      throw new RecordingRefused(store.path, what, compiled.error.advice);
    }
    programs.push(compiled.value);
  }
  return programs;
}
