import { describe, expect, test } from "@jest/globals";
import { directoryRights } from "../core/rights.ts";
import { freeOpen } from "../reducers/files/file-selectors.ts";
import { ROOT_INODE } from "../reducers/files/file-state.ts";
import { PID, ROOT_FD, scriptedMachine } from "../reducers/scripted-machine.ts";
import { AuthorityView } from "./authority/authority-view.ts";
import { EventSubjects } from "./event-subjects.ts";
import { GuestPaths } from "./guest-paths.ts";

/** A machine's own directories `0` and `1`, each granted under some names, and a file in the first. */
function scene(grants: readonly (readonly [directory: string, label: string])[]) {
  const machine = scriptedMachine();
  for (const name of ["0", "1"]) machine.directory(name);
  const fd = machine.open("0/text", 1);
  for (const [directory, label] of grants) {
    const inode = machine.inodeOf(directory);
    const open = freeOpen(machine.state.files);
    machine.happen(PID, { type: "file/preopened", inode, open });
    machine.grantFile(open, directoryRights, 0, label);
  }
  const paths = new GuestPaths();
  for (const event of machine.events) if (!("label" in event) || event.label !== "/") paths.take(event);
  return { machine, paths, fd, text: machine.inodeOf("0/text") };
}

describe("the path that a file is shown by", () => {
  test("begins with the name under which the nearest directory was granted", () => {
    const { machine, paths, text } = scene([["0", "/desk"]]);
    const { files } = machine.state;
    expect(paths.pathOf(files, text)).toBe("/desk/text");
    expect(paths.pathOf(files, machine.inodeOf("0"))).toBe("/desk");
    expect(paths.pathOf(files, machine.inodeOf("1"))).toBe("/1");
    expect(paths.knownPathOf(files, machine.inodeOf("1"))).toBeNull();
    expect(paths.pathOf(files, ROOT_INODE)).toBe("/");
  });

  test("is one, where there are others", () => {
    const { machine, paths, text } = scene([
      ["0", "/desk"],
      ["1", "/other"],
      ["0", "/table"],
    ]);
    const link = { call: "path_link", path: "0/text", toPath: "1/linked", follow: false } as const;
    machine.perform({ ...link, fd: ROOT_FD, toFd: ROOT_FD });
    const { files } = machine.state;
    expect(paths.pathOf(files, text)).toBe("/desk/text");
    expect(paths.pathsOf(files, text, 9)).toEqual(["/desk/text", "/table/text", "/other/linked"]);
    expect(paths.pathsOf(files, text, 2)).toEqual(["/desk/text", "/table/text"]);
  });

  test("has its inode beside it where processes know different files by it", () => {
    const { machine, paths, text } = scene([
      ["0", "/desk"],
      ["1", "/desk"],
    ]);
    machine.open("1/text", 1);
    const { names } = new AuthorityView(machine.state, paths);
    const name = `file:/desk/text:inode:${text}`;
    expect(names.nameOf({ kind: "file", id: text })).toBe(name);
    expect(names.find(name)).toEqual({ ok: true, value: { kind: "file", id: text } });
    expect(names.find("/desk/text").ok).toBe(false);
  });
});

test("an event is about a file by each of its paths", () => {
  const { machine, paths, fd } = scene([
    ["0", "/desk"],
    ["0", "/table"],
  ]);
  const before = machine.snapshot();
  machine.perform({ call: "fd_write", fd, size: 3 });
  const subjects = new EventSubjects(paths);
  const event = machine.events.at(-1) as (typeof machine.events)[number];
  expect(subjects.subjectOf(before, event)).toMatchObject({ fd, path: "/desk/text" });
  const about = ["/desk/text", "/table/text", "/0/text"].map((path) =>
    subjects.isAbout(before, event, (each) => each === path),
  );
  expect(about).toEqual([true, true, false]);
});
