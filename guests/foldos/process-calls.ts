/** Module foldos: scheduling contexts, priorities, and processes that a guest starts. */
import { errno } from "../../core/errno.ts";
import { readUtf8 } from "../../core/utf8.ts";
import { MAX_PRIORITY, MAX_SPAWN_GIVEN } from "../../reducers/decide/foldos-request.ts";
import { CallRefused, type GuestMemory } from "../guest-memory.ts";
import { i32, type RawArguments, u64, type WasiCalls } from "../wasi/wasi-call.ts";
import { numberIn } from "./answer-fields.ts";
import { answersNothing, answersNumber } from "./call-forms.ts";
import { givenAt } from "./given.ts";

/** `foldos_spawn`: args, args_size, given, given_count. */
const SPAWN_BYTES = 16;
/** All arguments of a new process: they go into one event, whose text is bounded. POSIX asks for 4,096 at least. */
export const MAX_SPAWN_ARGUMENT_BYTES = 65_536;

function priorityArgument(args: RawArguments, index: number): number {
  const priority = i32(args, index);
  if (priority > MAX_PRIORITY) throw new CallRefused(errno.inval, "no-such-priority");
  return priority;
}

/** Texts that each end with a NUL; the last one may end with the bytes. */
function textsAt(memory: GuestMemory, pointer: number, size: number): readonly string[] {
  if (size > MAX_SPAWN_ARGUMENT_BYTES) throw new CallRefused(errno.toobig);
  const start = memory.within(pointer, size);
  const text = readUtf8(memory.bytes, start, start + size);
  if (text === null) throw new CallRefused(errno.ilseq);
  const texts = text.split("\0");
  // What stands behind the last NUL is no text if it is nothing.
  if (texts[texts.length - 1] === "") texts.pop();
  return texts;
}

export const processCalls: WasiCalls = {
  context_configure: answersNothing("illi", (_, args) => ({
    call: "context_configure",
    fd: i32(args, 0),
    budgetMicros: u64(args, 1),
    periodMicros: u64(args, 2),
    priority: priorityArgument(args, 3),
  })),
  context_bind: answersNothing("ii", (_, args) => ({
    call: "context_bind",
    fd: i32(args, 0),
    to: i32(args, 1),
  })),
  context_unbind: answersNothing("i", (_, args) => ({ call: "context_unbind", fd: i32(args, 0) })),
  priority_set: answersNothing("iii", (_, args) => ({
    call: "priority_set",
    fd: i32(args, 0),
    authority: i32(args, 1),
    priority: priorityArgument(args, 2),
  })),
  process_spawn: answersNumber("iii", (memory, args) => {
    const at = memory.within(i32(args, 1), SPAWN_BYTES);
    const word = (index: number): number => memory.view.getUint32(at + index * 4, true);
    const texts = textsAt(memory, word(0), word(1));
    const given = givenAt(memory, { pointer: word(2), count: word(3), most: MAX_SPAWN_GIVEN });
    return { call: "process_spawn", fd: i32(args, 0), args: texts, given };
  }),
  process_wait: answersNumber(
    "ii",
    (_, args) => ({ call: "process_wait", fd: i32(args, 0) }),
    (event) => numberIn(event, "code"),
  ),
  process_end: answersNothing("i", (_, args) => ({ call: "process_end", fd: i32(args, 0) })),
};
