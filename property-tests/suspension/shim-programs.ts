/** Programs that others wrote, and compilers of five languages, each with work that can be stopped in its middle. */
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { guestPath } from "../../bench/child-process.ts";
import type { ShimProgram } from "../../bench/shim-program.ts";
import { perlProgram } from "../guests/perl-program.ts";

export interface NamedProgram {
  readonly name: string;
  /** The folder is for a module that has to be made. */
  readonly in: (folder: string) => ShimProgram;
}

const ESBUILD = createRequire(import.meta.url).resolve("@esbuild/wasi-preview1/esbuild.wasm");

const real = (name: string): Uint8Array =>
  new Uint8Array(
    readFileSync(fileURLToPath(new URL(`../../../property-tests/guests/real/${name}`, import.meta.url))),
  );

/** What the programs of the folder `real` read. */
export const sampleFiles = {
  "sample.js": real("sample.js"),
  "sample.lua": real("sample.lua"),
  "sample.pl": real("sample.pl"),
  "sample.sql": real("sample.sql"),
};

export function perlIn(folder: string): ShimProgram {
  const path = join(folder, "perl.wasm");
  writeFileSync(path, perlProgram(["/sample.pl", "x", "y"]));
  return { path, args: [], files: sampleFiles };
}

const made = (count: number, line: (index: number) => string): Buffer =>
  Buffer.from(Array.from({ length: count }, (_, index) => line(index)).join(""));

const PARTS = 20;
const partName = (part: number): string => `part-${part}.ts`;
const project = {
  ...Object.fromEntries(
    Array.from({ length: PARTS }, (_, part) => [
      partName(part),
      made(40, (index) => `export const f${index} = (x: number): object => ({ a: x * ${part * index} });\n`),
    ]),
  ),
  "main.ts": made(PARTS, (part) => `export { f1 as f${part}, f7 as g${part} } from "./${partName(part)}";\n`),
};
const forest = Object.fromEntries(
  Array.from({ length: 60 }, (_, tree) => [
    `tree-${tree}.txt`,
    made(300, (line) => `${tree}.${line}: ${(line * 7919) % 1009}\n`),
  ]),
);
const text = made(20_000, (line) => `${line % 97} ${(line * 7919) % 1009} the quick brown fox\n`);

const guest =
  (name: string, args: readonly string[], files: ShimProgram["files"] = sampleFiles) =>
  () => ({
    path: guestPath(name),
    args,
    files,
  });

export const shimPrograms: readonly NamedProgram[] = [
  {
    name: "esbuild (Go)",
    in: () => ({
      path: ESBUILD,
      args: ["--bundle", "/main.ts", "--outfile=/out.js", "--format=esm", "--sourcemap", "--minify"],
      files: project,
    }),
  },
  { name: "QuickJS", in: guest("qjs", ["/sample.js", "x", "y"]) },
  { name: "SQLite", in: guest("sqlite", ["/new.db", "@/sample.sql"]) },
  { name: "Lua (exceptions)", in: guest("lua", ["/sample.lua", "x", "y"]) },
  { name: "Perl", in: perlIn },
  { name: "grep-sorted (Rust)", in: guest("grep-sorted", ["77", "/"], forest) },
  { name: "word-count (C++)", in: guest("word-count", ["/text.txt", "50"], { "text.txt": text }) },
  { name: "throws (C++ exceptions)", in: guest("throws", ["100000"]) },
  { name: "cpu-kernels (C)", in: guest("cpu-kernels", ["sort", "60000"]) },
];
