/** Module foldos: the cap_* calls, but those of brands and membranes. */
import { errno } from "../../core/errno.ts";
import { CallRefused } from "../guest-memory.ts";
import type { MintTerms } from "../../reducers/decide/foldos-request.ts";
import { hasUnknownRights, rightsArgument } from "../wasi/descriptor-calls.ts";
import { pathArgument } from "../wasi/path-calls.ts";
import { i32, type RawArguments, type WasiCall, type WasiCalls } from "../wasi/wasi-call.ts";
import { numberIn } from "./answer-fields.ts";
import { answersNothing, answersNumber, kernelTime } from "./call-forms.ts";
import { CAPABILITY_BYTES, writeCapability } from "./capability-record.ts";

const fromSlot = (call: "cap_copy" | "cap_weaken"): WasiCall =>
  answersNumber("ii", (_, args) => ({ call, fd: i32(args, 0) }));

/** rights, inheriting and badge, from the second argument on. */
const mintTerms = (args: RawArguments): MintTerms => ({
  rights: rightsArgument(args, 1),
  inheriting: rightsArgument(args, 2),
  hasUnknown: hasUnknownRights(args, 1) || hasUnknownRights(args, 2),
  badge: i32(args, 3),
});

/** A truth value: what is neither 0 nor 1 means something that is not known yet. */
function truth(args: RawArguments, index: number): boolean {
  const value = i32(args, index);
  if (value > 1) throw new CallRefused(errno.inval, "unknown-flags");
  return value === 1;
}

export const capabilityCalls: WasiCalls = {
  cap_copy: fromSlot("cap_copy"),
  cap_mint: answersNumber("illii", (_, args) => ({
    call: "cap_mint",
    fd: i32(args, 0),
    ...mintTerms(args),
  })),
  cap_lease: answersNumber("iliii", (_, args) => ({
    call: "cap_lease",
    fd: i32(args, 0),
    until: kernelTime(args, 1),
    uses: i32(args, 2),
    withHolder: truth(args, 3),
  })),
  cap_weaken: fromSlot("cap_weaken"),
  cap_move: answersNothing("ii", (_, args) => ({ call: "cap_move", fd: i32(args, 0), to: i32(args, 1) })),
  cap_mutate: answersNumber("illii", (_, args) => ({
    call: "cap_mutate",
    fd: i32(args, 0),
    ...mintTerms(args),
  })),
  cap_delete: answersNothing("i", (_, args) => ({ call: "cap_delete", fd: i32(args, 0) })),
  cap_revoke: answersNothing("i", (_, args) => ({ call: "cap_revoke", fd: i32(args, 0) })),
  cap_examine: {
    parameters: "ii",
    parse: (memory, args) => {
      memory.within(i32(args, 1), CAPABILITY_BYTES);
      return { call: "cap_examine", fd: i32(args, 0) };
    },
    reply: (memory, args, answer) =>
      writeCapability(memory, i32(args, 1), answer, numberIn(answer.event, "slot")),
  },
  cap_find: answersNumber(
    "iii",
    (memory, args) => ({ call: "cap_find", path: pathArgument(memory, args, 0) }),
    (event) => numberIn(event, "slot"),
  ),
};
