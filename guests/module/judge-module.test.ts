import { describe, expect, test } from "@jest/globals";
import { judgeModule } from "./judge-module.ts";
import { exportOf, importOf, moduleOf, namesOf, program, section, vector } from "./module-builder.ts";
import type { ModuleRefusal } from "./module-refusal.ts";

const WASI = "wasi_snapshot_preview1";

function refusal(bytes: Uint8Array): ModuleRefusal {
  const result = judgeModule(bytes);
  if (result.ok) throw new Error("the module was not refused");
  return result.error;
}

const bytesOf = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
const passes = (bytes: Uint8Array): void => {
  expect(judgeModule(bytes)).toMatchObject({ ok: true });
  expect(WebAssembly.validate(bytes)).toBe(true);
};

describe("a program passes", () => {
  test("and its memory, functions, imports and names are told", () => {
    const bytes = program({
      types: [[0x60, 1, 0x7f, 0]],
      imports: [importOf(WASI, "proc_exit", 0, 1)],
      memory: [1, 1, 2, 0x80, 1],
      tail: namesOf([1, "main"]),
    });
    passes(bytes);
    expect(judgeModule(bytes)).toMatchObject({
      value: {
        memory: { minPages: 2, maxPages: 128 },
        functionCount: 2,
        importNames: ["proc_exit"],
        usesFoldos: false,
        entryFunction: 1,
        startFunction: null,
        hasNames: true,
      },
    });
  });

  test("that imports of foldos, and that is told", () => {
    const bytes = program({
      types: [[0x60, 2, 0x7f, 0x7f, 1, 0x7f]],
      imports: [importOf("foldos", "cap_copy", 0, 1)],
    });
    passes(bytes);
    expect(judgeModule(bytes)).toMatchObject({ value: { importNames: ["cap_copy"], usesFoldos: true } });
  });

  test("with a start section", () => {
    const bytes = moduleOf(
      section(1, [1, 0x60, 0, 0]),
      section(3, [1, 0]),
      section(5, [1, 0, 1]),
      section(7, vector(exportOf("_start", 0, 0), exportOf("memory", 2, 0))),
      section(8, [0]),
      section(10, [1, 2, 0, 0x0b]),
    );
    passes(bytes);
    expect(judgeModule(bytes)).toMatchObject({ value: { startFunction: 0 } });
  });

  test.each([
    ["bulk memory", [0x41, 0, 0x41, 0, 0x41, 0, 0xfc, 11, 0]],
    ["copying memory", [0x41, 0, 0x41, 0, 0x41, 0, 0xfc, 10, 0, 0]],
    ["sign extension", [0x41, 0, 0xc0, 0x1a]],
    ["saturating conversions", [0x43, 0, 0, 0, 0, 0xfc, 0, 0x1a]],
    ["reference types", [0x41, 0, 0xd0, 0x70, 0x26, 0]],
    ["select of references", [0xd0, 0x70, 0xd0, 0x70, 0x41, 0, 0x1c, 1, 0x70, 0x1a]],
    ["vectors", [0xfd, 12, ...Array<number>(16).fill(0x0b), 0x1a]],
    ["lanes of vectors in memory", [0x41, 0, 0x41, 0, 0xfd, 0, 0, 0, 0xfd, 84, 0, 0, 3, 0x1a]],
    ["tail calls", [0x12, 0]],
    ["indirect calls", [0x41, 0, 0x11, 0, 0]],
    ["exceptions in the older encoding", [0x06, 0x40, 0x19, 0x09, 0, 0x0b]],
    ["delegated exceptions", [0x06, 0x40, 0x06, 0x40, 0x18, 0, 0x0b]],
    ["blocks, loops and jump tables", [0x02, 0x40, 0x03, 0x40, 0x41, 0, 0x0e, 2, 0, 1, 2, 0x0b, 0x0b]],
    [
      "constants of every kind",
      [0x42, 0x7f, 0x1a, 0x43, 11, 11, 11, 11, 0x1a, 0x44, 1, 1, 1, 1, 1, 1, 1, 1, 0x1a],
    ],
    ["loads and stores", [0x41, 0, 0x41, 0, 0x28, 2, 0xff, 0xff, 0xff, 0xff, 0x0f, 0x36, 2, 0]],
    ["memory.grow", [0x41, 1, 0x40, 0, 0x1a, 0x3f, 0, 0x1a]],
  ])("that uses %s", (_, code) => passes(program({ code })));

  test("that uses several results of a block", () => {
    passes(
      program({ types: [[0x60, 0, 2, 0x7f, 0x7e]], code: [0x02, 1, 0x41, 0, 0x42, 0, 0x0b, 0x1a, 0x1a] }),
    );
  });

  test("with tags, globals, elements and data", () => {
    const middle = [...section(13, [1, 0, 0]), ...section(6, [1, 0x7f, 1, 0x41, 0x7f, 0x0b])];
    const bytes = moduleOf(
      section(1, [1, 0x60, 0, 0]),
      section(3, [1, 0]),
      section(4, [1, 0x70, 0, 1]),
      section(5, [1, 0, 1]),
      middle,
      section(7, vector(exportOf("_start", 0, 0), exportOf("memory", 2, 0))),
      section(9, [3, 0, 0x41, 0, 0x0b, 1, 0, 1, 0, 1, 0, 5, 0x70, 2, 0xd0, 0x70, 0x0b, 0xd2, 0, 0x0b]),
      section(12, [2]),
      section(10, [1, 2, 0, 0x0b]),
      section(11, [2, 0, 0x41, 0, 0x0b, 1, 65, 1, 1, 66]),
    );
    passes(bytes);
  });
});

