import { describe, expect, test } from "@jest/globals";
import { errno } from "../../core/errno.ts";
import { MAX_SUBSCRIPTIONS } from "../../reducers/decide/poll.ts";
import { pollCalls } from "./poll-call.ts";
import { ScriptedGuest } from "./scripted-guest.ts";

const SUBSCRIPTIONS = 1024;
const EVENTS = 4096;
const COUNT = 8192;

interface Asked {
  readonly userdata: bigint;
  readonly tag: number;
  /** The clock's id or the descriptor. */
  readonly id: number;
  readonly timeout?: bigint;
  readonly flags?: number;
}

/** Puts subscriptions where the specification lays them out: 48 bytes each, tag at 8, contents at 16. */
function subscribe(made: ScriptedGuest, at: number, ...asked: readonly Asked[]): void {
  asked.forEach(({ userdata, tag, id, timeout = 0n, flags = 0 }, index) => {
    const { view } = made.memory;
    const start = at + index * 48;
    view.setBigUint64(start, userdata, true);
    view.setUint8(start + 8, tag);
    view.setUint32(start + 16, id, true);
    view.setBigUint64(start + 24, timeout, true);
    view.setBigUint64(start + 32, 0xffff_ffff_ffffn, true);
    view.setUint16(start + 40, flags, true);
  });
}

function guest(...asked: readonly Asked[]): ScriptedGuest {
  const made = new ScriptedGuest();
  made.memory.bytes.fill(9, EVENTS, EVENTS + 256);
  subscribe(made, SUBSCRIPTIONS, ...asked);
  return made;
}

const parsed = (...asked: readonly Asked[]) =>
  pollCalls["poll_oneoff"]?.parse(guest(...asked).memory, [SUBSCRIPTIONS, EVENTS, asked.length, COUNT]);

describe("a subscription", () => {
  test.each<[string, Asked, object]>([
    [
      "of a clock",
      { userdata: 1n, tag: 0, id: 1, timeout: 5000n },
      { kind: "clock", clock: 1, timeoutMicros: 5, isAbsolute: false },
    ],
    [
      "of a clock, absolute",
      { userdata: 1n, tag: 0, id: 0, timeout: 1n, flags: 1 },
      { clock: 0, timeoutMicros: 1, isAbsolute: true },
    ],
    [
      "of a nanosecond more than a microsecond",
      { userdata: 1n, tag: 0, id: 1, timeout: 1001n },
      { timeoutMicros: 2 },
    ],
    ["of nothing", { userdata: 1n, tag: 0, id: 1 }, { timeoutMicros: 0 }],
    ["to read", { userdata: 1n, tag: 1, id: 7 }, { kind: "read", fd: 7 }],
    ["to write", { userdata: 1n, tag: 2, id: 0xffff_ffff }, { kind: "write", fd: 0xffff_ffff }],
  ])("%s is read from where it stands", (_, asked, expected) => {
    expect(parsed(asked)).toMatchObject({ subscriptions: [expected] });
  });

  test("of all the time there is stays a safe number, so that it can be added to", () => {
    const asked = parsed({ userdata: 1n, tag: 0, id: 1, timeout: (1n << 64n) - 1n });
    const [subscription] = asked?.call === "poll_oneoff" ? asked.subscriptions : [];
    expect(subscription?.kind === "clock" && Number.isSafeInteger(2 * subscription.timeoutMicros)).toBe(true);
  });

  test.each([3, 255])("of kind %d is none, and the whole call is EINVAL", (tag) => {
    const made = guest({ userdata: 1n, tag: 0, id: 1 }, { userdata: 1n, tag, id: 1 });
    expect(made.call("poll_oneoff", SUBSCRIPTIONS, EVENTS, 2, COUNT)).toBe(errno.inval);
  });
});

test.each([0, MAX_SUBSCRIPTIONS + 1, 0xffff_ffff])("%d subscriptions are EINVAL", (count) => {
  expect(guest().call("poll_oneoff", SUBSCRIPTIONS, EVENTS, count, COUNT)).toBe(errno.inval);
});

describe("an event stands as the specification lays it out", () => {
  test("one for each subscription that is ready, with its userdata", () => {
    const made = guest(
      { userdata: 0x1122_3344_5566_7788n, tag: 2, id: 1 },
      { userdata: 2n, tag: 1, id: 0 },
      { userdata: 3n, tag: 1, id: 99 },
      { userdata: 4n, tag: 0, id: 1 },
    );
    expect(made.call("poll_oneoff", SUBSCRIPTIONS, EVENTS, 4, COUNT)).toBe(0);
    const events = [0, 32, 64].map((offset) => {
      const at = EVENTS + offset;
      return [made.u64(at), made.u16(at + 8), made.u8(at + 10), made.u64(at + 16), made.u16(at + 24)];
    });
    expect(made.u32(COUNT)).toBe(3);
    expect(events).toEqual([
      [0x1122_3344_5566_7788n, 0, 2, 1n, 0],
      [3n, errno.badf, 1, 0n, 0],
      [4n, 0, 0, 0n, 0],
    ]);
    expect(made.bytes(EVENTS + 96, 4)).toEqual([9, 9, 9, 9]);
    expect([made.bytes(EVENTS + 11, 5), made.bytes(EVENTS + 26, 6)].flat()).toEqual(new Array(11).fill(0));
  });

  test("with a hang-up as a flag", () => {
    const made = guest({ userdata: 1n, tag: 1, id: 0 });
    made.machine.happen(0, { type: "console/input-ended" });
    made.call("poll_oneoff", SUBSCRIPTIONS, EVENTS, 1, COUNT);
    expect([made.u64(EVENTS + 16), made.u16(EVENTS + 24)]).toEqual([0n, 1]);
  });

  test("also where the subscriptions stood", () => {
    const made = guest(
      { userdata: 11n, tag: 2, id: 1 },
      { userdata: 12n, tag: 2, id: 2 },
      { userdata: 13n, tag: 0, id: 1 },
    );
    expect(made.call("poll_oneoff", SUBSCRIPTIONS, SUBSCRIPTIONS, 3, COUNT)).toBe(0);
    expect([0, 32, 64].map((offset) => made.u64(SUBSCRIPTIONS + offset))).toEqual([11n, 12n, 13n]);
    expect([0, 32, 64].map((offset) => made.u8(SUBSCRIPTIONS + offset + 10))).toEqual([2, 2, 0]);
  });
});
