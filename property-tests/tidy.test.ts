import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "@jest/globals";
import { cycleProblems, importProblems, reducerProblems, type SourceFile } from "./import-rules.ts";
import { maskSource } from "./mask-source.ts";
import * as shape from "./shape-rules.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

const filesUnder = (folder: string): readonly string[] =>
  existsSync(join(root, folder))
    ? readdirSync(join(root, folder), { withFileTypes: true, recursive: true })
        .filter((entry) => entry.isFile())
        .map((entry) => relative(join(root, folder), join(entry.parentPath, entry.name)).split(sep).join("/"))
    : [];

const topLevel: readonly string[] = readdirSync(root, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name);

const written: readonly SourceFile[] = topLevel
  .filter((name) => !name.startsWith(".") && name !== "dist" && name !== "node_modules")
  .flatMap((folder) => filesUnder(folder).map((path) => `${folder}/${path}`))
  .filter((path) => path.endsWith(".ts") || path.endsWith(".mjs"))
  .map((path) => ({ path, text: readFileSync(join(root, path), "utf8") }));

const file = (path: string, ...lines: readonly string[]): SourceFile => ({
  path,
  text: `${lines.join("\n")}\n`,
});
const times = (count: number, line: string): readonly string[] => Array.from({ length: count }, () => line);

describe("the tree", () => {
  test("imports only what the table of folders allows", () => {
    expect(written.flatMap(importProblems)).toEqual([]);
  });

  test("lets kernel.ts alone import the reducers of other subsystems", () => {
    expect(written.flatMap(reducerProblems)).toEqual([]);
  });

  test("has no ring of imports", () => {
    expect(cycleProblems(written)).toEqual([]);
  });

  test("has files of at most 300 lines", () => {
    expect(written.flatMap(shape.fileLengthProblems)).toEqual([]);
  });

  test("has functions of at most 60 lines", () => {
    expect(written.flatMap(shape.functionLengthProblems)).toEqual([]);
  });

  test("names files and folders in kebab-case", () => {
    expect(written.flatMap(({ path }) => shape.nameProblems(path))).toEqual([]);
  });

  test("has no default export", () => {
    expect(written.flatMap(shape.defaultExportProblems)).toEqual([]);
  });

  test("has the top-level folders of the design and no others", () => {
    expect(shape.topLevelProblems(topLevel)).toEqual([]);
  });

  test("has a source for every output in dist", () => {
    const sources = written.map(({ path }) => path);
    expect(shape.orphanProblems(filesUnder("dist"), sources)).toEqual([]);
  });
});

