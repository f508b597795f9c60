/** What calls other than those of messages ask, and what they are told. */
import { describe, expect, test } from "@jest/globals";
import { errno } from "../../core/errno.ts";
import { objectKinds } from "../../core/object-rights.ts";
import { allRights, directoryRights } from "../../core/rights.ts";
import { MAX_SPAWN_GIVEN } from "../../reducers/decide/foldos-request.ts";
import { MEMORY_BYTES } from "../wasi/scripted-guest.ts";
import { MAX_SPAWN_ARGUMENT_BYTES } from "./process-calls.ts";
import { ScriptedFoldosGuest } from "./scripted-foldos-guest.ts";

const OUT = 100;
const NAME = 1000;
const SPAWN = 2000;
const ARGS = 8192;
const GIVEN = 4096;

const asked = (name: string, ...args: (number | bigint)[]) => new ScriptedFoldosGuest().asked(name, ...args);

describe("minting", () => {
  test.each(["cap_mint", "cap_mutate"])(
    "%s takes rights of 64 bits, and notices those that are none",
    (name) => {
      expect(asked(name, 4, 3n, 1n, -1, OUT)).toEqual({
        call: name,
        fd: 4,
        rights: 3,
        inheriting: 1,
        hasUnknown: false,
        badge: 0xffff_ffff,
      });
      expect(asked(name, 4, 1n << 30n, 0n, 0, OUT)).toMatchObject({ rights: 0, hasUnknown: true });
      expect(asked(name, 4, 0n, -1n, 0, OUT)).toMatchObject({ inheriting: allRights, hasUnknown: true });
    },
  );
});

describe("times", () => {
  const until = (nanos: bigint) => asked("cap_lease", 4, nanos, 0, 0, OUT);

  test("are microseconds, and nothing lapses or comes early", () => {
    expect([0n, 1n, 1000n, 1001n].map(until)).toMatchObject([
      { until: 0 },
      { until: 1 },
      { until: 1 },
      { until: 2 },
    ]);
    expect(asked("timer_arm", 4, 5, 2001n)).toEqual({ call: "timer_arm", fd: 4, notification: 5, until: 3 });
  });

  test("beyond what can be counted are never", () => {
    const never = Math.floor(Number.MAX_SAFE_INTEGER / 2);
    expect([until(-1n), until(1n << 63n), asked("timer_arm", 4, 5, -1n)]).toMatchObject(
      Array(3).fill({ until: never }),
    );
  });
});

test("a lease is with its holder or is not", () => {
  expect([0, 1].map((holder) => asked("cap_lease", 4, 0n, 9, holder, OUT))).toMatchObject([
    { uses: 9, withHolder: false },
    { uses: 9, withHolder: true },
  ]);
  expect([2, -1].map((holder) => asked("cap_lease", 4, 0n, 9, holder, OUT))).toEqual([
    errno.inval,
    errno.inval,
  ]);
});

describe("a name", () => {
  const find = (bytes: readonly number[], length = bytes.length) => {
    const made = new ScriptedFoldosGuest();
    made.memory.bytes.set(bytes, NAME);
    return made.asked("cap_find", NAME, length, OUT);
  };

  test("is text", () => {
    expect(find([0x7a, 0xc3, 0xbc])).toEqual({ call: "cap_find", path: "zü" });
    expect([find([0xff]), find([0x61, 0xc3])]).toEqual([errno.ilseq, errno.ilseq]);
  });

  test("is in the memory, and not too long", () => {
    expect([find([], MEMORY_BYTES), find([], 4097), find([], -1)]).toEqual([
      errno.fault,
      errno.nametoolong,
      errno.fault,
    ]);
  });

  test("leads to a slot", () => {
    const made = new ScriptedFoldosGuest();
    made.answered("cap_find", [...made.text(NAME, "a"), OUT], { slot: 9 });
    expect([made.u32(OUT), made.u32(OUT + 4)]).toEqual([9, 0]);
  });
});

describe("priorities", () => {
  test("are of a byte", () => {
    expect(asked("priority_set", 4, 5, 255)).toMatchObject({ authority: 5, priority: 255 });
    expect([asked("priority_set", 4, 5, 256), asked("context_configure", 4, 1n, 2n, -1)]).toEqual([
      errno.inval,
      errno.inval,
    ]);
  });

  test("go with budgets and periods that are never negative", () => {
    expect(asked("context_configure", 4, -1n, 5n, 0)).toMatchObject({
      budgetMicros: Number.MAX_SAFE_INTEGER,
      periodMicros: 5,
    });
  });
});