describe("a file of another kind is named", () => {
  test.each([
    ["", "the file is empty"],
    ["\0as", "cut off"],
    ["\0asm\x01\0\0", "cut off"],
    ["\0asm\x0d\0\x01\0", "preview 2 component"],
    ["\0asm\x02\0\0\0", "version 2"],
    ["(module)", "text format"],
    [";; hello\n(component)", "component in text format"],
    ["\x1f\x8b\x08\0", "gzip"],
    ["\x7fELF", "ELF"],
    ["MZ\x90", "Windows"],
    ["!<arch>\n", "archive of object files"],
    ["<!DOCTYPE html>", "web page"],
    ["import a from 'b';", "JavaScript"],
    ["#!/bin/sh\n", "a script"],
    ['{"a":1}', "JSON"],
    ["version https://git-lfs.github.com/spec/v1", "Git LFS"],
    ["hello\x1b[2J there", "begins with the bytes 68656c6c"],
    ["hello there", 'text that begins with "hello there"'],
    ["\0\0\0\0", "begins with the bytes 00000000"],
  ])("%j", (text, what) => {
    expect(refusal(bytesOf(text)).what).toContain(what);
    expect(refusal(bytesOf(text)).advice).not.toBe("");
  });
});

describe("an import is refused by name, with advice", () => {
  test.each([
    ["wasi_unstable", "fd_write", "preview 0"],
    [WASI, "fd_reed", "misspelt"],
    [WASI, "fd_reed", "Was fd_read meant?"],
    ["foldos", "cap_mnt", "Was cap_mint meant?"],
    ["foldos", "fd_read", "foldos.h of this one"],
    ["foldos", "constructor", "misspelt"],
    [WASI, "sock_open", "WasmEdge"],
    [WASI, "constructor", "misspelt"],
    ["wasi", "thread-spawn", "threads"],
    ["wasi:cli/environment@0.2.0", "get-environment", "preview 2"],
    ["wbg", "__wbg_log_1", "wasm-bindgen"],
    ["__wbindgen_placeholder__", "__wbindgen_throw", "wasm-bindgen"],
    ["env", "emscripten_memcpy_js", "STANDALONE_WASM"],
    ["env", "invoke_vi", "STANDALONE_WASM"],
    ["a", "b", "STANDALONE_WASM"],
    ["gojs", "runtime.ticks", "GOOS=wasip1"],
    ["env", "abort", "AssemblyScript"],
    ["env", "my_function", "nothing defines"],
    ["GOT.mem", "x", "shared library"],
    ["host", "log", "wasm32-wasip1"],
  ])("%s.%s", (module, name, advice) => {
    const refused = refusal(program({ imports: [importOf(module, name, 0, 0)] }));
    expect(refused.what).toContain(`${module}.${name}`);
    expect(refused.advice).toContain(advice);
  });

  test("a memory, and a shared one for its threads", () => {
    expect(refusal(program({ imports: [importOf("env", "memory", 2, 0, 1)] })).advice).toContain(
      "--import-memory",
    );
    expect(refusal(program({ imports: [importOf("env", "memory", 2, 3, 1, 1)] })).what).toContain("threads");
  });

  test("a function of preview 1 with another type than its own", () => {
    const { what } = refusal(
      program({ types: [[0x60, 1, 0x7e, 1, 0x7f]], imports: [importOf(WASI, "fd_close", 0, 1)] }),
    );
    expect(what).toContain("fd_close as (i64) -> i32, where preview 1 has (i32) -> i32");
  });

  test("a function of foldos with another type than its own", () => {
    const { what, advice } = refusal(
      program({ types: [[0x60, 1, 0x7e, 1, 0x7f]], imports: [importOf("foldos", "timer_arm", 0, 1)] }),
    );
    expect(what).toContain("timer_arm as (i64) -> i32, where foldos has (i32, i32, i64) -> i32");
    expect(advice).toContain("foldos.h");
  });

  test("what is no function, of a module that consists of them", () => {
    const { what, advice } = refusal(program({ imports: [importOf("foldos", "cap_copy", 3, 0x7f, 0)] }));
    expect(what).toContain("the global foldos.cap_copy, which the module foldos does not have");
    expect(advice).toContain("foldos.h");
  });

  test("a name with control characters does not reach the terminal", () => {
    const { what } = refusal(program({ imports: [importOf("env", "\x1b[31m\nred\u202e", 0, 0)] }));
    expect(what).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });
});

