import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { errno } from "../../core/errno.ts";
import { BOOT_WALL_MICROS, PID } from "../../reducers/scripted-machine.ts";
import { MEMORY_BYTES, ScriptedGuest } from "./scripted-guest.ts";

const AT = 1024;
const BUFFER = 4096;

describe("arguments", () => {
  test("are counted, and measured with an end for each", () => {
    const made = new ScriptedGuest();
    expect(made.call("args_sizes_get", AT, AT + 4)).toBe(0);
    expect([made.u32(AT), made.u32(AT + 4)]).toEqual([3, "guest\0one\0zw..lf\0".length]);
  });

  test("are pointers, and texts that end in NUL", () => {
    const made = new ScriptedGuest();
    made.memory.bytes.fill(9, BUFFER, BUFFER + 64);
    expect(made.call("args_get", AT, BUFFER)).toBe(0);
    expect([0, 4, 8].map((offset) => made.u32(AT + offset))).toEqual([BUFFER, BUFFER + 6, BUFFER + 10]);
    expect(made.textAt(BUFFER, 17)).toBe("guest\0one\0zwölf\0");
    expect(made.u8(BUFFER + 17)).toBe(9);
  });

  test("may end with the memory, and not behind it", () => {
    const made = new ScriptedGuest();
    expect(made.call("args_get", MEMORY_BYTES - 12, BUFFER)).toBe(0);
    expect(made.call("args_get", AT, MEMORY_BYTES - 17)).toBe(0);
    expect(made.call("args_get", MEMORY_BYTES - 11, BUFFER)).toBe(errno.fault);
    expect(made.call("args_get", AT, MEMORY_BYTES - 16)).toBe(errno.fault);
  });
});

describe("the environment", () => {
  test("is told as arguments are", () => {
    const made = new ScriptedGuest();
    made.call("environ_sizes_get", AT, AT + 4);
    made.call("environ_get", AT + 8, BUFFER);
    expect([made.u32(AT), made.u32(AT + 4), made.u32(AT + 8), made.textAt(BUFFER, 7)]).toEqual([
      1,
      7,
      BUFFER,
      "HOME=/\0",
    ]);
  });

  test("may be empty, and then nothing is written", () => {
    const made = new ScriptedGuest();
    const started = {
      type: "process/started" as const,
      program: "",
      name: "",
      args: [],
      environment: [],
      memoryPages: 1,
    };
    made.machine.happen(PID, started);
    made.call("environ_sizes_get", AT, AT + 4);
    expect([made.u32(AT), made.u32(AT + 4)]).toEqual([0, 0]);
    expect(made.call("environ_get", MEMORY_BYTES, MEMORY_BYTES)).toBe(0);
  });
});

describe("a clock", () => {
  const read = (clock: number, at: number): bigint => {
    const made = new ScriptedGuest();
    made.machine.at = at;
    expect(made.call("clock_time_get", clock, 0n, AT)).toBe(0);
    return made.u64(AT);
  };

  test("of the wall counts nanoseconds since 1970, the others since the first boot", () => {
    expect(read(0, 5)).toBe(BigInt(BOOT_WALL_MICROS + 5) * 1000n);
    expect([1, 2, 3].map((clock) => read(clock, 5))).toEqual([5000n, 5000n, 5000n]);
  });

  test("says every microsecond in 64 bits of nanoseconds, exactly", () => {
    fc.assert(
      fc.property(fc.nat({ max: 2 ** 50 - 1 }), (at) => {
        expect(read(1, at)).toBe(BigInt(at) * 1000n);
      }),
    );
    for (const at of [2 ** 22 - 1, 2 ** 22, 2 ** 32, 2 ** 42, 2 ** 49 - 1])
      expect(read(1, at)).toBe(BigInt(at) * 1000n);
  });

  test("has a resolution of a microsecond, in 64 bits", () => {
    const made = new ScriptedGuest();
    made.memory.bytes.fill(9, AT, AT + 9);
    expect(made.call("clock_res_get", 1, AT)).toBe(0);
    expect([made.u64(AT), made.u8(AT + 8)]).toEqual([1000n, 9]);
  });

  test("that is none is EINVAL", () => {
    const made = new ScriptedGuest();
    expect([made.call("clock_res_get", 4, AT), made.call("clock_time_get", -1, 0n, AT)]).toEqual([
      errno.inval,
      errno.inval,
    ]);
  });
});

test("random bytes fill what was asked for, and nothing beside it", () => {
  const made = new ScriptedGuest();
  made.memory.bytes.fill(9, AT, AT + 6);
  expect([made.call("random_get", AT + 1, 4), made.call("random_get", AT, 0)]).toEqual([0, 0]);
  expect(made.bytes(AT, 6)).toEqual([9, 1, 2, 3, 4, 9]);
});

test("a signal and an exit code are taken as they are given", () => {
  expect(new ScriptedGuest().call("proc_raise", 99)).toBe(errno.inval);
  const made = new ScriptedGuest();
  expect(made.call("proc_exit", -1)).toBe(0);
  expect(JSON.stringify(made.machine.state.processes)).toContain('"exitCode":4294967295');
});

test.each([
  ["sock_accept", [0, 0, 0]],
  ["sock_recv", [0, 0, 0, 0, 0, 0]],
  ["sock_send", [0, 0, 0, 0, 0]],
  ["sock_shutdown", [0, 0]],
])("%s finds no socket, or no descriptor at all", (name, args) => {
  expect(new ScriptedGuest().call(name, ...args)).toBe(errno.notsock);
  expect(new ScriptedGuest().call(name, 99, ...args.slice(1))).toBe(errno.badf);
});
