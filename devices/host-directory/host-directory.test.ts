import {
  chmodSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { errno } from "../../core/errno.ts";
import { fileType } from "../../reducers/hosts/host-event.ts";
import type { Decision } from "../../reducers/decide/decision.ts";
import type { Request } from "../../reducers/decide/request.ts";
import { PID, scriptedMachine } from "../../reducers/scripted-machine.ts";
import { hostDirectory } from "./host-directory.ts";

let home = "";
beforeEach(() => {
  home = realpathSync(mkdtempSync(join(tmpdir(), "foldos-host-")));
});
afterEach(() => {
  rmSync(home, { recursive: true, force: true });
});

const at = (name: string): string => join(home, name);

/** A machine to which the directory is granted; it asks the host as often as a request needs. */
function granted(mode: "write-through" | "read-only" | "copy" = "write-through") {
  const machine = scriptedMachine();
  const inode = machine.state.files.nextInode;
  const fd = machine.mount(mode, home);
  const told: Uint8Array[] = [];
  const ask = (request: Request): Decision => {
    for (;;) {
      const decision = machine.ask(request);
      if (decision.kind !== "needs") return decision;
      for (const { fact, bytes } of hostDirectory.answer(machine.state, decision.demand)) {
        machine.happen(0, fact);
        if (bytes !== null) told.push(bytes);
      }
    }
  };
  const examine = (path: string, follow = false) => {
    const decision = ask({ call: "path_filestat_get", fd, path, follow });
    const fact = decision.kind === "facts" ? decision.facts[0] : undefined;
    return fact?.type === "file/examined" ? fact.inode : -1;
  };
  return { machine, inode, fd, ask, examine, told };
}

const listing = (machine: ReturnType<typeof granted>["machine"], inode: number) =>
  hostDirectory.answer(machine.state, { need: "listing", inode }).map(({ fact }) => fact);

describe("a listing", () => {
  test("has every name with its kind, in an order of its own", () => {
    for (const name of ["b", "a", "Z", "ä"]) writeFileSync(at(name), "");
    mkdirSync(at("d"));
    symlinkSync("nowhere", at("l"));
    const { machine, inode } = granted();
    const { regular, directory, symlink } = fileType;
    expect(listing(machine, inode)).toEqual([
      {
        type: "host/directory-listed",
        inode,
        firstInode: inode + 1,
        names: ["Z", "a", "b", "d", "l", "ä"],
        kinds: [regular, regular, regular, directory, symlink, regular],
        complete: true,
      },
    ]);
  });

  test("of an empty directory is whole, too", () => {
    const { machine, inode } = granted();
    expect(listing(machine, inode)).toMatchObject([{ names: [], kinds: [], complete: true }]);
  });

  test("of a wide directory comes in parts, whose inodes count on", () => {
    for (let index = 0; index < 600; index += 1) writeFileSync(at(`n${String(index).padStart(3, "0")}`), "");
    const { machine, inode } = granted();
    const parts = listing(machine, inode);
    expect(parts).toMatchObject([
      { complete: false, firstInode: inode + 1 },
      { complete: false, firstInode: inode + 257 },
      { complete: true },
    ]);
    expect(parts.flatMap((part) => ("names" in part ? part.names : []))).toHaveLength(600);
  });

  test("leaves out names that are no text", () => {
    writeFileSync(Buffer.concat([Buffer.from(`${home}/`), Buffer.from([0xff, 0x61])]), "");
    writeFileSync(at("fine"), "");
    const { machine, inode } = granted();
    expect(listing(machine, inode)).toMatchObject([{ names: ["fine"] }]);
  });

  test("of a directory that is gone is refused with the host's errno", () => {
    const { machine, inode } = granted();
    rmSync(home, { recursive: true });
    expect(listing(machine, inode)).toEqual([{ type: "host/read-failed", inode, errno: errno.noent }]);
  });
});

describe("a node", () => {
  test("has the host's size and times", () => {
    writeFileSync(at("f"), "hello");
    utimesSync(at("f"), 1_600_000_000.5, 1_500_000_000.25);
    const { machine, examine } = granted();
    const inode = examine("f");
    expect(machine.state.files.nextInode).toBe(inode + 1);
    const found = hostDirectory.answer(machine.state, {
      need: "node",
      directory: inode - 1,
      name: "f",
      inode,
      kind: 4,
    });
    expect(found).toMatchObject([
      {
        bytes: null,
        fact: {
          type: "host/node-examined",
          kind: fileType.regular,
          size: 5,
          readable: true,
          writable: "yes",
          accessedSeconds: 1_600_000_000,
          accessedNanos: 500_000_000,
          modifiedSeconds: 1_500_000_000,
          modifiedNanos: 250_000_000,
        },
      },
    ]);
  });

  test("that is a link is told with its target, and not followed", () => {
    writeFileSync(at("f"), "hello");
    symlinkSync("f", at("l"));
    symlinkSync("/etc", at("out"));
    const { ask, examine, fd } = granted();
    expect(examine("l")).not.toBe(examine("f"));
    expect(examine("l", true)).toBe(examine("f"));
    expect(ask({ call: "path_filestat_get", fd, path: "out", follow: true })).toMatchObject({
      errno: errno.perm,
    });
    expect(ask({ call: "path_filestat_get", fd, path: "out/passwd", follow: false })).toMatchObject({
      errno: errno.perm,
    });
  });

  test("that vanished since it was listed is no longer there", () => {
    writeFileSync(at("f"), "hello");
    writeFileSync(at("g"), "hello");
    const { ask, examine, fd } = granted();
    examine("g");
    unlinkSync(at("f"));
    expect(ask({ call: "path_filestat_get", fd, path: "f", follow: false })).toMatchObject({
      errno: errno.noent,
    });
  });

  test("that is another kind of thing by now is what it is now", () => {
    writeFileSync(at("x"), "");
    writeFileSync(at("g"), "");
    const { ask, examine, fd } = granted();
    examine("g");
    unlinkSync(at("x"));
    mkdirSync(at("x"));
    writeFileSync(at("x/y"), "");
    expect(ask({ call: "path_filestat_get", fd, path: "x/y", follow: false }).kind).toBe("facts");
  });

  test("that may not be written says so", () => {
    writeFileSync(at("f"), "hello");
    chmodSync(at("f"), 0o444);
    const { ask, fd } = granted();
    const request: Request = {
      call: "path_open",
      fd,
      path: "f",
      follow: true,
      oflags: 0,
      rights: 64,
      inheriting: 0,
      fdflags: 0,
    };
    // Root may write everything.
    expect(ask(request).kind).toBe(process.getuid?.() === 0 ? "facts" : "refused");
  });
});

describe("contents", () => {
  const read = (home: ReturnType<typeof granted>, path: string, offset: number, size: number) => {
    const { ask, machine, fd } = home;
    const slot = machine.freeSlot();
    const rights = 2 | 4;
    const opened = ask({
      call: "path_open",
      fd,
      path,
      follow: true,
      oflags: 0,
      rights,
      inheriting: 0,
      fdflags: 0,
    });
    if (opened.kind !== "facts") return opened;
    machine.happen(PID, ...opened.facts);
    return ask({ call: "fd_pread", fd: slot, size, offset });
  };

  test("are told chunk by chunk, with the bytes", () => {
    const bytes = Buffer.alloc(10_000, "abcdefg");
    writeFileSync(at("f"), bytes);
    const home = granted();
    expect(read(home, "f", 5000, 100)).toMatchObject({ facts: [{ length: 100 }] });
    expect(home.told.map((part) => Buffer.from(part))).toEqual([bytes.subarray(4096)]);
  });

  test("of a file that is shorter by now are filled up with zeros", () => {
    writeFileSync(at("f"), Buffer.alloc(100, 1));
    const home = granted();
    home.examine("f");
    truncateSync(at("f"), 60);
    read(home, "f", 0, 100);
    expect(Buffer.from(home.told[0] ?? [])).toEqual(Buffer.concat([Buffer.alloc(60, 1), Buffer.alloc(40)]));
  });

  test.each<[string, () => void]>([
    ["gone", () => unlinkSync(at("f"))],
    ["a link", () => (renameSync(at("f"), at("g")), symlinkSync("/etc/passwd", at("f")))],
    ["a directory", () => (unlinkSync(at("f")), mkdirSync(at("f")))],
  ])("of a file that is %s by now are refused, and nothing else is told", (_, change) => {
    writeFileSync(at("f"), Buffer.alloc(100, 1));
    const home = granted();
    home.examine("f");
    change();
    expect(read(home, "f", 0, 100)).toMatchObject({ kind: "refused" });
    expect(home.told).toEqual([]);
  });

  test("in a directory in whose place a link stands by now are refused", () => {
    mkdirSync(at("d"));
    writeFileSync(at("d/f"), "inside");
    mkdirSync(at("other"));
    linkSync(at("d/f"), at("other/f"));
    const home = granted();
    home.examine("d/f");
    rmSync(at("d"), { recursive: true });
    symlinkSync("other", at("d"));
    expect(read(home, "d/f", 0, 100)).toMatchObject({ kind: "refused" });
    expect(home.told).toEqual([]);
  });

  test("of a copy are where they were, wherever the machine moved them", () => {
    mkdirSync(at("d"));
    writeFileSync(at("d/f"), "moved");
    const home = granted("copy");
    home.examine("d");
    const rename = home.ask({ call: "path_rename", fd: home.fd, path: "d", toFd: home.fd, toPath: "e" });
    if (rename.kind === "facts") home.machine.happen(PID, ...rename.facts);
    expect(read(home, "e/f", 0, 100)).toMatchObject({ facts: [{ length: 5 }] });
    expect(home.told.map((bytes) => Buffer.from(bytes).toString())).toEqual(["moved"]);
  });
});
