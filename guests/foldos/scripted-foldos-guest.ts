/** A guest that calls functions of `foldos` one by one, for tests: what each asks, and what it is told of an answer that is made up. */
import { invariant } from "../../core/assert.ts";
import type { RefusalReason } from "../../core/refusal-reason.ts";
import type { Request } from "../../reducers/decide/request.ts";
import type { KernelEvent } from "../../reducers/kernel-event.ts";
import { PID } from "../../reducers/scripted-machine.ts";
import { CallRefused } from "../guest-memory.ts";
import type { RawArguments, WasiCall } from "../wasi/wasi-call.ts";
import { ScriptedGuest } from "../wasi/scripted-guest.ts";
import { foldosCalls } from "./foldos-table.ts";

export class ScriptedFoldosGuest extends ScriptedGuest {
  /** What a call asks; the errno if its bytes are malformed. */
  asked(name: string, ...args: RawArguments): Request | number {
    try {
      return callOf(name).parse(this.memory, args);
    } catch (error) {
      if (error instanceof Error && "errno" in error) return Number(error.errno);
      throw error;
    }
  }

  /** For which reason a call is refused before it is asked; null if its bytes are well-formed. */
  reasonOf(name: string, ...args: RawArguments): RefusalReason | null {
    try {
      callOf(name).parse(this.memory, args);
      return null;
    } catch (error) {
      if (error instanceof CallRefused) return error.reason;
      throw error;
    }
  }

  /** Makes a call that is answered with these fields, whatever the kernel would say. */
  answered(name: string, args: RawArguments, fields: object): void {
    const asked = this.asked(name, ...args);
    invariant(typeof asked === "object", `${name} is well-formed: ${JSON.stringify(asked)}`);
    const event = { type: "made/up", ...fields } as unknown as KernelEvent;
    const { state } = this.machine;
    const copyTo = (target: Uint8Array, offset: number, position: number, length: number): void =>
      target.set(this.stream.subarray(position, position + length), offset);
    callOf(name).reply(this.memory, args, { pid: PID, state, event, bytes: { copyTo } });
  }

  /** Puts words of 32 bits into the memory; the place. */
  words(at: number, ...words: readonly number[]): number {
    words.forEach((word, index) => this.memory.setU32(at + index * 4, word));
    return at;
  }

  /** Puts capabilities to hand on into the memory; pointer and count. */
  given(
    at: number,
    ...each: readonly (readonly [slot: number, rights: bigint])[]
  ): readonly [number, number] {
    each.forEach(([slot, rights], index) => {
      this.words(at + index * 16, slot, 0);
      this.memory.view.setBigUint64(at + index * 16 + 8, rights, true);
    });
    return [at, each.length];
  }
}

function callOf(name: string): WasiCall {
  const call = foldosCalls[name];
  invariant(call !== undefined, `${name} is a function of foldos`);
  return call;
}
