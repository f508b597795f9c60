/**
 * A message as it lies in a guest's memory, to be sent, and the room that a guest has for one. All of both is judged when a call is made;
 * a guest that waits does not run, so what was judged stands when it is answered.
 */
import { errno } from "../../core/errno.ts";
import {
  MAX_GIVEN,
  MAX_MESSAGE_BYTES,
  type MessageRoom,
  type OutgoingMessage,
} from "../../reducers/decide/foldos-request.ts";
import { CallRefused, type GuestMemory } from "../guest-memory.ts";
import type { TakeBytes } from "../wasi/transfers.ts";
import { type Answer, i32, type RawArguments } from "../wasi/wasi-call.ts";
import { numberIn, numberOr, numbersIn } from "./answer-fields.ts";
import { givenAt } from "./given.ts";

/** The pointer to the message is the second argument of ipc_send, ipc_call and ipc_reply. */
export const MESSAGE_ARGUMENT = 1;

/** `foldos_message`: data, size, given, given_count. */
const MESSAGE_BYTES = 16;
/** `foldos_buffer`: data, capacity, size, slots, slots_capacity, slots_count, badge, reply. */
const BUFFER_BYTES = 32;
const SIZE_AT = 8;
const SLOTS_COUNT_AT = 20;

export function messageArgument(memory: GuestMemory, args: RawArguments): OutgoingMessage {
  const at = memory.within(i32(args, MESSAGE_ARGUMENT), MESSAGE_BYTES);
  const word = (index: number): number => memory.view.getUint32(at + index * 4, true);
  const size = word(1);
  if (size > MAX_MESSAGE_BYTES) throw new CallRefused(errno.msgsize, "message-too-long");
  memory.within(word(0), size);
  return { size, given: givenAt(memory, { pointer: word(2), count: word(3), most: MAX_GIVEN }) };
}

/** More room than the largest message needs is not looked at, but has to be there. */
export function bufferArgument(memory: GuestMemory, args: RawArguments, index: number): MessageRoom {
  const { data, capacity, slots, slotCapacity } = bufferAt(
    memory,
    memory.within(i32(args, index), BUFFER_BYTES),
  );
  memory.within(data, capacity);
  memory.within(slots, slotCapacity * 4);
  return { capacity: Math.min(capacity, MAX_MESSAGE_BYTES), slots: Math.min(slotCapacity, MAX_GIVEN) };
}

function bufferAt(memory: GuestMemory, at: number) {
  const word = (index: number): number => memory.view.getUint32(at + index * 4, true);
  return { data: word(0), capacity: word(1), slots: word(3), slotCapacity: word(4) };
}

/**
 * Fills a buffer with the message that a call was answered with. What it says is read before the first byte is written, because the data
 * may be wanted where the buffer itself lies; the words of the buffer are written last and stand.
 */
export function writeMessage(memory: GuestMemory, args: RawArguments, index: number, answer: Answer): void {
  const { event, bytes } = answer;
  const at = i32(args, index);
  const { data, capacity, slots, slotCapacity } = bufferAt(memory, at);
  const size = Math.min(numberIn(event, "length"), capacity);
  const given = numbersIn(event, "slots").slice(0, slotCapacity);
  if (size > 0) bytes.copyTo(memory.bytes, data, numberIn(event, "position"), size);
  given.forEach((slot, place) => memory.setU32(slots + place * 4, slot));
  memory.setU32(at + SIZE_AT, size);
  memory.setU32(at + SLOTS_COUNT_AT, given.length);
  memory.setU32(at + SLOTS_COUNT_AT + 4, numberOr(event, "badge", 0));
  memory.setU32(at + SLOTS_COUNT_AT + 8, numberOr(event, "reply", -1));
}

/** The first `length` bytes of the message that ipc_send, ipc_call or ipc_reply has, handed over. It was judged before. */
export function gatherMessage(
  memory: GuestMemory,
  args: RawArguments,
  length: number,
  take: TakeBytes,
): void {
  if (length > 0) take(memory.bytes, memory.view.getUint32(i32(args, MESSAGE_ARGUMENT), true), length);
}
