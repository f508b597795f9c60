/** Recordings of real programs, made by the command as a user would. */
import { cpSync, mkdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Group, parseGroup } from "../replay/group.ts";
import { RecordingStore } from "../replay/recording-store.ts";
import { cliPath, guestPath, runNode } from "./child-process.ts";

export interface RealRecording {
  readonly name: string;
  readonly groups: readonly Group[];
  readonly events: number;
  /** Its file of the store, and what of it is the byte stream. */
  readonly fileBytes: number;
  readonly streamBytes: number;
  /** What the whole run took, user and system time of all its threads. */
  readonly cpuMillis: number;
}

const packageFolder = (name: string): string =>
  dirname(fileURLToPath(import.meta.resolve(`${name}/package.json`)));
const sample = (name: string): string =>
  fileURLToPath(new URL(`../../property-tests/guests/real/${name}`, import.meta.url));

interface Program {
  readonly name: string;
  readonly arguments: readonly string[];
}

/** What is recorded: a tree of many files copied, a database, small files made and removed, many small calls. */
function programs(isQuick: boolean): readonly Program[] {
  const times = (count: number): string => String(isQuick ? count / 10 : count);
  return [
    { name: "copy-tree", arguments: ["/source", "/copy"] },
    { name: "sqlite", arguments: ["/sample.db", "@/sample.sql"] },
    { name: "many-files", arguments: [times(30_000)] },
    { name: "syscall-mix", arguments: [times(120_000)] },
  ];
}

export function recordReal(folder: string, isQuick: boolean): readonly RealRecording[] {
  const work = join(folder, "work");
  mkdirSync(work);
  cpSync(packageFolder("rxjs"), join(work, "source"), { recursive: true });
  cpSync(sample("sample.sql"), join(work, "sample.sql"));
  return programs(isQuick).map((program) => {
    const path = join(folder, `recording-${program.name}`);
    const words = ["run", "--record", path, "--dir", `${work}::/:copy`, guestPath(program.name)];
    const { cpuMillis } = runNode([cliPath, ...words, ...program.arguments], folder);
    return { ...readRecording(program.name, path), cpuMillis };
  });
}

function readRecording(name: string, path: string): Omit<RealRecording, "cpuMillis"> {
  const store = RecordingStore.open(path, { write: false });
  const groups: Group[] = [];
  let events = 0;
  for (const record of store.groupsFrom(0)) {
    const group = parseGroup(record.slice());
    if (!group.ok) throw new Error(group.error.what);
    groups.push(group.value);
    events += group.value.header.count;
  }
  store.close();
  const { size: fileBytes } = statSync(join(path, "data.mdb"));
  return { name, groups, events, fileBytes, streamBytes: groups.at(-1)?.header.streamEnd ?? 0 };
}
