import { describe, expect, test } from "@jest/globals";
import { errno } from "../../core/errno.ts";
import { MAX_GIVEN, MAX_MESSAGE_BYTES } from "../../reducers/decide/foldos-request.ts";
import { MEMORY_BYTES } from "../wasi/scripted-guest.ts";
import { gatherMessage } from "./message-format.ts";
import { ScriptedFoldosGuest } from "./scripted-foldos-guest.ts";

const MESSAGE = 2000;
const BUFFER = 3000;
const DATA = 8192;
const SLOTS = 4000;
const GIVEN = 5000;
const ENDPOINT = 4;

interface Sent {
  readonly data?: number;
  readonly size?: number;
  readonly given?: number;
  readonly count?: number;
}

function guest({ data = DATA, size = 5, given = GIVEN, count = 0 }: Sent = {}): ScriptedFoldosGuest {
  const made = new ScriptedFoldosGuest();
  made.words(MESSAGE, data, size, given, count);
  return made;
}

/** A guest with room for messages. */
function receiver(capacity: number, slots: number, data = DATA): ScriptedFoldosGuest {
  const made = guest();
  made.words(BUFFER, data, capacity, 99, SLOTS, slots, 99, 99, 99);
  return made;
}

const send = (made: ScriptedFoldosGuest, flags = 0) => made.asked("ipc_send", ENDPOINT, MESSAGE, flags);

test("what is malformed is refused for a reason, unless its errno says all", () => {
  const reasonOf = (sent: Sent, flags = 0) => guest(sent).reasonOf("ipc_send", ENDPOINT, MESSAGE, flags);
  const padded = guest({ count: 1 });
  padded.words(GIVEN, 3, 1, 0, 0);
  expect([
    reasonOf({}, 2),
    padded.reasonOf("ipc_send", ENDPOINT, MESSAGE, 0),
    guest().reasonOf("cap_lease", ENDPOINT, 0n, 0, 2),
    guest().reasonOf("priority_set", 4, 5, 256),
    reasonOf({ size: MAX_MESSAGE_BYTES + 1 }),
    reasonOf({ count: MAX_GIVEN + 1 }),
    reasonOf({ data: MEMORY_BYTES }),
    reasonOf({}),
  ]).toEqual([
    "unknown-flags",
    "unknown-flags",
    "unknown-flags",
    "no-such-priority",
    "message-too-long",
    "too-many-given",
    "none",
    null,
  ]);
});

describe("a message", () => {
  test("is asked for by its size, and by what goes with it", () => {
    const made = guest({ count: 2 });
    made.given(GIVEN, [7, 64n], [-1, -1n]);
    expect(send(made)).toEqual({
      call: "ipc_send",
      fd: ENDPOINT,
      mayWait: true,
      size: 5,
      given: [
        { slot: 7, rights: 64 },
        { slot: 0xffff_ffff, rights: 2 ** 30 - 1 },
      ],
    });
  });

  test("may be empty, and then points to anything within the memory", () => {
    expect(send(guest({ data: 0, size: 0, given: 0 }))).toMatchObject({ size: 0, given: [] });
    expect(send(guest({ data: MEMORY_BYTES, size: 0, given: MEMORY_BYTES }))).toMatchObject({ size: 0 });
  });

  test("is as long as the memory holds, or EFAULT", () => {
    expect(send(guest({ data: MEMORY_BYTES - 5 }))).toMatchObject({ size: 5 });
    expect(send(guest({ data: MEMORY_BYTES - 4 }))).toBe(errno.fault);
    expect(send(guest({ data: 0xffff_ffff }))).toBe(errno.fault);
  });

  test("of more bytes than one may have is EMSGSIZE, wherever it lies", () => {
    expect(send(guest({ data: 0, size: MAX_MESSAGE_BYTES }))).toMatchObject({ size: MAX_MESSAGE_BYTES });
    expect(send(guest({ data: 0, size: MAX_MESSAGE_BYTES + 1 }))).toBe(errno.msgsize);
    expect(send(guest({ data: -1, size: -1 }))).toBe(errno.msgsize);
  });

  test("with more capabilities than may go with one is EMSGSIZE, wherever they lie", () => {
    const given = (count: number) => send(guest({ count }));
    expect(given(MAX_GIVEN)).toMatchObject({ given: Array(MAX_GIVEN).fill({ slot: 0, rights: 0 }) });
    expect([given(MAX_GIVEN + 1), given(-1)]).toEqual([errno.msgsize, errno.msgsize]);
  });

  test("whose capabilities do not lie in the memory is EFAULT", () => {
    expect(send(guest({ given: MEMORY_BYTES - 15, count: 1 }))).toBe(errno.fault);
    expect(send(guest({ given: MEMORY_BYTES - 16, count: 1 }))).toMatchObject({ size: 5 });
  });

  test("with something where nothing is said yet is EINVAL", () => {
    const made = guest({ count: 2 });
    made.words(GIVEN + 16 + 4, 1);
    expect(send(made)).toBe(errno.inval);
  });

  test("is judged alike by all who send one", () => {
    const made = guest({ count: MAX_GIVEN + 1 });
    made.words(BUFFER, DATA, 0, 0, SLOTS, 0, 0, 0, 0);
    expect([
      made.asked("ipc_call", ENDPOINT, MESSAGE, BUFFER),
      made.asked("ipc_reply", ENDPOINT, MESSAGE),
    ]).toEqual([errno.msgsize, errno.msgsize]);
  });
});

