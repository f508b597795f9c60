import fc from "fast-check";
import { peek, rowsOf } from "../../core/table.ts";
import { resolvePath } from "../../reducers/decide/resolve-path.ts";
import type { FilesState } from "../../reducers/files/file-state.ts";
import { fileType } from "../../reducers/hosts/host-event.ts";
import type { KernelState } from "../../reducers/kernel-state.ts";
import type { Step } from "../model/call-spec.ts";
import { runSteps } from "../model/model-machine.ts";
import { findPlace, newNode, type OracleNode } from "../model/oracle-tree.ts";
import { path } from "../model/path-arbitraries.ts";
import { stepsOf } from "../model/step-arbitraries.ts";
import { demand, demandEqual, law, type Law } from "./law.ts";

const kinds = new Map<number, OracleNode["kind"]>([
  [fileType.directory, "directory"],
  [fileType.symlink, "link"],
]);

/** The machine's tree as plain nodes, by inode: names, kinds and targets, read from the state's tables alone. */
function treeOf(files: FilesState): ReadonlyMap<number, OracleNode> {
  const nodes = new Map<number, OracleNode>();
  for (const [id, inode] of rowsOf(files.inodes))
    nodes.set(id, newNode(kinds.get(inode.kind) ?? "file", "", inode.target));
  for (const [id, inode] of rowsOf(files.inodes)) {
    if (inode.entries === null) continue;
    for (const [, { name, inode: named }] of rowsOf(inode.entries.entries)) {
      const node = nodes.get(named);
      if (node !== undefined) nodes.get(id)?.names.set(name, node);
    }
  }
  return nodes;
}

/** All inodes below a directory, and itself. */
function within(files: FilesState, base: number, found = new Set<number>()): ReadonlySet<number> {
  if (found.has(base)) return found;
  found.add(base);
  const entries = peek(files.inodes, base)?.entries ?? null;
  if (entries !== null) for (const [, entry] of rowsOf(entries.entries)) within(files, entry.inode, found);
  return found;
}

interface Lookup {
  readonly path: string;
  readonly follow: boolean;
  readonly followBeforeSlash: boolean;
}

function pathsStayInside(state: KernelState, lookups: readonly Lookup[]): void {
  const { files } = state;
  const nodes = treeOf(files);
  const directories = [...rowsOf(files.inodes)].filter(([, inode]) => inode.entries?.isListed === true);
  for (const [base] of directories) {
    const inside = within(files, base);
    for (const lookup of lookups) {
      const found = resolvePath(files, { base, ...lookup });
      if (found.kind === "needs") continue;
      const place = findPlace(
        nodes.get(base) as OracleNode,
        lookup.path,
        lookup.follow,
        lookup.followBeforeSlash,
      );
      const what = `${JSON.stringify(lookup)} from ${base}`;
      if (found.kind === "refused") {
        demand(place === null, `${what} leads somewhere, and is refused with ${found.errno}`);
        continue;
      }
      demand(found.inode === 0 || inside.has(found.inode), `${what} stays inside, and not at ${found.inode}`);
      demand(
        found.parent === 0 || inside.has(found.parent),
        `${what} ends inside, and not in ${found.parent}`,
      );
      demand(place !== null, `${what} leads nowhere, and is resolved to ${found.inode}`);
      demandEqual(
        found.inode === 0 ? null : nodes.get(found.inode) === place.node,
        found.inode === 0 ? null : true,
        what,
      );
      demandEqual(found.inode === 0, place.node === null, `whether ${what} is there`);
      demandEqual(
        [found.wantsDirectory, found.endsInDot],
        [place.asksDirectory, place.endsInDot],
        `what ${what} asks for`,
      );
    }
  }
}

/** Links up, across and in rings, more than programs would make. */
const tangle: fc.Arbitrary<Step[]> = fc.noBias(
  fc.array(
    fc.oneof(
      fc.record({
        do: fc.constant("call" as const),
        call: fc.record({
          call: fc.constant("path_symlink" as const),
          fd: fc.constant(["directory", 0] as const),
          path,
          target: fc.oneof(
            path,
            fc.constantFrom("..", "../..", "../b", "b/..", "link", "../link/a", "./c/../a"),
          ),
        }),
        spoilt: fc.constant(-1),
      }),
      fc.record({
        do: fc.constant("call" as const),
        call: fc.record({
          call: fc.constant("path_create_directory" as const),
          fd: fc.constant(["directory", 0] as const),
          path,
        }),
        spoilt: fc.constant(-1),
      }),
    ),
    { maxLength: 20 },
  ),
);

const climbing = fc.array(fc.constantFrom("..", "..", "a", "b", "c", "link", ".", ""), {
  minLength: 1,
  maxLength: 7,
});

const lookup: fc.Arbitrary<Lookup> = fc.record({
  path: fc.oneof(
    path,
    climbing.map((parts) => parts.join("/")),
  ),
  follow: fc.boolean(),
  followBeforeSlash: fc.boolean(),
});

/** A chain of links, each leading to the next: the last leads to a file. */
function chain(links: number): Step[] {
  const make = (target: string, name: string): Step => ({
    do: "call",
    call: { call: "path_symlink", fd: ["directory", 0], target, path: name },
    spoilt: -1,
  });
  return Array.from({ length: links }, (_, index) => make(`chain${index + 1}`, `chain${index}`));
}

export const pathLaws: readonly Law[] = [
  law({
    id: "B19",
    statement:
      "no path leads out of the directory that it begins in, and each leads where an independent walk leads",
    runs: 80,
    cases: fc.record({
      steps: fc.oneof(stepsOf("names", 30), tangle),
      lookups: fc.array(lookup, { minLength: 1, maxLength: 12 }),
    }),
    holds: ({ steps, lookups }) => pathsStayInside(runSteps(steps).kernel.state, lookups),
  }),
  law({
    id: "B19-links",
    statement: "a way of 40 links is followed, and one of 41 is not",
    runs: 20,
    cases: fc.integer({ min: 36, max: 44 }),
    holds: (links) => {
      const { kernel } = runSteps(chain(links));
      const found = resolvePath(kernel.state.files, { base: 1, path: "chain0", follow: true });
      demandEqual(found.kind, links <= 40 ? "resolved" : "refused", `a way of ${links} links`);
    },
  }),
];
