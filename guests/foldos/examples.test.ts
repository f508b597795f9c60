/** The examples in guests/examples: programs that may run, and machine files that name them. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { judgeModule } from "../module/judge-module.ts";
import { SuspendableGuest } from "../suspendable-guest.ts";
import { transformModule } from "../transform/transform-module.ts";
import { FOLDOS_MODULE, foldosNames } from "./foldos-table.ts";

const FOLDER = "guests/examples";
const under = (end: string): readonly string[] =>
  readdirSync(FOLDER, { recursive: true })
    .map(String)
    .filter((path) => path.endsWith(end))
    .sort();
const nameOf = (path: string): string => (/([^/]*)\.\w+$/.exec(path) ?? [])[1] ?? "";
const programs = under(".wasm");

/** What a C source calls of foldos.h, helpers aside. */
const calledBy = (name: string): readonly string[] => {
  const source = under(".c").find((path) => nameOf(path) === name) ?? "";
  const text = readFileSync(join(FOLDER, source), "utf8");
  return [...text.matchAll(/foldos_(\w+)\(/g)]
    .map(([, called = ""]) => called)
    .filter((one) => foldosNames.includes(one));
};

describe("each example", () => {
  test("is there, built", () => {
    expect(programs.map(nameOf).sort()).toEqual(under(".c").map(nameOf).sort());
    expect(programs.length).toBeGreaterThan(0);
  });

  test.each(programs)("%s may run, and imports what its source calls", (path) => {
    const bytes = readFileSync(join(FOLDER, path));
    const judged = judgeModule(bytes);
    if (!judged.ok) throw new Error(judged.error.what);
    expect(judged.value.usesFoldos).toBe(nameOf(path) !== "cpu-hog");
    for (const name of calledBy(nameOf(path))) expect(judged.value.importNames).toContain(name);
  });

  test("can be suspended in what it asks of foldos", () => {
    const source = readFileSync(join(FOLDER, "prebuilt/server.wasm"));
    const options = { maxPages: 64, canonicalNans: true };
    const transformed = transformModule(source, options);
    if (!transformed.ok) throw new Error(transformed.error.what);
    const { imports } = transformed.value.layout;
    const guest = new SuspendableGuest({ source, options, transformed: transformed.value });
    const numbers = imports.flatMap(({ module }, at) =>
      module === FOLDOS_MODULE ? [guest.calls[at]?.number ?? -1] : [],
    );
    expect(numbers.length).toBeGreaterThan(3);
    expect(numbers.every((number) => number >= 46)).toBe(true);
  });
});

interface Machine {
  readonly processes: Readonly<
    Record<string, { readonly program: string; readonly capabilities?: object; readonly scheduling?: object }>
  >;
}

test.each(under(".json"))("%s names programs that there are, and gives each what it looks for", (path) => {
  const { processes } = JSON.parse(readFileSync(join(FOLDER, path), "utf8")) as Machine;
  for (const [name, { program, capabilities = {}, scheduling = {} }] of Object.entries(processes)) {
    const file = join(FOLDER, dirname(path), program);
    expect([name, existsSync(file)]).toEqual([name, true]);
    const source = join(FOLDER, dirname(path), `${nameOf(program)}.c`);
    const sought = [...readFileSync(source, "utf8").matchAll(/named\("(\w+)"\)/g)].map(
      ([, found = ""]) => found,
    );
    // A process that has a budget of time finds its scheduling context.
    const found = [...Object.keys(capabilities), ...("budget" in scheduling ? ["context"] : [])];
    expect(found.sort()).toEqual([...new Set(sought)].sort());
  }
});