describe("each rule sees a planted fault", () => {
  test.each([
    ["core/a.ts", 'import { b } from "../reducers/b.ts";'],
    ["core/a.ts", 'import { produce } from "immer";'],
    ["core/a.ts", 'import { readFileSync } from "node:fs";'],
    ["reducers/x/a.ts", 'import {\n  b,\n} from "../../devices/b.ts";'],
    ["reducers/a.ts", 'import { map } from "rxjs/operators";'],
    ["guests/a.ts", 'export { b } from "../devices/b.ts";'],
    ["replay/a.ts", 'import type { Clock } from "../devices/clock.ts";'],
    ["replay/a.ts", 'const b = await import("rxjs");'],
    ["machine/a.ts", 'import "lmdb";'],
    ["cli/a.ts", 'import { law } from "../property-tests/law.ts";'],
  ])("a wrong import: %s, %s", (path, text) => {
    expect(importProblems(file(path, text))).toHaveLength(1);
  });

  test.each([
    ["core/a.ts", 'import type { Draft } from "immer";'],
    ["core/a.test.ts", 'import { test } from "@jest/globals";'],
    ["reducers/x/a.ts", 'import { ok } from "../../core/result.ts";'],
    ["replay/a.ts", 'import { open } from "lmdb";'],
    ["guests/a.ts", '// import { b } from "../devices/b.ts";'],
    ["property-tests/a.ts", 'import fc from "fast-check";'],
  ])("and passes over a right one: %s, %s", (path, text) => {
    expect(importProblems(file(path, text))).toEqual([]);
  });

  test("a reducer that imports a reducer", () => {
    const line = 'import { reduceFiles } from "../files/reduce-files.ts";';
    expect(reducerProblems(file("reducers/clock/reduce-clock.ts", line))).toHaveLength(1);
    expect(
      reducerProblems(file("reducers/kernel.ts", 'import { r } from "./files/reduce-files.ts";')),
    ).toEqual([]);
  });

  test("a ring of imports, but not one of types alone", () => {
    const there = file("core/a.ts", 'import { b } from "./b.ts";');
    const back = 'import { a } from "./a.ts";';
    expect(cycleProblems([there, file("core/b.ts", back)])).toEqual([
      "cycle: core/a.ts -> core/b.ts -> core/a.ts",
    ]);
    expect(cycleProblems([there, file("core/b.ts", back.replace("{", "type {"))])).toEqual([]);
  });

  test("a file of 301 lines", () => {
    expect(shape.fileLengthProblems(file("core/a.ts", ...times(301, "x;")))).toHaveLength(1);
    expect(shape.fileLengthProblems(file("core/a.ts", ...times(300, "x;")))).toEqual([]);
  });

  test.each([
    ["a function", "export function f(a: number): Result<A, B> {", "}"],
    ["parameters on lines of their own", "function f(\n  a: number,\n): void {", "}"],
    ["an arrow function", "const f = (a: number): number => {", "};"],
    ["a method", "class A {\n  async f(): Promise<void> {", "  }\n}"],
    ["a test", 'test("a name with a { in it", async () => {', "});"],
  ])("a long function: %s", (_, head, end) => {
    expect(shape.functionLengthProblems(file("core/a.ts", head, ...times(60, "x;"), end))).toHaveLength(1);
    expect(shape.functionLengthProblems(file("core/a.ts", head, ...times(50, "x;"), end))).toEqual([]);
  });

  test.each([
    ["a class", "class A extends B {", "}"],
    ["a loop", "for (const a of b) {", "}"],
    ["a chapter of tests", 'describe("a", () => {', "});"],
    ["a template", "const a = `function f() {", "}`;"],
  ])("but not a long block of another kind: %s", (_, head, end) => {
    expect(shape.functionLengthProblems(file("core/a.ts", head, ...times(70, "x;"), end))).toEqual([]);
  });

  test("a name that is not kebab-case", () => {
    expect(["core/aB.ts", "core/a_b.ts", "Core/a.ts"].flatMap(shape.nameProblems)).toHaveLength(3);
    expect(["core/a-b2.test.ts", "cli/set-up.mjs", "guests/a.d.ts"].flatMap(shape.nameProblems)).toEqual([]);
  });

  test("a default export", () => {
    expect(shape.defaultExportProblems(file("core/a.ts", "export default 1;"))).toHaveLength(1);
    expect(shape.defaultExportProblems(file("core/a.ts", "export { a as default };"))).toHaveLength(1);
    expect(shape.defaultExportProblems(file("core/a.ts", "// export default 1;"))).toEqual([]);
  });

  test("a top-level folder that the design does not know", () => {
    expect(shape.topLevelProblems(["core", ".git", "utils"])).toEqual([expect.stringContaining("utils/")]);
  });

  test("an output without a source", () => {
    const outputs = ["core/a.js", "core/a.d.ts", "core/b.js.map", "core/tsconfig.tsbuildinfo"];
    expect(shape.orphanProblems(outputs, ["core/a.ts"])).toEqual([expect.stringContaining("core/b.js.map")]);
  });

  test("braces in comments, strings, templates and expressions are not code", () => {
    const source = "a /* { */ + '{' + `{${b({})}{` + /[{/]\\}/.source; // {";
    const code = maskSource(source);
    expect(code).toHaveLength(source.length);
    expect(code.replace(/[^{}]/g, "")).toBe("{}");
  });
});
