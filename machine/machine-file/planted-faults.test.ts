import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { fail, ok } from "../../core/result.ts";
import { judgeMachineFile } from "./judge-machine-file.ts";
import type { MachineFileProblem } from "./machine-file-problem.ts";

/** A file that may be changed: faults are planted in it. */
interface DraftProcess {
  [name: string]: unknown;
  program: string;
  directories: { guest: string; host?: string; shared?: string; mode?: string }[];
  descriptors: Record<string, { pipe: string; end: string }>;
  after: string[];
}
interface Draft {
  [name: string]: unknown;
  version: number;
  processes: Record<string, DraftProcess>;
  pipes: Record<string, object>;
  directories: Record<string, object>;
}

const host = {
  file: (path: string) => (path === "gone" ? fail("gone is not there") : ok(path)),
  directory: (path: string) => (path === "gone" ? fail("gone is not there") : ok(path)),
};

const nameOf = (index: number): string => `p${index}`;
const mode = fc.constantFrom("write-through", "read-only");

const process: fc.Arbitrary<DraftProcess> = fc
  .record(
    {
      program: fc.constantFrom("a.wasm", "bin/b.wasm"),
      args: fc.array(
        fc.string({ unit: "grapheme" }).filter((text) => !text.includes("\0")),
        { maxLength: 3 },
      ),
      env: fc.dictionary(
        fc.string({ minLength: 1 }).filter((name) => !/[=\0]/.test(name)),
        fc.constant("x"),
        { maxKeys: 3 },
      ),
      grants: fc.subarray(["realtime-clock", "monotonic-clock", "timers", "entropy"]),
      limits: fc.record(
        { ticks: fc.integer({ min: 1 }), memory: fc.constantFrom("64KiB", "4GiB", 1, 65_537) },
        { requiredKeys: [] },
      ),
      restart: fc.record({
        condition: fc.constantFrom("never", "on-failure"),
        delay: fc.constantFrom("0ms", "1440min"),
      }),
      mounts: fc.array(fc.record({ kind: fc.constantFrom("host", "shared"), mode }), { maxLength: 3 }),
    },
    { requiredKeys: ["program", "mounts"] },
  )
  .map(({ mounts, ...rest }) => ({
    ...rest,
    directories: mounts.map(({ kind, mode: granted }, index) => ({
      guest: `/d${index}`,
      [kind]: "own",
      mode: granted,
    })),
    descriptors: {},
    after: [],
  }));

/** Some processes are joined by pipes, always from an earlier to a later; the others start one after another. */
const machine: fc.Arbitrary<Draft> = fc
  .record({
    processes: fc.array(process, { minLength: 2, maxLength: 8 }),
    links: fc.array(fc.tuple(fc.nat(), fc.nat()), { maxLength: 10 }),
    settings: fc.record(
      {
        clock: fc.constantFrom("host", "virtual"),
        seed: fc.nat(),
        scheduler: fc.record({ quantum: fc.integer({ min: 1 }) }),
      },
      { requiredKeys: [] },
    ),
  })
  .map(({ processes, links, settings }) => {
    const draft: Draft = { version: 1, ...settings, processes: {}, pipes: {}, directories: { own: {} } };
    for (const [index, each] of processes.entries()) draft.processes[nameOf(index)] = structuredClone(each);
    const joined = Math.ceil(processes.length / 2);
    for (const [number, [left, right]] of links.entries())
      join(draft, number, [left % joined, right % joined]);
    for (let index = joined + 1; index < processes.length; index += 1)
      draft.processes[nameOf(index)]?.after.push(nameOf(index - 1));
    return draft;
  });

function join(draft: Draft, number: number, ends: readonly number[]): void {
  const [writer = 0, reader = 0] = [...ends].sort((left, right) => left - right);
  if (writer === reader) return;
  const pipe = `l${number}`;
  draft.pipes[pipe] = { capacity: 1 + number };
  end(draft, nameOf(writer), { pipe, end: "write" });
  end(draft, nameOf(reader), { pipe, end: "read" });
}

function end(draft: Draft, name: string, what: { pipe: string; end: string }): void {
  const { descriptors, directories } = draft.processes[name] as DraftProcess;
  descriptors[3 + directories.length + Object.keys(descriptors).length] = what;
}

/** Plants a fault in one process. The path that has to be told, and the text that stands at its place. */
type Fault = (draft: Draft, name: string) => readonly [path: string, token: string];

const own = (draft: Draft, name: string): DraftProcess => draft.processes[name] as DraftProcess;

