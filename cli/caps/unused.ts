import { namesOfRights } from "../../core/object-rights.ts";
import { rightNamesOf } from "../../core/rights.ts";
import { peek } from "../../core/table.ts";
import type { Process } from "../../reducers/processes/process-state.ts";
import { narrowedSpec, specOfRecording } from "../../machine/narrowed-spec.ts";
import type { RunNote } from "../../machine/run-machine.ts";
import { runFlagsOf, writtenSpec } from "../../machine/written-spec.ts";
import {
  type HeldInStretch,
  isUnused,
  unusedInheriting,
  unusedRights,
} from "../../replay/authority/held-in-stretch.ts";
import { narrowedGrants } from "../../replay/authority/narrowed-grants.ts";
import { type UsedAuthority, usedAuthority } from "../../replay/authority/used-authority.ts";
import { proveNarrowed } from "../../machine/fork/prove-narrowed.ts";
import type { KernelEvent } from "../../reducers/kernel-event.ts";
import { NO_SUBJECT } from "../../replay/event-subjects.ts";
import { exitCode } from "../exit-codes.ts";
import { formatEvent } from "../format-event.ts";
import { wholeNumber } from "../run-flags.ts";
import { type Look, lookAt, parseWords } from "../look-at.ts";
import { UsageError } from "../usage-error.ts";
import { pidOf, stretchOf, stretchWord, viewAt } from "./caps-words.ts";
import { progressTo } from "./progress.ts";
import { quotedName, rightsText } from "./row-text.ts";

const MAX_SECONDS = 86_400;

/** Says what a process held in a stretch of the log and never used. */
export function unused(words: readonly string[]): Promise<number> {
  const { values, positionals } = parseWords(words.map(stretchWord), {
    command: "caps",
    options: {
      json: "boolean",
      all: "boolean",
      machine: "boolean",
      flags: "boolean",
      prove: "boolean",
      seconds: "string",
    },
    most: 3,
  });
  if ([values.json, values.machine, values.flags].filter((each) => each === true).length > 1)
    throw new UsageError("--json, --machine, --flags: one of them was expected");
  if (values.prove === true && (values.machine === true || values.flags === true))
    throw new UsageError(
      "--prove: it says whether the machine is the same; --machine and --flags are asked for by themselves",
    );
  const seconds =
    values.seconds === undefined ? undefined : wholeNumber("--seconds", values.seconds, 1, MAX_SECONDS);
  const [recording, pidWord, stretch] = positionals;
  return lookAt(recording, "caps unused", async (look) => {
    const { timeline, output } = look;
    const [from, to] = stretchOf(stretch, timeline);
    const pid = pidOf(viewAt({ timeline }, to), pidWord, "unused");
    const used = usedAuthority(timeline, pid, { from, to }, progressTo(to));
    if (values.prove === true) return prove(look, used, { seconds, isJson: values.json === true });
    if (values.machine === true) output.line(machineText(look, used));
    else if (values.flags === true) output.line(flagsText(look, used));
    else if (values.json === true) for (const held of used.capabilities) output.json(heldJson(held));
    else print(look, used, values.all === true);
    return exitCode.done;
  });
}

interface ProofWords {
  readonly seconds: number | undefined;
  readonly isJson: boolean;
}

/** Runs it again under the narrowed grants; exit code 1 if anybody is answered anything else. */
async function prove(look: Look, used: UsedAuthority, { seconds, isJson }: ProofWords): Promise<number> {
  if (used.from >= 0 || used.to < look.timeline.count - 1)
    throw new UsageError("--prove: what is proved is all of a recording, and no stretch of it");
  const proof = await proveNarrowed(look.store, narrowed(look, used).machine, seconds);
  const { answerCount, effectCount, difference } = proof;
  if (isJson) look.output.json({ proved: difference === null, answerCount, effectCount, difference });
  else if (difference === null) {
    look.output.line(
      `proved: with what \`--machine\` writes, ${answerCount} answers are the same, ${effectCount} of them effects`,
    );
  } else {
    look.output.line(`not proved: ${answerCount} answers are the same, then`);
    const line = (event: KernelEvent | null): string =>
      event === null ? "          nothing" : formatEvent(event, NO_SUBJECT);
    look.output.line(`  recorded ${line(difference.recorded)}`);
    look.output.line(`  narrowed ${line(difference.narrowed)}`);
  }
  return difference === null ? exitCode.done : exitCode.failed;
}

