import { posix } from "node:path";

type FolderRule = { readonly folders: readonly string[]; readonly packages: readonly string[] };

export type SourceFile = { readonly path: string; readonly text: string };

/** One import or re-export of a source file. `typeOnly` when nothing of it is left at run time. */
export type Import = { readonly specifier: string; readonly typeOnly: boolean };

const node = "node:";

/** What a folder may import: design.md 3. `types of x` allows `import type` alone. Unlisted folders may import anything. */
const importTable: Readonly<Record<string, FolderRule>> = {
  core: { folders: [], packages: ["types of immer"] },
  reducers: { folders: ["core"], packages: ["immer"] },
  devices: { folders: ["core", "reducers"], packages: ["rxjs", node] },
  guests: { folders: ["core", "reducers"], packages: [node] },
  replay: { folders: ["core", "reducers", "guests"], packages: ["lmdb", node] },
  machine: {
    folders: ["core", "reducers", "guests", "devices", "replay"],
    // A machine file is JSON whose faults have places (jsonc-parser); ajv makes the judge of its shape when the schema changes.
    packages: ["rxjs", "jsonc-parser", "ajv", node],
  },
  debugger: { folders: ["core", "reducers", "guests", "replay", "machine"], packages: [node] },
  cli: {
    folders: ["core", "reducers", "guests", "devices", "replay", "machine", "debugger", "bench"],
    // What bundle.mjs joins the command with.
    packages: [node, "esbuild"],
  },
};

const folderOf = (path: string): string => path.split("/")[0] ?? "";
const isTest = (path: string): boolean => path.endsWith(".test.ts");

export function importsOf(text: string): readonly Import[] {
  const found: Import[] = [];
  const code = text.replace(/^\s*(?:\/\/|\/?\*).*$/gm, "");
  for (const match of code.matchAll(/^\s*(?:import|export)\s+(type\s+)?[^"';=]*?from\s+"([^"]+)"/gm)) {
    found.push({ specifier: match[2] ?? "", typeOnly: match[1] !== undefined });
  }
  for (const match of code.matchAll(/(?:^\s*import|\bimport\()\s*"([^"]+)"/gm)) {
    found.push({ specifier: match[1] ?? "", typeOnly: false });
  }
  return found;
}

/** `lmdb/x` -> `lmdb`, `@scope/name/x` -> `@scope/name`, `node:fs` -> `node:`. */
function packageOf(specifier: string): string {
  if (specifier.startsWith(node)) return node;
  return specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
}

function isAllowed(rule: FolderRule, path: string, { specifier, typeOnly }: Import): boolean {
  if (specifier.startsWith(".")) {
    const target = folderOf(posix.join(posix.dirname(path), specifier));
    return target === folderOf(path) || rule.folders.includes(target);
  }
  const name = packageOf(specifier);
  return rule.packages.includes(name) || (typeOnly && rule.packages.includes(`types of ${name}`));
}

/** Imports that the table does not allow. Tests may import what they like. */
export function importProblems({ path, text }: SourceFile): readonly string[] {
  const rule = importTable[folderOf(path)];
  if (rule === undefined || isTest(path)) return [];
  return importsOf(text)
    .filter((found) => !isAllowed(rule, path, found))
    .map(({ specifier }) => `${path}: ${folderOf(path)} may not import "${specifier}"`);
}

/** A reducer of another subsystem is imported by reducers/kernel.ts alone. */
export function reducerProblems({ path, text }: SourceFile): readonly string[] {
  if (folderOf(path) !== "reducers" || path === "reducers/kernel.ts" || isTest(path)) return [];
  const folder = posix.dirname(path);
  return importsOf(text)
    .map(({ specifier }) => posix.join(folder, specifier))
    .filter((target) => /\/reduce-[^/]*$/.test(target) && posix.dirname(target) !== folder)
    .map((target) => `${path}: only reducers/kernel.ts may import ${target}`);
}

function targetsOf({ path, text }: SourceFile): readonly string[] {
  return importsOf(text)
    .filter(({ specifier, typeOnly }) => specifier.startsWith(".") && !typeOnly)
    .map(({ specifier }) => posix.join(posix.dirname(path), specifier));
}

/** Files that import each other in a ring at run time, once per ring that a depth-first walk meets. */
export function cycleProblems(files: readonly SourceFile[]): readonly string[] {
  const targets = new Map(files.map((file) => [file.path, targetsOf(file)]));
  const done = new Set<string>();
  const problems: string[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    const at = trail.indexOf(path);
    if (at >= 0) problems.push(`cycle: ${[...trail.slice(at), path].join(" -> ")}`);
    if (at >= 0 || done.has(path)) return;
    for (const target of targets.get(path) ?? []) visit(target, [...trail, path]);
    done.add(path);
  };
  for (const { path } of files) visit(path, []);
  return problems;
}