describe("a feature that not every Node runs alike is refused by name", () => {
  test.each([
    ["threads", { memory: [1, 3, 1, 1] }],
    ["threads", { code: [0xfe, 3, 0] }],
    ["relaxed SIMD", { code: [0xfd, 0x80, 2] }],
    ["memory64", { memory: [1, 4, 1] }],
    ["multi-memory", { memory: [2, 0, 1, 0, 1] }],
    ["multi-memory", { code: [0x41, 0, 0x28, 0x42, 1, 0, 0x1a] }],
    ["multi-memory", { code: [0x3f, 1, 0x1a] }],
    ["custom-page-sizes", { memory: [1, 8, 1, 0] }],
    ["exnref", { code: [0x1f, 0x40, 0, 0x0b] }],
    ["exnref", { code: [0x0a] }],
    ["exnref", { locals: [1, 1, 0x69] }],
    ["WasmGC", { types: [[0x4e, 1, 0x60, 0, 0]] }],
    ["WasmGC", { types: [[0x5f, 0]] }],
    ["WasmGC", { code: [0xfb, 0, 0] }],
    ["typed function references", { code: [0xd0, 0, 0x14, 0] }],
    ["typed function references", { locals: [1, 1, 0x63, 0x70] }],
    ["typed function references", { code: [0x02, 0x64, 0x70, 0x0b] }],
    ["extended-const", { middle: section(6, [1, 0x7f, 0, 0x41, 1, 0x41, 2, 0x6a, 0x0b]) }],
    ["wide-arithmetic", { code: [0xfc, 19] }],
  ])("%s: %j", (feature, parts) => {
    expect(refusal(program(parts)).what).toContain(feature);
  });

  test("an atomic instruction is found at its offset behind every other kind of instruction", () => {
    const before = [0x44, 0xfe, 0xfe, 0xfe, 0xfe, 0xfe, 0xfe, 0xfe, 0xfe, 0x1a, 0x41, 0x7e, 0x1a];
    const bytes = program({ code: [...before, 0xfe, 3, 0] });
    const { what, offset } = refusal(bytes);
    expect(what).toContain("function 0");
    expect([...bytes.subarray(offset, offset + 3)]).toEqual([0xfe, 3, 0]);
  });
});

describe("a module that is no program is told what it is", () => {
  const memory = exportOf("memory", 2, 0);
  test.each([
    ["a library (a WASI reactor)", [exportOf("_initialize", 0, 0), memory]],
    ["a library, not a program", [memory]],
    ["exports main, but no _start", [exportOf("main", 0, 0), memory]],
    ["inside of a preview 2 component", [exportOf("wasi:cli/run@0.2.0#run", 0, 0), memory]],
    ["does not export its memory", [exportOf("_start", 0, 0)]],
    ["_start is no function", [exportOf("_start", 2, 0), memory]],
    ["memory is not its memory", [exportOf("_start", 0, 0), exportOf("memory", 1, 0)]],
  ])("%s", (what, exports) => {
    expect(refusal(program({ exports })).what).toContain(what);
  });

  test("_start with a parameter", () => {
    const bytes = moduleOf(
      section(1, [1, 0x60, 1, 0x7f, 0]),
      section(3, [1, 0]),
      section(5, [1, 0, 1]),
      section(7, vector(exportOf("_start", 0, 0), exportOf("memory", 2, 0))),
      section(10, [1, 2, 0, 0x0b]),
    );
    expect(refusal(bytes).what).toContain("(i32) -> nothing");
  });

  test("no memory at all", () => {
    expect(refusal(program({ memory: [0] })).what).toBe("it has no memory");
  });
});
