import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { perlProgram } from "../guests/perl-program.ts";
import { lines, plantProject, plantTree } from "../power/workloads.ts";
import { ESBUILD, guest, GUESTS } from "./foldos-command.ts";

/** A program that somebody else could have written, at work on files. */
export interface RealProgram {
  readonly name: string;
  /** Its module, seen from where it runs. */
  readonly wasm: string;
  readonly args: readonly string[];
  /** Fills the directory that it gets as "/". */
  readonly prepare: (files: string) => void;
  /** What it is known to print, where that is kept in a file beside its input. */
  readonly expected?: string;
}

const real = (name: string): string => join(GUESTS, "real", name);

function plantText(files: string): void {
  const text = lines(40_000, (line) => `${line % 97} ${(line * 7919) % 1009} the quick brown fox\n`);
  writeFileSync(join(files, "text.txt"), text);
}

function plantForest(files: string): void {
  for (let directory = 0; directory < 15; directory += 1) {
    const path = join(files, "forest", `directory-${directory}`);
    mkdirSync(path, { recursive: true });
    for (let file = 0; file < 15; file += 1)
      writeFileSync(
        join(path, `file-${file}`),
        lines(300, (line) => `${directory}.${file}.${line}\n`),
      );
  }
}

export const realPrograms: readonly RealProgram[] = [
  {
    name: "esbuild (Go)",
    wasm: ESBUILD,
    args: ["--bundle", "/main.ts", "--outfile=/out.js", "--sourcemap", "--log-level=info", "--color=false"],
    prepare: plantProject,
  },
  { name: "copy-tree (C)", wasm: guest("copy-tree"), args: ["/from", "/to"], prepare: plantTree },
  { name: "word-count (C++)", wasm: guest("word-count"), args: ["/text.txt", "50"], prepare: plantText },
  { name: "grep-sorted (Rust)", wasm: guest("grep-sorted"), args: ["77", "/forest"], prepare: plantForest },
  {
    name: "QuickJS",
    wasm: guest("qjs"),
    args: ["/sample.js", "x", "y"],
    prepare: (files) => cpSync(real("sample.js"), join(files, "sample.js")),
    expected: real("sample.js.expected"),
  },
  {
    name: "Lua (exceptions)",
    wasm: guest("lua"),
    args: ["/sample.lua", "x", "y"],
    prepare: (files) => cpSync(real("sample.lua"), join(files, "sample.lua")),
    expected: real("sample.lua.expected"),
  },
  {
    name: "Perl",
    // Made beside the files, in the directory that it runs in.
    wasm: "perl.wasm",
    args: [],
    prepare: (files) => {
      cpSync(real("sample.pl"), join(files, "sample.pl"));
      writeFileSync(join(files, "..", "perl.wasm"), perlProgram(["/sample.pl", "x", "y"]));
    },
    expected: real("sample.pl.expected"),
  },
  {
    name: "SQLite",
    wasm: guest("sqlite"),
    args: ["/sample.db", "@/sample.sql"],
    prepare: (files) => cpSync(real("sample.sql"), join(files, "sample.sql")),
    expected: real("sample.sql.expected"),
  },
];

/** Those that `npm test` runs: a few languages, and a database. */
export const quickPrograms: readonly RealProgram[] = realPrograms.filter(({ name }) =>
  /C\+\+|Rust|SQLite/.test(name),
);
