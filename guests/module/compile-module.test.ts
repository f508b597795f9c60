import { describe, expect, test } from "@jest/globals";
import { compileModule } from "./compile-module.ts";
import { moduleOf, namesOf, program } from "./module-builder.ts";

describe("compiling", () => {
  test("gives a module", async () => {
    const result = await compileModule(program());
    expect(result.ok && WebAssembly.Module.exports(result.value)).toEqual([
      { name: "_start", kind: "function" },
      { name: "memory", kind: "memory" },
    ]);
  });

  test("names the function that is not valid, and the place", async () => {
    const bytes = program({ code: [0x41, 0], tail: namesOf([0, 'a "b\u001b" failed: @+7']) });
    const result = await compileModule(bytes);
    expect(result).toMatchObject({
      ok: false,
      error: { advice: expect.stringContaining("wasm-tools") as unknown },
    });
    if (result.ok) return;
    expect(result.error.what).toContain(
      'function 0 (a "b\u{fffd}" failed: @+7) is not valid: expected 0 elements',
    );
    expect(result.error.offset).toBe(bytes.indexOf(0x41, 40) + 2);
  });

  test("has the number of a function without a name", async () => {
    expect(await compileModule(program({ code: [0x1a] }))).toMatchObject({
      error: { what: expect.stringMatching(/^function 0 is not valid: not enough arguments/) as unknown },
    });
  });

  test("refuses what is no module", async () => {
    expect(await compileModule(new Uint8Array(3))).toMatchObject({ ok: false });
    expect(await compileModule(moduleOf([99, 0]))).toMatchObject({
      ok: false,
      error: { offset: expect.any(Number) as unknown },
    });
  });
});
