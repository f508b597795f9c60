import { readFileSync } from "node:fs";
import { basename, resolve } from "node:path";
import { isatty } from "node:tty";
import { parseArgs } from "node:util";
import { errnoName } from "../../core/errno.ts";
import { rightNamesOf } from "../../core/rights.ts";
import { callName } from "../../guests/call-table.ts";
import { MAX_PAGES } from "../../guests/module/read-limits.ts";
import { type DryRunResult, dryRun } from "../../machine/audit/dry-run.ts";
import { neededFlags, neededMachine, neededProcess, type Offer } from "../../machine/audit/needed-machine.ts";
import type { MachineFile } from "../../machine/machine-file/machine-file.ts";
import type { WrittenMachine } from "../../machine/machine-file/written-machine.ts";
import { nameSeed } from "../../machine/name-seed.ts";
import { loadProgram } from "../../machine/program.ts";
import type { NeededByProcess, NeededRefusal } from "../../replay/authority/needed-authority.ts";
import { readMachineFile } from "../boot.ts";
import { loadPrograms, specOf } from "../machine-of-file.ts";
import { exitCode } from "../exit-codes.ts";
import { Output } from "../output.ts";
import { sound } from "../run.ts";
import { directoryGrant, wholeNumber } from "../run-flags.ts";
import { standingText } from "../tell-standstills.ts";
import { UsageError } from "../usage-error.ts";

const USAGE =
  "foldos caps audit --dry-run [--offer DIR[::GUEST]] [--seconds N] [--json] MACHINE.json | PROGRAM.wasm [ARGS...]";
const SECONDS = 60;
const MAX_SECONDS = 86_400;
const QUANTUM_TICKS = 10_000_000;
const TURNS = { kind: "turns", nans: "canonical" } as const;

interface Asked {
  readonly offers: readonly Offer[];
  readonly seconds: number;
  readonly isJson: boolean;
  readonly subject: string;
  readonly args: readonly string[];
}

/** Runs a program or a machine with all that is offered, as copies, and tells what it needed of it. */
export async function audit(words: readonly string[]): Promise<number> {
  const asked = parse(words);
  const isMachine = asked.subject.endsWith(".json");
  const output = new Output();
  if (isMachine) await auditMachine(asked, output);
  else await auditProgram(asked, output);
  output.flush();
  return exitCode.done;
}

