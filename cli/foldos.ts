#!/usr/bin/env node
/** The `foldos` command: flags in, exit codes out. */
import { KernelBug } from "../core/assert.ts";
import { PrinterLost } from "../machine/printer.ts";
import { RecordingRefused } from "../replay/recording-refused.ts";
import { StoreFailed } from "../replay/store-failed.ts";
import { exitCode } from "./exit-codes.ts";
import { helpFor } from "./help.ts";
import { nearestWord } from "../core/nearest-word.ts";
import { UsageError } from "./usage-error.ts";

type Command = (words: readonly string[]) => Promise<number> | number;

/** Each command is loaded when it is called, so that none pays for the others. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  run: async () => (await import("./run.ts")).run,
  boot: async () => (await import("./boot.ts")).boot,
  resume: async () => (await import("./run.ts")).resume,
  replay: async () => (await import("./replay.ts")).replay,
  log: async () => (await import("./log.ts")).log,
  show: async () => (await import("./show.ts")).show,
  cat: async () => (await import("./cat.ts")).cat,
  diff: async () => (await import("./diff.ts")).diff,
  ps: async () => (await import("./ps.ts")).ps,
  top: async () => (await import("./top.ts")).top,
  info: async () => (await import("./info.ts")).info,
  step: async () => (await import("./step.ts")).step,
  export: async () => (await import("./export.ts")).exportToFile,
  import: async () => (await import("./import.ts")).importFromFile,
  caps: async () => (await import("./caps.ts")).caps,
};

async function main(words: readonly string[]): Promise<number> {
  const [name, ...rest] = words;
  if (name === undefined || name === "help" || name === "--help" || name === "-h") {
    if (rest[0] !== undefined && rest[0] !== "help") known(rest[0]);
    process.stdout.write(helpFor(rest[0]));
    return name === undefined ? exitCode.usage : exitCode.done;
  }
  if (name === "--version" || name === "-V") return printVersion();
  const load = known(name);
  if (rest[0] === "--help" || rest[0] === "-h") {
    process.stdout.write(helpFor(name));
    return exitCode.done;
  }
  return (await load())(rest);
}

function known(name: string): () => Promise<Command> {
  const load = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (load !== undefined) return load;
  if (name.endsWith(".wasm")) throw new UsageError(`to run a program: foldos run ${name}`);
  const meant = nearestWord(name, Object.keys(commands));
  const next = meant === null ? "" : `was \`foldos ${meant}\` meant? `;
  throw new UsageError(`there is no command \`${name}\`; ${next}\`foldos help\` lists them`);
}

async function printVersion(): Promise<number> {
  const { readFileSync } = await import("node:fs");
  const manifest = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
    version: string;
  };
  process.stdout.write(`foldos ${manifest.version}\n`);
  return exitCode.done;
}

function explain(error: unknown): number {
  if (error instanceof UsageError) {
    process.stderr.write(`foldos: ${error.message}\n`);
    return error.code;
  }
  if (error instanceof RecordingRefused) {
    process.stderr.write(`foldos: ${error.message}\n`);
    return exitCode.divergence;
  }
  if (error instanceof StoreFailed || error instanceof PrinterLost) {
    process.stderr.write(`foldos: ${error.message}\n`);
    return exitCode.failed;
  }
  if (error instanceof KernelBug) {
    process.stderr.write(`foldos: this is our bug: ${error.message}\n`);
    return exitCode.bug;
  }
  const code = (error as { readonly code?: unknown }).code;
  const message = error instanceof Error ? error.message : String(error);
  if (typeof code === "string" && code.startsWith("ERR_PARSE_ARGS")) {
    process.stderr.write(`foldos: ${message}\n`);
    return exitCode.usage;
  }
  if ((error as NodeJS.ErrnoException).syscall === "uv_cwd") {
    process.stderr.write("foldos: the current directory is not there any more; change to another one\n");
    return exitCode.failed;
  }
  if (typeof code === "string" && "syscall" in (error as object)) {
    process.stderr.write(
      `foldos: the host refused: ${message}; check the paths that were given, and what this user may do there\n`,
    );
    return exitCode.failed;
  }
  process.stderr.write(`foldos: this is our bug: ${error instanceof Error ? error.stack : message}\n`);
  return exitCode.bug;
}

// A reader that goes away, as `head` does, ends what is printed, not more.
process.stdout.on("error", () => process.exit(exitCode.done));
try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.exitCode = explain(error);
}
// Standard input may still be open: nobody listens to it any more.
process.exit();
