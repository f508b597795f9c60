import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "@jest/globals";
import { compileModule } from "./compile-module.ts";
import { judgeModule } from "./judge-module.ts";
import { limitMemory } from "./limit-memory.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const prebuilt = `${root}property-tests/guests/prebuilt/`;
const files = [
  ...(existsSync(prebuilt) ? readdirSync(prebuilt).map((name) => `${prebuilt}${name}`) : []),
  `${root}node_modules/@esbuild/wasi-preview1/esbuild.wasm`,
].filter((path) => path.endsWith(".wasm") && existsSync(path));

test("programs that clang, rustc and go wrote pass, and compile with less memory than they declared", async () => {
  for (const path of files) {
    const bytes = readFileSync(path);
    const judged = judgeModule(bytes);
    expect({ path, judged }).toMatchObject({ judged: { ok: true } });
    if (!judged.ok) continue;
    const limited = limitMemory(bytes, judged.value, judged.value.memory.minPages);
    expect({ path, limited: limited.ok }).toEqual({ path, limited: true });
    if (!limited.ok) continue;
    expect(await compileModule(limited.value)).toMatchObject({ ok: true });
  }
}, 30_000);
