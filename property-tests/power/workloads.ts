import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ESBUILD, guest } from "../end-to-end/foldos-command.ts";

/** A program with something to lose: what it prints and what it leaves in the host directory `files` is known in advance. */
export interface Workload {
  readonly name: string;
  /** Fills the host's directory before the program starts. */
  readonly prepare: (files: string) => void;
  /** What follows `foldos run --record REC`; the current directory is the one that `files` is in. */
  readonly words: readonly string[];
  /** What comes in by standard input: through a pipe, piece by piece, or as a file that is there whole. */
  readonly input?: { readonly text: string; readonly as: "pipe" | "file" };
}

const nothing = (): void => {};
const onFiles = ["--dir", "files::/"];
/** Programs that are written down every few hundred events: a resume begins there. */
const imaged = ["--image-mib", "64", "--keyframe-events", "200"];
/** So many lines of text. */
export const lines = (count: number, line: (number: number) => string): string =>
  Array.from({ length: count }, (_, number) => line(number)).join("");

/** Directories of files of several sizes, and links. */
export function plantTree(files: string): void {
  for (let directory = 0; directory < 12; directory += 1) {
    const path = join(files, "from", `directory-${directory}`);
    mkdirSync(path, { recursive: true });
    for (let file = 0; file < 12; file += 1) {
      writeFileSync(
        join(path, `file-${file}`),
        lines(100 + 40 * file, (line) => `${directory}.${file}.${line}\n`),
      );
    }
    symlinkSync("file-1", join(path, "link"));
  }
}

/** Modules for a bundler. */
export function plantProject(files: string): void {
  const modules = Array.from({ length: 20 }, (_, number) => number);
  for (const number of modules) {
    const text = `export function f${number}(x: number): string { return "module ${number} " + (x * ${number}); }\n`;
    writeFileSync(join(files, `module-${number}.ts`), text);
  }
  const imports = modules.map((number) => `import { f${number} } from "./module-${number}";\n`).join("");
  writeFileSync(
    join(files, "main.ts"),
    `${imports}console.log(${modules.map((each) => `f${each}(2)`).join(", ")});\n`,
  );
}

/** A transaction for each row: a journal is made, synchronised and removed every time. */
const plantSql = (files: string): void =>
  writeFileSync(
    join(files, "work.sql"),
    [
      "create table t (id integer primary key, word text);",
      lines(60, (row) => `insert into t (word) values ('row ${row} ' || hex(zeroblob(${row * 7})));\n`),
      lines(20, (row) => `update t set word = word || '!' where id % 20 = ${row};\n`),
      "select count(*), sum(length(word)) from t;",
    ].join("\n"),
  );

export const workloads: readonly Workload[] = [
  { name: "print-slowly", prepare: nothing, words: [guest("print-slowly"), "400", "500000"] },
  { name: "copy-tree", prepare: plantTree, words: [...onFiles, guest("copy-tree"), "/from", "/to"] },
  {
    name: "copy-tree sync",
    prepare: plantTree,
    words: [...onFiles, guest("copy-tree"), "/from", "/to", "sync"],
  },
  { name: "sqlite", prepare: plantSql, words: [...onFiles, guest("sqlite"), "/data.db", "@/work.sql"] },
  {
    name: "sqlite with images",
    prepare: plantSql,
    words: [...imaged, ...onFiles, guest("sqlite"), "/data.db", "@/work.sql"],
  },
  {
    name: "copy-tree with images",
    prepare: plantTree,
    words: [...imaged, ...onFiles, guest("copy-tree"), "/from", "/to", "sync"],
  },
  {
    name: "esbuild",
    prepare: plantProject,
    words: [...onFiles, ESBUILD, "--bundle", "/main.ts", "--outfile=/out.js", "--log-level=warning"],
  },
  { name: "syscall-mix", prepare: nothing, words: [...onFiles, guest("syscall-mix"), "60000"] },
  {
    name: "interactive",
    prepare: nothing,
    words: [guest("interactive")],
    input: { text: lines(60, (line) => `line ${line} of what somebody types\n`), as: "pipe" },
  },
  {
    name: "cat",
    prepare: nothing,
    words: [guest("cat")],
    input: { text: lines(150_000, (line) => `${line} ${line * 7919}\n`), as: "file" },
  },
];
