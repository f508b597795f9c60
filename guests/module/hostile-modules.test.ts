import { describe, expect, test } from "@jest/globals";
import { judgeModule } from "./judge-module.ts";
import { encodeU32 } from "./encode-u32.ts";
import { importOf, moduleOf, program, section } from "./module-builder.ts";
import type { ModuleRefusal } from "./module-refusal.ts";

const WASI = "wasi_snapshot_preview1";

function refusal(bytes: Uint8Array): ModuleRefusal {
  const result = judgeModule(bytes);
  if (result.ok) throw new Error("the module was not refused");
  return result.error;
}

const passes = (bytes: Uint8Array): void => {
  expect(judgeModule(bytes)).toMatchObject({ ok: true });
  expect(WebAssembly.validate(bytes)).toBe(true);
};

describe("hostile bytes", () => {
  test("a count of 2^32 - 1 is refused in every section that counts", () => {
    for (const id of [1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 13]) {
      expect(refusal(moduleOf(section(id, [0xff, 0xff, 0xff, 0xff, 0x0f, 0]))).what).toContain("4294967295");
    }
  });

  test("a section that is larger than the file is refused as cut off, with the size it needs", () => {
    const { what, offset } = refusal(moduleOf([1, ...encodeU32(2 ** 32 - 1), 0]));
    expect(what).toContain(`cut off: its type section needs at least ${8 + 6 + 2 ** 32 - 1} bytes`);
    expect(offset).toBe(8);
  });

  test("numbers may be padded to five bytes, and no further", () => {
    passes(program({ code: [0x41, 0x80, 0x80, 0x80, 0x80, 0x00, 0x1a] }));
    expect(refusal(program({ code: [0x41, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00, 0x1a] })).what).toContain(
      "longer",
    );
    expect(refusal(moduleOf([1, 0x80, 0x80, 0x80, 0x80, 0x80, 0])).what).toContain("longer than 32 bits");
  });

  test("a hundred thousand nested blocks pass", () => {
    const depth = 100_000;
    const code = Array<number>(depth * 2)
      .fill(0x40)
      .map((byte, index) => (index % 2 === 0 ? 0x02 : byte))
      .concat(Array<number>(depth).fill(0x0b));
    passes(program({ code }));
  });

  test("a hundred thousand blocks without an end are refused", () => {
    const { what } = refusal(program({ code: Array<number>(200_000).fill(0x02).fill(0x40, 1) }));
    expect(what).toContain("function 0");
  });

  test("a jump table of a million targets is walked to its end", () => {
    const code = [0x41, 0, 0x0e, ...encodeU32(1_000_000)].concat(Array<number>(1_000_001).fill(0));
    expect(judgeModule(program({ code })).ok).toBe(true);
    expect(refusal(program({ code: code.slice(0, 500_000) })).what).toContain("jump table");
  });

  test("sections in the wrong order, twice, or of unknown kind are refused", () => {
    const types = section(1, [1, 0x60, 0, 0]);
    expect(refusal(moduleOf(types, types)).what).toContain("the type section comes twice");
    expect(refusal(moduleOf(section(5, [1, 0, 1]), types)).what).toContain("must precede");
    expect(refusal(moduleOf(section(14, []))).what).toContain("unknown kind 14");
  });

  test("a byte behind the last end of a body is refused", () => {
    expect(refusal(program({ code: [0x0b] })).what).toContain("does not end where");
  });

  test("a refusal says one line, a place within the file, and advice", () => {
    const bytes = program({ types: [[0x60, 1, 0x7f, 0]], imports: [importOf(WASI, "proc_exit", 0, 1)] });
    for (let size = 0; size < bytes.length; size += 1) {
      const { what, offset, advice } = refusal(bytes.slice(0, size));
      expect(what).toMatch(/^[^\n]+$/);
      expect(advice).toMatch(/^[^\n]+$/);
      expect(offset).toBeLessThanOrEqual(size);
    }
  });

  test("changed bytes give a result, and what V8 would take is not called damaged", () => {
    const original = program({
      types: [[0x60, 1, 0x7f, 0]],
      imports: [importOf(WASI, "proc_exit", 0, 1)],
      code: [
        0x02,
        0x40,
        0x41,
        1,
        0x41,
        2,
        0x36,
        2,
        8,
        0x0b,
        0x41,
        0,
        0x10,
        0,
        0xfd,
        12,
        ...Array<number>(16).fill(1),
        0x1a,
      ],
    });
    let seed = 0x2545f491;
    const draw = (bound: number): number => {
      seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
      return Math.floor((seed / 2 ** 32) * bound);
    };
    for (let round = 0; round < 20_000; round += 1) {
      const bytes = original.slice();
      for (let change = draw(3); change >= 0; change -= 1) bytes[draw(bytes.length)] = draw(256);
      const result = judgeModule(bytes);
      if (!result.ok && WebAssembly.validate(bytes)) {
        // V8 takes it, so that it must be refused for what it wants, not as damaged.
        expect({ round, ...result.error }).not.toMatchObject({
          advice: expect.stringContaining("damaged") as unknown,
        });
      }
    }
  });
});