describe("flags", () => {
  test("say whether a guest waits, and nothing else", () => {
    expect([send(guest(), 0), send(guest(), 1)]).toMatchObject([{ mayWait: true }, { mayWait: false }]);
    expect([2, 3, -1].map((flags) => send(guest(), flags))).toEqual(Array(3).fill(errno.inval));
    expect(receiver(1, 0).asked("ipc_receive", ENDPOINT, BUFFER, 2)).toBe(errno.inval);
  });
});

describe("room for a message", () => {
  const room = (made: ScriptedFoldosGuest) => made.asked("ipc_receive", ENDPOINT, BUFFER, 0);

  test("is asked for with the call, and no more of it than the largest message needs", () => {
    expect(room(receiver(50, 3))).toEqual({
      call: "ipc_receive",
      fd: ENDPOINT,
      mayWait: true,
      capacity: 50,
      slots: 3,
    });
    expect(room(receiver(MEMORY_BYTES, 100, 0))).toMatchObject({
      capacity: MAX_MESSAGE_BYTES,
      slots: MAX_GIVEN,
    });
  });

  test("that is not in the memory is EFAULT", () => {
    expect(room(receiver(MEMORY_BYTES - DATA, 0))).toMatchObject({ call: "ipc_receive" });
    expect(room(receiver(MEMORY_BYTES - DATA + 1, 0))).toBe(errno.fault);
    expect(room(receiver(-1, 0))).toBe(errno.fault);
    expect(room(receiver(0, (MEMORY_BYTES - SLOTS) / 4 + 1))).toBe(errno.fault);
    expect(room(receiver(0, 0x4000_0001))).toBe(errno.fault);
  });

  test("goes with a call, behind the message", () => {
    expect(receiver(50, 3).asked("ipc_call", ENDPOINT, MESSAGE, BUFFER)).toEqual({
      call: "ipc_call",
      fd: ENDPOINT,
      size: 5,
      given: [],
      capacity: 50,
      slots: 3,
    });
  });
});

describe("a message that arrives", () => {
  const arrived = { position: 10, length: 5, slots: [8, 9], badge: 77, reply: 6 };
  const sample = (made: ScriptedFoldosGuest): void => made.stream.set([1, 2, 3, 4, 5], 10);
  const receive = (made: ScriptedFoldosGuest, fields: object): void =>
    made.answered("ipc_receive", [ENDPOINT, BUFFER, 0], fields);

  test("fills the room, and says by whose badge, and where one can reply", () => {
    const made = receiver(50, 3);
    sample(made);
    receive(made, arrived);
    expect(made.bytes(DATA, 6)).toEqual([1, 2, 3, 4, 5, 0]);
    expect([0, 4, 8].map((offset) => made.u32(SLOTS + offset))).toEqual([8, 9, 0]);
    expect([0, 4, 8, 12, 16, 20, 24, 28].map((offset) => made.u32(BUFFER + offset))).toEqual([
      DATA,
      50,
      5,
      SLOTS,
      3,
      2,
      77,
      6,
    ]);
  });

  test("that asks for no reply says so", () => {
    const made = receiver(50, 3);
    receive(made, { ...arrived, length: 0, slots: [], reply: -1 });
    expect([8, 20, 28].map((offset) => made.u32(BUFFER + offset))).toEqual([0, 0, 0xffff_ffff]);
  });

  test("is cut off where its room ends", () => {
    const made = receiver(3, 1);
    sample(made);
    receive(made, arrived);
    expect(made.bytes(DATA, 5)).toEqual([1, 2, 3, 0, 0]);
    expect([made.u32(SLOTS), made.u32(SLOTS + 4), made.u32(BUFFER + 8), made.u32(BUFFER + 20)]).toEqual([
      8, 0, 3, 1,
    ]);
  });

  test("answers a call, which has neither badge nor reply", () => {
    const made = receiver(50, 3);
    sample(made);
    made.answered("ipc_call", [ENDPOINT, MESSAGE, BUFFER], { position: 10, length: 5, slots: [8] });
    expect(made.bytes(DATA, 5)).toEqual([1, 2, 3, 4, 5]);
    expect([8, 20, 24, 28].map((offset) => made.u32(BUFFER + offset))).toEqual([5, 1, 0, 0xffff_ffff]);
  });

  test("into the very words that say where it goes leaves them as they are said to be", () => {
    const made = receiver(32, 0, BUFFER);
    made.stream.fill(0xee, 10, 42);
    receive(made, { ...arrived, length: 32, slots: [] });
    expect([8, 20, 24, 28].map((offset) => made.u32(BUFFER + offset))).toEqual([32, 0, 77, 6]);
    expect(made.u32(BUFFER)).toBe(0xeeee_eeee);
  });
});

test("a message's bytes are handed over from where it lies, as many as an event says", () => {
  const made = guest();
  made.memory.bytes.set([1, 2, 3, 4, 5], DATA);
  const taken: number[] = [];
  const take = (length: number): void =>
    gatherMessage(made.memory, [ENDPOINT, MESSAGE, 0], length, (bytes, start, size) => {
      taken.push(...bytes.subarray(start, start + size));
    });
  take(3);
  take(0);
  expect(taken).toEqual([1, 2, 3]);
});
