import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { errno } from "../../core/errno.ts";
import { callAt, callName, callNames, callNumber } from "../call-table.ts";
import { MEMORY_BYTES } from "../wasi/scripted-guest.ts";
import type { RawArguments } from "../wasi/wasi-call.ts";
import { WASI_MODULE, wasiCalls, wasiNames } from "../wasi/wasi-table.ts";
import { FOLDOS_MODULE, foldosCalls, foldosNames } from "./foldos-table.ts";
import { ScriptedFoldosGuest } from "./scripted-foldos-guest.ts";

const OUT = 100;
const NAME = [1000, 1] as const;
const MESSAGE = 2000;
const BUFFER = 3000;
const SPAWN = 4000;

/** Every function, in the order of the numbers, with arguments whose pointers are right, and which of them are pointers to how many bytes. */
const functions: Readonly<
  Record<string, readonly [RawArguments, ...(readonly [index: number, size: number])[]]>
> = {
  cap_copy: [
    [4, OUT],
    [1, 4],
  ],
  cap_mint: [
    [4, 1n, 0n, 7, OUT],
    [4, 4],
  ],
  cap_lease: [
    [4, 0n, 0, 0, OUT],
    [4, 4],
  ],
  cap_weaken: [
    [4, OUT],
    [1, 4],
  ],
  cap_move: [[4, 5]],
  cap_mutate: [
    [4, 1n, 0n, 7, OUT],
    [4, 4],
  ],
  cap_delete: [[4]],
  cap_revoke: [[4]],
  cap_examine: [
    [4, OUT],
    [1, 24],
  ],
  cap_find: [
    [...NAME, OUT],
    [0, 1],
    [2, 4],
  ],
  table_create: [
    [4, OUT],
    [1, 4],
  ],
  table_fetch: [
    [4, 0, OUT],
    [2, 4],
  ],
  table_store: [[4, 0, 5]],
  brand_create: [
    [4, OUT],
    [1, 4],
  ],
  cap_seal: [
    [4, 5, 6, OUT],
    [3, 4],
  ],
  cap_unseal: [
    [4, 5, OUT],
    [2, 4],
  ],
  membrane_create: [
    [4, OUT],
    [1, 4],
  ],
  cap_wrap: [
    [4, 5, OUT],
    [2, 4],
  ],
  endpoint_create: [
    [4, OUT],
    [1, 4],
  ],
  notification_create: [
    [4, OUT],
    [1, 4],
  ],
  timer_create: [
    [4, OUT],
    [1, 4],
  ],
  ipc_send: [
    [4, MESSAGE, 0],
    [1, 16],
  ],
  ipc_receive: [
    [4, BUFFER, 0],
    [1, 32],
  ],
  ipc_call: [
    [4, MESSAGE, BUFFER],
    [1, 16],
    [2, 32],
  ],
  ipc_reply: [
    [4, MESSAGE],
    [1, 16],
  ],
  ipc_cancel_badged: [[4, 7]],
  notification_signal: [[4]],
  notification_wait: [
    [4, OUT],
    [1, 4],
  ],
  notification_poll: [
    [4, OUT],
    [1, 4],
  ],
  interrupt_bind: [[4, 5]],
  interrupt_acknowledge: [[4]],
  context_configure: [[4, 1000n, 2000n, 255]],
  context_bind: [[4, 5]],
  context_unbind: [[4]],
  priority_set: [[4, 5, 255]],
  process_spawn: [
    [4, SPAWN, OUT],
    [1, 16],
    [2, 4],
  ],
  process_wait: [
    [4, OUT],
    [1, 4],
  ],
  process_end: [[4]],
  timer_arm: [[4, 5, 1000n]],
  timer_disarm: [[4]],
  budget_split: [
    [4, 4096n, OUT],
    [2, 4],
  ],
  budget_examine: [
    [4, OUT],
    [1, 16],
  ],
};

/** A guest with a name, a message, a buffer and a list of what is spawned, each with what it points to. */
function guest(): ScriptedFoldosGuest {
  const made = new ScriptedFoldosGuest();
  made.text(NAME[0], "a");
  made.words(MESSAGE, 2100, 5, ...made.given(2200, [4, -1n]));
  made.words(BUFFER, 3100, 50, 0, 3200, 2, 0, 0, 0);
  made.words(SPAWN, ...made.text(4100, "one\0two\0"), ...made.given(4200, [0, -1n], [1, 64n]));
  return made;
}

const withArgument = (args: RawArguments, index: number, value: number | bigint): RawArguments =>
  args.map((argument, place) => (place === index ? value : argument));

const pointers = Object.entries(functions).flatMap(([name, [args, ...each]]) =>
  each.map(([index, size]) => [name, index, size, args] as const),
);

