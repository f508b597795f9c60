/** Each statement holds of what events lead to, and fails for a state with the one thing wrong that it is about. */
import { expect, test } from "@jest/globals";
import { own, type Own } from "../../core/own.ts";
import { edit, get, remove, set, type Table } from "../../core/table.ts";
import { fileType } from "../hosts/host-event.ts";
import { hostNode, ROOT_FD, scriptedMachine } from "../scripted-machine.ts";
import type { Directory, Entry } from "./directory.ts";
import { fileInvariants } from "./file-invariants.ts";
import { type FilesState, type Inode, MAX_LINKS, ROOT_INODE } from "./file-state.ts";
import { chunksOf, inodesOf, opensOf } from "./owned.ts";

/** d holds a of 5,000 bytes and the empty directory e; b is a's second name, l a link. On a mount the host has h of 100 bytes. */
function tree() {
  const machine = scriptedMachine();
  machine.directory("d");
  machine.directory("d/e");
  const fd = machine.file("d/a", 5000);
  machine.perform({ call: "path_link", fd: ROOT_FD, path: "d/a", follow: false, toFd: ROOT_FD, toPath: "b" });
  machine.symlink("b", "l");
  const root = machine.state.files.nextInode;
  machine.mount();
  const h = machine.list(root, ["h", fileType.regular]);
  machine.happen(0, hostNode({ inode: h, directory: root, name: "h", kind: fileType.regular, size: 100 }));
  const ids = { a: machine.inodeOf("b"), d: machine.inodeOf("d"), e: machine.inodeOf("d/e"), h };
  return { machine, fd, ids };
}

type Ids = ReturnType<typeof tree>["ids"];

/** The statements that do not hold of the tree's files once they were changed. */
function broken(change: (files: Own<FilesState>, ids: Ids) => void = () => {}): readonly string[] {
  const { machine, ids } = tree();
  const files = JSON.parse(JSON.stringify(machine.state.files)) as Own<FilesState>;
  change(files, ids);
  return Object.entries(fileInvariants)
    .filter(([, holds]) => !holds(files))
    .map(([name]) => name);
}

const inode = (files: Own<FilesState>, id: number): Own<Inode> => edit(inodesOf(files), id);
const entriesOf = (files: Own<FilesState>, id: number): Own<Directory> => own(inode(files, id), "entries");

/** The entry of a name, to write. */
function entry(files: Own<FilesState>, id: number, name: string): Own<Entry> {
  const directory = entriesOf(files, id);
  for (let serial = 0; ; serial += 1)
    if (get(directory.entries, serial).name === name)
      return edit(directory.entries as Own<Table<Entry>>, serial);
}

test("all hold of what events lead to", () => {
  expect(broken()).toEqual([]);
});

test.each<[string, string, (files: Own<FilesState>, ids: Ids) => void]>([
  [
    "entriesAreNames",
    "an entry of another kind than its inode",
    (files, { d }) => (entry(files, d, "a").kind = fileType.symlink),
  ],
  [
    "entriesAreNames",
    "an inode that does not know a name of its own",
    (files, { a }) => (inode(files, a).names = inode(files, a).names.slice(1)),
  ],
  [
    "linkCountsMatchNames",
    "a name that no directory has",
    (files, { a, d }) => (inode(files, a).names = [...inode(files, a).names, { directory: d, name: "none" }]),
  ],
  [
    "linkCountsMatchNames",
    "a name that is counted twice",
    (files, { a }) => (inode(files, a).names = [...inode(files, a).names, ...inode(files, a).names]),
  ],
  [
    "directoriesHaveOneName",
    "a directory with two names",
    (files, { e }) => (inode(files, e).names = [...inode(files, e).names, ...inode(files, e).names]),
  ],
  [
    "directoriesHaveOneName",
    "a file with more names than one may have",
    (files, { a }) =>
      (inode(files, a).names = Array.from({ length: MAX_LINKS + 1 }, () => ({ directory: 1, name: "b" }))),
  ],
  [
    "openFilesPointToInodes",
    "an inode that counts an open file more",
    (files, { a }) => (inode(files, a).opens += 1),
  ],
  ["openFilesPointToInodes", "an open file on nothing", (files) => (edit(opensOf(files), 1).inode = 99)],
  ["inodesAreSomebodys", "a file of nobody", (files, { h }) => (inode(files, h).names = [])],
  [
    "directoriesFormATree",
    "two directories that lie in each other",
    (files, { d, e }) => (inode(files, d).names = [{ directory: e, name: "d" }]),
  ],
  [
    "directoriesFormATree",
    "a file with entries",
    (files, { a, e }) => (inode(files, a).entries = get(files.inodes, e).entries),
  ],
  [
    "bucketsHoldAllNames",
    "a name that its hash does not lead to",
    (files, { d }) => (entry(files, d, "a").name = "z"),
  ],
  [
    "bucketsHoldAllNames",
    "a serial that will be given again",
    (files, { d }) => (entriesOf(files, d).nextSerial = 0),
  ],
  [
    "fileTablesCountRight",
    "a page that counts a row too many",
    (files) => ((files.inodes.root as { count: number }).count += 1),
  ],
  [
    "fileTablesCountRight",
    "a page of chunks that counts a row too many",
    (files, { a }) => ((inode(files, a).chunks.root as { count: number }).count += 1),
  ],
  ["chunksAreWithinTheFile", "a chunk behind the end", (files, { a }) => (inode(files, a).size = 4999)],
  [
    "chunksAreWithinTheFile",
    "pieces that overlap",
    (files, { a }) => (edit(chunksOf(inode(files, a)), 0).pieces = [0, 0, 10, 9, 20, 10]),
  ],
  [
    "chunksAreWithinTheFile",
    "a chunk of a link",
    (files, { a, h }) => {
      inode(files, h).kind = fileType.symlink;
      set(chunksOf(inode(files, h)), 0, get(get(files.inodes, a).chunks, 0));
    },
  ],
  [
    "hostContentsAreWithinTheFile",
    "a host's file that is shorter",
    (files, { h }) => (inode(files, h).size = 9),
  ],
  [
    "hostContentsAreWithinTheFile",
    "contents of the host off every mount",
    (files, { a }) => (inode(files, a).hostSize = 1),
  ],
  [
    "timesAndIdsAreInRange",
    "a second of nanoseconds",
    (files, { a }) => (inode(files, a).modifiedNanos = 1_000_000_000),
  ],
  ["timesAndIdsAreInRange", "an inode that will be given again", (files, { h }) => (files.nextInode = h)],
])("%s fails for %s", (name, _, change) => {
  expect(broken(change)).toContain(name);
});

test("a directory that a file of the machine's is in must know it, one of the host's need not", () => {
  expect(broken((files, { h }) => remove(inodesOf(files), h))).not.toContain("entriesAreNames");
  expect(broken((files, { a }) => remove(inodesOf(files), a))).toContain("entriesAreNames");
  expect(get(tree().machine.state.files.inodes, ROOT_INODE).names).toEqual([]);
});
