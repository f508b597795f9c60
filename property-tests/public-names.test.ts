import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "@jest/globals";
import * as library from "../machine/foldos.ts";
import * as kernel from "../reducers/public-kernel.ts";
import { importsOf } from "./import-rules.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const textOf = (path: string): string => readFileSync(join(root, path), "utf8");

/** The names that a file of re-exports gives, types with them. */
const namesIn = (text: string): readonly string[] =>
  [...text.matchAll(/^export (?:type )?\{([^}]*)\}/gm)]
    .flatMap((match) => (match[1] as string).split(","))
    .map((name) => name.replace(/^\s*type\s+/, "").trim())
    .filter((name) => name !== "")
    .sort();

const ofKernel = [
  "Decision",
  "KernelEvent",
  "KernelFact",
  "KernelState",
  "Request",
  "decide",
  "initialState",
  "step",
  "stepWithPatches",
];
const ofLibrary = [
  ...ofKernel,
  "Difference",
  "GuestStack",
  "RecordOptions",
  "RecordResult",
  "Recording",
  "RecordingInfo",
  "RecordingRefused",
  "ReplayOutcome",
  "importRecording",
  "openRecording",
  "readMemory",
  "readStack",
  "record",
  "replay",
].sort();

describe("the public names", () => {
  test("are these 23 and no others", () => {
    expect(namesIn(textOf("machine/foldos.ts"))).toEqual(ofLibrary);
    expect(ofLibrary).toHaveLength(23);
  });

  test("of the kernel alone are these nine", () => {
    expect(namesIn(textOf("reducers/public-kernel.ts"))).toEqual(ofKernel);
  });

  test("are there when the package is loaded", () => {
    const isValue = (name: string): boolean => /^[a-z]/.test(name) || name === "RecordingRefused";
    expect(Object.keys(library).sort()).toEqual(ofLibrary.filter(isValue));
    expect(Object.keys(kernel).sort()).toEqual(ofKernel.filter(isValue));
  });

  test("are what the package's entries lead to", () => {
    const { exports: entries } = JSON.parse(textOf("package.json")) as {
      readonly exports: Readonly<Record<string, { readonly types: string; readonly default: string }>>;
    };
    expect(entries["."]).toEqual({
      types: "./dist/machine/foldos.d.ts",
      default: "./dist/machine/foldos.js",
    });
    expect(entries["./kernel"]).toEqual({
      types: "./dist/reducers/public-kernel.d.ts",
      default: "./dist/reducers/public-kernel.js",
    });
    for (const { types, default: code } of [entries["."], entries["./kernel"]].filter(
      (each) => each !== undefined,
    )) {
      expect([types, code].filter((path) => !existsSync(join(root, path)))).toEqual([]);
    }
  });

  test("each have a place in docs/library.md, with an example", () => {
    const chapters = textOf("docs/library.md").split(/^### /m).slice(1);
    for (const name of ofLibrary) {
      const chapter = chapters.find(
        (text) => (text.split("\n")[0] as string).match(new RegExp(`\`${name}\\b`)) !== null,
      );
      expect([name, chapter?.includes("```")]).toEqual([name, true]);
    }
  });
});

describe("the package", () => {
  const packed = execFileSync("npm", ["pack", "--dry-run", "--json"], { cwd: root, encoding: "utf8" });
  const [{ files }] = JSON.parse(packed) as [{ readonly files: readonly { readonly path: string }[] }];
  const shipped = new Set(files.map(({ path }) => path));

  test("holds all that its files import", () => {
    const missing = [...shipped]
      .filter((path) => /^dist\/.*\.(?:js|d\.ts)$/.test(path))
      .flatMap((path) =>
        importsOf(textOf(path))
          .filter(({ specifier }) => specifier.startsWith("."))
          .map(({ specifier }) => join(dirname(path), specifier)),
      )
      .filter((path) => !shipped.has(path) && !shipped.has(path.replace(/\.ts$/, ".d.ts")));
    expect([...new Set(missing)]).toEqual([]);
    for (const path of ["dist/cli/foldos.js", "dist/machine/kernel-thread.js", "README.md", "LICENSE"])
      expect(shipped).toContain(path);
  });

  test("holds no test, and nothing that only tests use", () => {
    const helpers =
      /\.test\.|property-tests|bench|\/(?:model|scripted)-|sample-(?:recording|graph)|spawn-foldos|module-builder/;
    expect([...shipped].filter((path) => helpers.test(path))).toEqual([]);
  });
});

describe("the kernel", () => {
  test("imports nothing but core, reducers and immer, so that a browser can load it", () => {
    const seen = new Set<string>();
    const packages = new Set<string>();
    const visit = (path: string): void => {
      if (seen.has(path)) return;
      seen.add(path);
      for (const { specifier } of importsOf(readFileSync(path, "utf8"))) {
        if (specifier.startsWith(".")) visit(join(dirname(path), specifier));
        else packages.add(specifier);
      }
    };
    visit(join(root, "dist/reducers/public-kernel.js"));
    const folders = new Set([...seen].map((path) => relative(join(root, "dist"), path).split("/")[0]));
    expect([...packages]).toEqual(["immer"]);
    expect(folders).toEqual(new Set(["core", "reducers"]));
  });

  test("is what docs/library.md shows", () => {
    const { decide, initialState, step, stepWithPatches } = kernel;
    const envelope = { seq: 0, at: 17, cause: -1, pid: 0, call: -1 };
    const poweredOn = {
      type: "machine/powered-on",
      ...envelope,
      wall: 1_000_017,
      clock: "virtual",
      version: 1,
      nameSeed: 1,
    } as const;
    const on = step(initialState(), poweredOn);
    expect([initialState().seq, on.clock.isOn, on.seq]).toEqual([0, true, 1]);
    const [, patches] = stepWithPatches(initialState(), poweredOn);
    expect(patches.find(({ path }) => path[0] === "seq")).toEqual({ op: "replace", path: ["seq"], value: 1 });
    const asker = { pid: 1, at: 20, since: 20 };
    const yielded = { kind: "facts", facts: [{ type: "process/yielded" }] };
    expect(decide(on, asker, { call: "sched_yield" })).toEqual(yielded);
    const noClock = { kind: "refused", errno: 76, reason: "no-service", missing: 0 };
    expect(decide(on, asker, { call: "clock_time_get", clock: 0 })).toEqual(noClock);
    const noFile = { kind: "refused", errno: 8, reason: "empty-slot", missing: 0 };
    expect(decide(on, asker, { call: "fd_close", fd: 7 })).toEqual(noFile);
  });
});