function parse(words: readonly string[]): Asked {
  const options = {
    "dry-run": { type: "boolean" },
    offer: { type: "string", multiple: true },
    seconds: { type: "string" },
    json: { type: "boolean" },
  } as const;
  const { tokens } = parseArgs({
    args: [...words],
    options,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const first = tokens.find(({ kind }) => kind === "positional");
  const at = first?.index ?? words.length;
  const { values } = parseArgs({ args: words.slice(0, at), options, strict: true, allowPositionals: false });
  const subject = words[at];
  if (subject === undefined || values["dry-run"] !== true) throw new UsageError(`${USAGE} was expected`);
  const seconds =
    values.seconds === undefined ? SECONDS : wholeNumber("--seconds", values.seconds, 1, MAX_SECONDS);
  const offers = (values.offer ?? []).map(directoryGrant).map(({ host, guest }) => ({ host, guest }));
  return { offers, seconds, isJson: values.json === true, subject, args: words.slice(at + 1) };
}

async function auditProgram(asked: Asked, output: Output): Promise<void> {
  const { subject, args, offers, seconds } = asked;
  const program = sound(subject, await loadProgram(subject, MAX_PAGES, TURNS));
  const name = basename(subject);
  const result = await dryRun({
    programs: [program],
    boot: {
      kind: "program",
      program: {
        sha: program.sha,
        name,
        args: [name, ...args],
        environment: [],
        directories: offers.map((offer) => ({ ...offer, mode: "copy" as const })),
        memoryPages: MAX_PAGES,
        terminals: [isatty(0), false, false],
        turns: { quantum: QUANTUM_TICKS, seed: 0, maxTicks: 0 },
      },
    },
    devices: { clock: "host", seed: null, nameSeed: nameSeed(null) },
    seconds,
  });
  const [needs] = result.needs;
  if (needs === undefined) throw new UsageError(`${subject}: it did not begin`);
  const written = { program: resolve(subject), ...(args.length === 0 ? {} : { args }) };
  const process = neededProcess(written, needs, offers);
  const machine: WrittenMachine & { version: 1 } = {
    version: 1,
    processes: { [processName(name)]: process },
  };
  const run = ["foldos", "run", ...neededFlags(needs, offers), subject, ...args].map(quoted).join(" ");
  if (asked.isJson) output.json({ ...jsonOf(result), run, machine });
  else {
    printNeeds(output, result);
    output.line(`run it with:\n  ${run}`);
    output.line(`as a machine file:\n${JSON.stringify(machine, null, 2)}`);
  }
}

async function auditMachine(asked: Asked, output: Output): Promise<void> {
  const { subject, offers, seconds } = asked;
  const file = await readMachineFile(subject);
  const programs = await loadPrograms(file, TURNS.nans);
  const result = await dryRun({
    programs: [...programs.values()],
    boot: { kind: "machine", machine: specOf(allowed(file, offers), programs) },
    devices: { clock: file.clock, seed: file.seed, nameSeed: nameSeed(file.seed) },
    seconds,
  });
  const written = JSON.parse(readFileSync(subject, "utf8")) as WrittenMachine;
  const machine = neededMachine(written, result.needs, offers);
  if (asked.isJson) output.json({ ...jsonOf(result), machine });
  else {
    printNeeds(output, result);
    output.line(`the machine file that grants this and no more:\n${JSON.stringify(machine, null, 2)}`);
  }
}

/** The machine with every service, and with copies of all directories, the offered ones with them. */
function allowed(file: MachineFile, offers: readonly Offer[]): MachineFile {
  const all = { realtimeClock: true, monotonicClock: true, timers: true, entropy: true };
  const offered = offers.map((offer) => ({ kind: "host" as const, ...offer, mode: "copy" as const }));
  const processes = file.processes.map((process) => ({
    ...process,
    grants: all,
    directories: [
      ...process.directories.map((directory) =>
        directory.kind === "host"
          ? { ...directory, mode: "copy" as const }
          : { ...directory, mode: "write-through" as const },
      ),
      ...offered,
    ],
  }));
  return { ...file, processes };
}

/** A name that a machine file may have for a process. */
const processName = (program: string): string =>
  program.replace(/\.wasm$/, "").replaceAll(/[^A-Za-z0-9._-]/g, "-") || "program";

const quoted = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;

/** Functions, errnos and rights by their names. */
const jsonOf = (result: DryRunResult): object => ({
  ...result,
  needs: result.needs.map((each) => ({
    ...each,
    refusals: each.refusals.map((refusal) => ({
      ...refusal,
      function: callName(refusal.function),
      errno: errnoName(refusal.errno),
      missing: rightNamesOf(refusal.missing),
    })),
  })),
});

function printNeeds(output: Output, { needs, isCut, standing, events }: DryRunResult): void {
  for (const each of needs) {
    output.line(`${each.name} needs`);
    for (const line of needLines(each)) output.line(`  ${line}`);
    if (each.refusals.length > 0) output.line("  and was refused, whatever was offered:");
    for (const refusal of each.refusals) output.line(`    ${refusalLine(refusal)}`);
  }
  if (standing !== null) output.line(`it was stopped after ${events} events: ${standingText(standing)}`);
  if (isCut) output.line(`it was stopped after ${events} events: it may need more than this`);
}

function needLines({ grants, services }: NeededByProcess): readonly string[] {
  const lines = grants
    .filter(({ isUsed }) => isUsed)
    .map(({ object, slot, label, isChanged }) => {
      if (object === "file") return `directory ${label}: ${isChanged ? "reads and writes" : "reads"}`;
      return `${object} in slot ${slot}`;
    });
  if (services.length > 0) lines.push(`services: ${services.join(", ")}`);
  return lines.length === 0 ? ["nothing"] : lines;
}

function refusalLine({ function: call, errno, slot, path, missing, count, seq }: NeededRefusal): string {
  const rights = missing === 0 ? "" : ` lacks ${rightNamesOf(missing).join(", ")}`;
  const times = count === 1 ? "" : `, ${count} times`;
  const where = path === "" ? `fd ${slot}` : `fd ${slot} ${JSON.stringify(path)}`;
  const advice =
    path.startsWith("/") || path.startsWith("..") ? "; offer what is there: --offer DIR::GUEST" : "";
  return `${callName(call)} ${where}: ${errnoName(errno)}${rights} (event ${seq}${times})${advice}`;
}