describe("spawning", () => {
  interface Spawned {
    readonly args?: readonly number[];
    readonly size?: number;
    readonly count?: number;
  }

  const spawn = ({ args = [], size = args.length, count = 0 }: Spawned) => {
    const made = new ScriptedFoldosGuest();
    made.memory.bytes.set(args, ARGS);
    made.given(GIVEN, [3, 64n], [1, -1n]);
    made.words(SPAWN, ARGS, size, GIVEN, count);
    return made.asked("process_spawn", 4, SPAWN, OUT);
  };

  const letters = (text: string) => [...new TextEncoder().encode(text)];

  test.each([
    ["", []],
    ["one", ["one"]],
    ["one\0", ["one"]],
    ["one\0zwölf", ["one", "zwölf"]],
    ["\0", [""]],
    ["\0\0x\0\0", ["", "", "x", ""]],
  ])("with the arguments %j", (text, args) => {
    expect(spawn({ args: letters(text) })).toMatchObject({ args });
  });

  test("grants what is listed, in this order", () => {
    expect(spawn({ count: 2 })).toEqual({
      call: "process_spawn",
      fd: 4,
      args: [],
      given: [
        { slot: 3, rights: 64 },
        { slot: 1, rights: allRights },
      ],
    });
  });

  test("with more than may be granted is EMSGSIZE", () => {
    expect(spawn({ count: MAX_SPAWN_GIVEN })).toMatchObject({ call: "process_spawn" });
    expect([spawn({ count: MAX_SPAWN_GIVEN + 1 }), spawn({ count: -1 })]).toEqual([
      errno.msgsize,
      errno.msgsize,
    ]);
  });

  test("with arguments that are no text, or too long, is refused", () => {
    expect(spawn({ args: [0x61, 0, 0xff] })).toBe(errno.ilseq);
    expect([spawn({ size: MAX_SPAWN_ARGUMENT_BYTES + 1 }), spawn({ size: -1 })]).toEqual([
      errno.toobig,
      errno.toobig,
    ]);
    expect(spawn({ size: MEMORY_BYTES - ARGS + 1 })).toBe(errno.fault);
  });
});

describe("answers", () => {
  const told = (name: string, args: readonly (number | bigint)[], fields: object): ScriptedFoldosGuest => {
    const made = new ScriptedFoldosGuest();
    made.memory.bytes.fill(9, OUT, OUT + 64);
    made.answered(name, args, fields);
    return made;
  };

  test.each<[string, readonly (number | bigint)[]]>([
    ["cap_copy", [4, OUT]],
    ["cap_mint", [4, 0n, 0n, 0, OUT]],
    ["cap_lease", [4, 0n, 0, 0, OUT]],
    ["table_fetch", [4, 0, OUT]],
    ["cap_unseal", [4, 5, OUT]],
    ["endpoint_create", [4, OUT]],
    ["budget_split", [4, 1n, OUT]],
  ])("%s tells the slot, which is the end of the address", (name, args) => {
    const made = told(name, args, { to: 4 * 2 ** 20 + 17 });
    expect([made.u32(OUT), made.u8(OUT + 4)]).toEqual([17, 9]);
  });

  test("of notifications are all bits, of processes the code", () => {
    expect(told("notification_wait", [4, OUT], { bits: 0xffff_ffff }).u32(OUT)).toBe(0xffff_ffff);
    expect(told("notification_poll", [4, OUT], { bits: 5 }).u32(OUT)).toBe(5);
    expect(told("process_wait", [4, OUT], { code: 137 }).u32(OUT)).toBe(137);
  });

  test("of budgets are of 64 bits", () => {
    const made = told("budget_examine", [4, OUT], { limit: 2 ** 40 + 1, used: 7 });
    expect([made.u64(OUT), made.u64(OUT + 8), made.u8(OUT + 16)]).toEqual([2n ** 40n + 1n, 7n, 9]);
  });

  test("of capabilities tell kind, badge and rights", () => {
    const made = told("cap_examine", [3, OUT], { slot: 3 });
    expect([made.u8(OUT), made.u8(OUT + 1), made.u16(OUT + 2), made.u32(OUT + 4)]).toEqual([
      objectKinds.indexOf("file"),
      0,
      0,
      0,
    ]);
    expect([made.u64(OUT + 8), made.u8(OUT + 24)]).toEqual([BigInt(directoryRights), 9]);
    expect(told("cap_examine", [1, OUT], { slot: 1 }).u8(OUT)).toBe(objectKinds.indexOf("console"));
  });

  test("without what they should say are the kernel's fault", () => {
    expect(() => told("cap_copy", [4, OUT], { slot: 3 })).toThrow("answers with to");
    expect(() => told("ipc_call", [4, 2000, 3000], { length: 0, position: 0 })).toThrow("a list of slots");
  });
});
