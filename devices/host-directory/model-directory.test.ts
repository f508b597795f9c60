import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { regularFileRights } from "../../core/rights.ts";
import type { Request } from "../../reducers/decide/request.ts";
import type { HostEffect } from "../../reducers/effects/effect.ts";
import { effectOf } from "../../reducers/effects/effect-of.ts";
import type { KernelFact } from "../../reducers/kernel-event.ts";
import { PID, scriptedMachine } from "../../reducers/scripted-machine.ts";
import type { DirectoryDevice } from "../device.ts";
import { hostDirectory } from "./host-directory.ts";
import { hostErrno } from "./host-errno.ts";
import { HostWriter } from "./host-writer.ts";
import { ModelDirectory } from "./model-directory.ts";

let home = "";
beforeAll(() => {
  home = realpathSync(mkdtempSync(join(tmpdir(), "foldos-model-")));
});
afterAll(() => {
  rmSync(home, { recursive: true, force: true });
});

const letters = {
  copyTo(target: Uint8Array, offset: number, position: number, length: number) {
    for (let index = 0; index < length; index += 1) target[offset + index] = 97 + ((position + index) % 26);
  },
};

function carryOut(writer: HostWriter, effect: HostEffect): void {
  switch (effect.kind) {
    case "create-file":
      return writer.createFile(effect.path);
    case "create-directory":
      return writer.createDirectory(effect.path);
    case "create-symlink":
      return writer.createSymlink(effect.path, effect.target);
    case "link":
      return writer.link(effect.existing, effect.path);
    case "remove-file":
      return writer.removeFile(effect.path);
    case "remove-directory":
      return writer.removeDirectory(effect.path);
    case "rename":
      return writer.rename(effect.from, effect.path);
    case "write":
      return writer.write(effect, letters);
    case "resize":
      return writer.resize(effect.path, effect.size);
    default:
      return;
  }
}

/** The errno of a change that failed; 0 of one that did not. */
function outcome(change: () => void): number {
  try {
    change();
  } catch (error) {
    return hostErrno(error);
  }
  return 0;
}

/** All that a device tells of a directory, without its times and the permissions that come from who runs the test. */
function toldBy(device: DirectoryDevice, path: string): unknown[] {
  const machine = scriptedMachine();
  const root = machine.state.files.nextInode;
  machine.mount("write-through", path);
  const told: unknown[] = [];
  const ask = (demand: Parameters<DirectoryDevice["answer"]>[1]): readonly KernelFact[] =>
    device.answer(machine.state, demand).map(({ fact, bytes }) => {
      machine.happen(0, fact);
      if (fact.type === "host/node-examined") {
        told.push([fact.name, fact.kind, fact.kind === 3 ? 0 : fact.size, fact.target]);
      } else
        told.push([
          fact.type,
          "names" in fact ? [fact.names, fact.kinds] : 0,
          bytes === null ? 0 : Buffer.from(bytes).toString(),
        ]);
      return fact;
    });
  const visit = (inode: number): void => {
    for (const listed of ask({ need: "listing", inode })) {
      if (listed.type !== "host/directory-listed") continue;
      listed.names.forEach((name, index) => {
        const node = { inode: listed.firstInode + index, kind: listed.kinds[index] ?? 0 };
        const [found] = ask({ need: "node", directory: inode, name, ...node });
        if (found?.type !== "host/node-examined") return;
        if (found.kind === 3) visit(node.inode);
        if (found.kind === 4 && found.size > 0)
          ask({ need: "content", inode: node.inode, offset: 0, length: found.size });
      });
    }
  };
  visit(root);
  return told;
}

const path = fc.constantFrom("a", "b", "d", "e", "d/a", "d/e", "d/e/b", "e/a");
const request = fc.record({
  kind: fc.constantFrom(
    "open",
    "open",
    "mkdir",
    "mkdir",
    "symlink",
    "link",
    "unlink",
    "rmdir",
    "rename",
    "write",
    "write",
    "size",
  ),
  path,
  other: path,
  size: fc.nat(9000),
});

/** What a guest asks of the directory in slot `fd`; the slot behind it is the file that was opened last. */
function requestOf(
  { kind, path, other, size }: { kind: string; path: string; other: string; size: number },
  fd: number,
): Request {
  switch (kind) {
    case "open":
      return {
        call: "path_open",
        fd,
        path,
        follow: false,
        oflags: 1,
        rights: regularFileRights,
        inheriting: 0,
        fdflags: 0,
      };
    case "mkdir":
      return { call: "path_create_directory", fd, path };
    case "symlink":
      return { call: "path_symlink", target: other, fd, path };
    case "link":
      return { call: "path_link", fd, path: other, follow: false, toFd: fd, toPath: path };
    case "unlink":
      return { call: "path_unlink_file", fd, path };
    case "rmdir":
      return { call: "path_remove_directory", fd, path };
    case "rename":
      return { call: "path_rename", fd, path: other, toFd: fd, toPath: path };
    case "write":
      return { call: "fd_pwrite", fd: fd + 1, size: size % 300, offset: size };
    default:
      return { call: "fd_filestat_set_size", fd: fd + 1, size };
  }
}

test("whatever a guest does, the model and the host carry it out alike, and tell the same in the end", () => {
  let runs = 0;
  fc.assert(
    fc.property(fc.array(request, { maxLength: 40 }), (asked) => {
      const root = join(home, `run-${(runs += 1)}`);
      mkdirSync(root);
      const model = new ModelDirectory(root, {});
      const writer = new HostWriter();
      const machine = scriptedMachine();
      const inode = machine.state.files.nextInode;
      const fd = machine.mount("write-through", root);
      machine.list(inode);
      for (const each of asked) {
        // The file that was opened last is always in the slot behind the directory's.
        if (each.kind === "open" && machine.freeSlot() > fd + 1)
          machine.perform({ call: "fd_close", fd: fd + 1 });
        const decision = machine.ask(requestOf(each, fd));
        if (decision.kind !== "facts") continue;
        for (const fact of decision.facts) {
          const effect = effectOf(machine.state, machine.happen(PID, fact));
          if (effect === null || effect.kind === "print") continue;
          expect([
            outcome(() => model.carryOut(effect, letters)),
            outcome(() => carryOut(writer, effect)),
          ]).toEqual([0, 0]);
        }
      }
      writer.close();
      expect(toldBy(model, root)).toEqual(toldBy(hostDirectory, root));
      rmSync(root, { recursive: true });
    }),
    { numRuns: 60 },
  );
});

describe("a model that was planted", () => {
  test("tells what a host with the same files tells", () => {
    const root = join(home, "planted");
    mkdirSync(join(root, "d/e"), { recursive: true });
    writeFileSync(join(root, "f"), "hello");
    writeFileSync(join(root, "d/g"), "");
    symlinkSync("../f", join(root, "d/l"));
    const tree = { f: Buffer.from("hello"), d: { e: {}, g: new Uint8Array(0), l: "../f" } };
    expect(toldBy(new ModelDirectory(root, tree), root)).toEqual(toldBy(hostDirectory, root));
  });
});