const faults: Readonly<Record<string, Fault>> = {
  "a misspelt property": (draft, name) => {
    own(draft, name)["arg"] = [];
    return [`processes.${name}.arg`, '"arg"'];
  },
  "a program of another type": (draft, name) => {
    Object.assign(own(draft, name), { program: 77 });
    return [`processes.${name}.program`, "77"];
  },
  "a program that is not there": (draft, name) => {
    own(draft, name).program = "gone";
    return [`processes.${name}.program`, '"gone"'];
  },
  "no program": (draft, name) => {
    delete (own(draft, name) as Partial<DraftProcess>).program;
    return [`processes.${name}`, "{"];
  },
  "a pipe that there is not": (draft, name) => {
    own(draft, name)["stdin"] = { pipe: "nowhere" };
    return [`processes.${name}.stdin.pipe`, '"nowhere"'];
  },
  "a pipe of one end": (draft, name) => {
    draft.pipes["half"] = {};
    own(draft, name)["stdin"] = { pipe: "half" };
    return ["pipes.half", '"half"'];
  },
  "a pipe back to its writer": (draft, name) => {
    draft.pipes["ring"] = {};
    own(draft, name)["stdin"] = { pipe: "ring" };
    own(draft, name)["stdout"] = { pipe: "ring" };
    return ["pipes.ring", '"ring"'];
  },
  "a guest's name twice": (draft, name) => {
    const { directories, descriptors } = own(draft, name);
    directories.push({ guest: "/twice", host: "x" }, { guest: "/twice/", host: "x" });
    const ends = Object.values(descriptors);
    for (const fd of Object.keys(descriptors)) delete descriptors[fd];
    for (const each of ends) end(draft, name, each);
    return [`processes.${name}.directories[${directories.length - 1}].guest`, '"/twice/"'];
  },
  "a directory of nobody": (draft, name) => {
    const { directories } = own(draft, name);
    if (directories[0] === undefined) directories.push({ guest: "/" });
    directories[0] = { guest: "/d0", shared: "other" };
    own(draft, name).descriptors = {};
    draft.pipes = {};
    for (const each of Object.values(draft.processes)) each.descriptors = {};
    return [`processes.${name}.directories[0].shared`, '"other"'];
  },
  "a process after itself": (draft, name) => {
    own(draft, name).after = [name];
    return [`processes.${name}.after[0]`, `"${name}"`];
  },
  "a process after nobody": (draft, name) => {
    own(draft, name).after.unshift("nobody");
    return [`processes.${name}.after[0]`, '"nobody"'];
  },
  "more memory than there is": (draft, name) => {
    own(draft, name)["limits"] = { memory: "4097MiB" };
    return [`processes.${name}.limits.memory`, '"4097MiB"'];
  },
  "half a character": (draft, name) => {
    own(draft, name)["args"] = ["\ud83d"];
    return [`processes.${name}.args[0]`, '"\\ud83d"'];
  },
  "a capability to nothing": (draft, name) => {
    own(draft, name)["capabilities"] = { it: { endpoint: "nothing" } };
    return [`processes.${name}.capabilities.it.endpoint`, '"nothing"'];
  },
  "a right of another kind": (draft, name) => {
    own(draft, name)["capabilities"] = { it: { budget: 256, rights: ["spend", "send"] } };
    return [`processes.${name}.capabilities.it.rights[1]`, '"send"'];
  },
  "a program to spawn that is not there": (draft, name) => {
    own(draft, name)["capabilities"] = { it: { program: "gone" } };
    return [`processes.${name}.capabilities.it.program`, '"gone"'];
  },
  "more time than the period has": (draft, name) => {
    own(draft, name)["scheduling"] = { budget: "2ms", period: "1ms" };
    return [`processes.${name}.scheduling.budget`, '"2ms"'];
  },
  "a second reader of the console": (draft, name) => {
    draft.processes["zz"] = { program: "a", directories: [], descriptors: {}, after: [], stdin: "console" };
    own(draft, name)["stdin"] = "console";
    return ["processes.zz.stdin", '"console"'];
  },
};

function problemsOf(text: string): readonly MachineFileProblem[] {
  const result = judgeMachineFile(new TextEncoder().encode(text), host);
  return result.ok ? [] : result.error.problems;
}

const space = fc.constantFrom(undefined, 1, 2, "\t");

test("a machine that is right is taken", () => {
  fc.assert(
    fc.property(machine, space, (draft, indent) => {
      expect(problemsOf(JSON.stringify(draft, null, indent))).toEqual([]);
    }),
  );
});

test.each(Object.entries(faults))(
  "%s in a machine that is right is refused at its place, and nothing else is",
  (_, plant) => {
    fc.assert(
      fc.property(machine, fc.nat(), space, (draft, at, indent) => {
        const names = Object.keys(draft.processes);
        const [path, token] = plant(draft, names[at % names.length] as string);
        const text = JSON.stringify(draft, null, indent);
        const problems = problemsOf(text);
        expect(problems.map((problem) => problem.path)).toEqual([path]);
        const [{ line, column }] = problems as [MachineFileProblem];
        expect((text.split("\n")[line - 1] as string).slice(column - 1).startsWith(token)).toBe(true);
      }),
    );
  },
);