function print(
  { output, timeline }: Look,
  { pid, from, to, capabilities }: UsedAuthority,
  isWhole: boolean,
): void {
  const state = timeline.stateAt(to);
  const program = peek(state.processes.rows, pid)?.name ?? "";
  output.line(`process:${pid} ${quotedName(program)}, events ${from + 1} to ${to}`);
  const shown = capabilities.filter((held) => isWhole || held.isFromBefore || held.parent < 0);
  for (const held of shown) for (const line of linesOf(held)) output.line(line);
  const left = capabilities.length - shown.length;
  if (left > 0) output.line(`... ${left} more that it came to itself; --all shows them`);
  if (capabilities.length === 0) output.line("it held nothing");
}

function linesOf(held: HeldInStretch): readonly string[] {
  const { object, used, handedOn, perhaps, uses, firstUse } = held;
  const how = isUnused(held)
    ? "never used"
    : uses === 0
      ? "used by no event"
      : `used by ${uses} ${uses === 1 ? "event" : "events"}, first by event ${firstUse}`;
  const line = (word: string, rights: number, inheriting: number): readonly string[] => {
    const handed = rightNamesOf(inheriting);
    if (rights === 0 && inheriting === 0) return [];
    const behind = handed.length === 0 ? "" : `${rights === 0 ? "" : "; "}to hand on: ${handed.join(", ")}`;
    return [
      `    ${word.padEnd(10)} ${rights === 0 ? "" : rightsText(namesOfRights(object, rights))}${behind}`,
    ];
  };
  const name = held.label === "" || held.label === held.name ? "" : ` named ${JSON.stringify(held.label)}`;
  return [
    `${held.name}#${held.id}${name}, ${how}`,
    ...line("used", used, held.usedInheriting),
    ...line("handed on", handedOn & ~used, held.handedOnInheriting & ~held.usedInheriting),
    ...line(
      "perhaps",
      perhaps & ~(used | handedOn),
      held.perhapsInheriting & ~(held.usedInheriting | held.handedOnInheriting),
    ),
    ...line("unused", unusedRights(held), unusedInheriting(held)),
  ];
}

function heldJson(held: HeldInStretch) {
  const { id, object, name, label, parent, isFromBefore, isService, uses, firstUse, isNamed } = held;
  return {
    id,
    object: name,
    kind: object,
    label,
    parent: parent < 0 ? null : parent,
    isFromBefore,
    isService,
    uses,
    firstUse: firstUse < 0 ? null : firstUse,
    isNamed,
    neverUsed: isUnused(held),
    used: namesOfRights(object, held.used),
    handedOn: namesOfRights(object, held.handedOn),
    perhaps: namesOfRights(object, held.perhaps),
    unused: namesOfRights(object, unusedRights(held)),
    inheriting: {
      used: rightNamesOf(held.usedInheriting),
      handedOn: rightNamesOf(held.handedOnInheriting),
      perhaps: rightNamesOf(held.perhapsInheriting),
      unused: rightNamesOf(unusedInheriting(held)),
    },
  };
}

function narrowed({ store, timeline }: Look, used: UsedAuthority) {
  const state = timeline.stateAt(used.to);
  const note = store.note("run") as RunNote | null;
  const grants = narrowedGrants(used);
  const process = peek(state.processes.rows, used.pid) as Process;
  const booted = note?.machine ?? null;
  const machine = narrowedSpec(specOfRecording(state, booted, grants, used.pid), process.name, grants);
  return { machine, note, process, isMachine: booted !== null };
}

function machineText(look: Look, used: UsedAuthority): string {
  const { machine, note } = narrowed(look, used);
  const written = writtenSpec(machine, {
    clock: note?.devices.clock ?? "host",
    seed: note?.devices.seed ?? null,
    programPath: (sha) => look.store.programPath(sha),
  });
  return JSON.stringify(written, null, 2);
}

function flagsText(look: Look, used: UsedAuthority): string {
  const { machine, process, isMachine } = narrowed(look, used);
  if (isMachine)
    throw new UsageError(
      "--flags: it is a machine of several programs, which `foldos run` does not run; --machine writes its file",
    );
  const directories = (machine.processes[0]?.directories ?? []).flatMap((each) =>
    each.kind === "host" ? [each] : [],
  );
  const words = [...runFlagsOf(directories, process.environment), process.name, ...process.args.slice(1)];
  return ["foldos", "run", ...words].map(shellWord).join(" ");
}

/** A word as a POSIX shell reads it. */
const shellWord = (word: string): string =>
  /^[\w./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
