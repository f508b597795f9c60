import { describe, expect, test } from "@jest/globals";
import type { JudgedModule } from "./judged-module.ts";
import { judgeModule } from "./judge-module.ts";
import { limitMemory } from "./limit-memory.ts";
import { program } from "./module-builder.ts";

function judged(bytes: Uint8Array): JudgedModule {
  const result = judgeModule(bytes);
  if (!result.ok) throw new Error(result.error.what);
  return result.value;
}

function limited(bytes: Uint8Array, maxPages: number): Uint8Array {
  const result = limitMemory(bytes, judged(bytes), maxPages);
  if (!result.ok) throw new Error(result.error.what);
  return result.value;
}

describe("the maximum of a memory", () => {
  test.each([
    ["is set where there was none", [1, 0, 1], 300, 300],
    ["is lowered", [1, 1, 1, 0x80, 0x80, 4], 2, 2],
    ["stays where it is lower already", [1, 1, 1, 3], 65_536, 3],
    ["may be the minimum", [1, 0, 5], 5, 5],
    ["may be all that 32 bits address", [1, 0, 1], 65_536, 65_536],
    ["is never more than that", [1, 0, 1], 2 ** 31, 65_536],
  ])("%s", (_, memory, maxPages, expected) => {
    const bytes = limited(program({ memory }), maxPages);
    expect(judged(bytes).memory.maxPages).toBe(expected);
    expect(WebAssembly.validate(bytes)).toBe(true);
  });

  test("ends the growth of a running guest", () => {
    // memory.grow by 1 page; a trap unless it answers -1, as it must beyond the maximum.
    const code = [0x41, 1, 0x40, 0, 0x41, 0x7f, 0x47, 0x04, 0x40, 0x00, 0x0b];
    const bytes = limited(program({ code }), 1);
    const start = new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports["_start"] as () => void;
    expect(start()).toBeUndefined();
  });

  test("is refused below the minimum", () => {
    const bytes = program({ memory: [1, 0, 32] });
    expect(limitMemory(bytes, judged(bytes), 31)).toMatchObject({
      ok: false,
      error: { what: "it needs 2 MiB of memory to start, and may have 1.9375 MiB" },
    });
  });

  test("changes nothing else of the file", () => {
    const bytes = program({ memory: [1, 0, 1] });
    const { start, end } = judged(bytes).memorySection;
    const after = limited(bytes, 300);
    const shift = after.length - bytes.length;
    expect(after.subarray(0, start)).toEqual(bytes.subarray(0, start));
    expect(after.subarray(end + shift)).toEqual(bytes.subarray(end));
    expect(limited(after, 300)).toBe(after);
  });
});