describe("the table of all calls", () => {
  test("has the functions of foldos behind those of WASI, in an order that recordings rely on", () => {
    expect(foldosNames).toEqual(Object.keys(functions));
    expect(foldosNames.map((name) => callNumber(FOLDOS_MODULE, name))).toEqual(
      foldosNames.map((_, index) => 46 + index),
    );
    expect([callNumber(FOLDOS_MODULE, "cap_copy"), callNumber(FOLDOS_MODULE, "budget_examine")]).toEqual([
      46, 87,
    ]);
  });

  test("has each function that is written, and no other", () => {
    expect(Object.keys(foldosCalls).sort()).toEqual([...foldosNames].sort());
    for (const name of foldosNames) expect(callAt(callNumber(FOLDOS_MODULE, name))).toBe(foldosCalls[name]);
  });

  test("leaves the functions of WASI the numbers that they had", () => {
    expect(wasiNames.map((name) => callNumber(WASI_MODULE, name))).toEqual(
      wasiNames.map((_, index) => index),
    );
    for (const name of wasiNames) expect(callAt(callNumber(WASI_MODULE, name))).toBe(wasiCalls[name]);
  });

  test("finds nothing under the name of another module, or under one that every object has", () => {
    expect([
      callNumber(WASI_MODULE, "cap_copy"),
      callNumber(FOLDOS_MODULE, "fd_read"),
      callNumber(FOLDOS_MODULE, "constructor"),
      callNumber("constructor", "name"),
    ]).toEqual([-1, -1, -1, -1]);
    expect(callNames("env")).toEqual([]);
  });

  test("tells names of numbers, and of a number that it does not know that it is one", () => {
    expect([callName(0), callName(46), callName(87), callName(88)]).toEqual([
      "args_get",
      "cap_copy",
      "budget_examine",
      "function 88",
    ]);
  });
});

describe("each function", () => {
  test.each(Object.entries(functions))("%s takes the parameters that the header gives it", (name, [args]) => {
    const letters = args.map((argument) => (typeof argument === "bigint" ? "l" : "i")).join("");
    expect(foldosCalls[name]?.parameters).toBe(letters);
  });

  test.each(Object.entries(functions))("%s asks for what it is named after", (name, [args]) => {
    expect(guest().asked(name, ...args)).toMatchObject({ call: name });
  });

  test.each(Object.entries(functions).filter(([name]) => name !== "cap_find"))(
    "%s is made through the capability that is its first argument, whatever its sign",
    (name, [args]) => {
      expect(guest().asked(name, ...withArgument(args, 0, -1))).toMatchObject({ fd: 0xffff_ffff });
    },
  );
});

describe("a pointer outside the memory is EFAULT, and one to its last bytes is not", () => {
  test.each(pointers)("%s, argument %d, %d bytes", (name, index, size, args) => {
    const made = guest();
    const before = made.memory.bytes.slice();
    for (const pointer of [MEMORY_BYTES - size + 1, MEMORY_BYTES, 0x7fff_ffff, 0x8000_0000, -1])
      expect(made.asked(name, ...withArgument(args, index, pointer))).toBe(errno.fault);
    expect(made.asked(name, ...withArgument(args, index, MEMORY_BYTES - size))).toMatchObject({ call: name });
    expect(Buffer.compare(made.memory.bytes, before)).toBe(0);
  });
});

const word = fc.oneof(
  fc.nat({ max: 64 }),
  fc.nat({ max: MEMORY_BYTES + 64 }),
  fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
);
const long = fc.oneof(fc.bigInt(0n, 64n), fc.bigInt(-(1n << 63n), (1n << 63n) - 1n));
const call = fc
  .constantFrom(...foldosNames)
  .chain((name) =>
    fc.tuple(
      fc.constant(name),
      fc.tuple(
        ...Array.from(foldosCalls[name]?.parameters ?? "", (letter) => (letter === "l" ? long : word)),
      ),
    ),
  );

test("whatever arguments and memory say, a call asks for something or is refused, and changes nothing", () => {
  const made = new ScriptedFoldosGuest();
  fc.assert(
    fc.property(call, fc.array(word, { minLength: 0, maxLength: 64 }), ([name, args], words) => {
      made.memory.bytes.fill(0);
      made.words(0, ...words);
      made.words(MEMORY_BYTES - 256, ...words);
      const before = made.memory.bytes.slice();
      const asked = made.asked(name, ...args);
      if (typeof asked === "number") expect(Object.values(errno)).toContain(asked);
      else {
        expect(asked.call).toBe(name);
        expect(JSON.stringify(asked)).not.toContain("null");
      }
      expect(Buffer.compare(made.memory.bytes, before)).toBe(0);
    }),
    { numRuns: 2000 },
  );
});

test("whatever a well-formed call points to, its answer stays within the memory and crashes nothing", () => {
  const made = new ScriptedFoldosGuest();
  const answer = {
    to: 5,
    slot: 0,
    bits: 1,
    code: 2,
    limit: 3,
    used: 4,
    position: 0,
    length: 70_000,
    slots: [1, 2, 3],
  };
  fc.assert(
    fc.property(call, fc.array(word, { minLength: 0, maxLength: 64 }), ([name, args], words) => {
      made.memory.bytes.fill(0);
      made.words(0, ...words);
      if (typeof made.asked(name, ...args) === "object") made.answered(name, args, answer);
    }),
    { numRuns: 2000 },
  );
});
