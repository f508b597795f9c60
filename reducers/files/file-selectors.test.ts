import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { get } from "../../core/table.ts";
import { PID, ROOT_FD, scriptedMachine, type ScriptedMachine } from "../scripted-machine.ts";
import { contentRuns, isUnlinked, pathOf, ZEROS } from "./file-selectors.ts";
import { CHUNK_BYTES, type Inode, MAX_CHUNK_PIECES, ROOT_INODE } from "./file-state.ts";

const inodeAt = (machine: ScriptedMachine, path: string): Inode =>
  get(machine.state.files.inodes, machine.inodeOf(path));

describe("the runs of a stretch", () => {
  /** A file with bytes in two places: 100 at 1,000 and 100 at 5,000. */
  const twoPlaces = () => {
    const machine = scriptedMachine();
    const fd = machine.file("a");
    machine.perform({ call: "fd_pwrite", fd, offset: 1000, size: 100 });
    machine.perform({ call: "fd_pwrite", fd, offset: 5000, size: 100 });
    return inodeAt(machine, "a");
  };

  test.each([
    ["of nothing are none", 0, 0, []],
    ["behind the end are none", 5100, 10, []],
    ["end where the file ends", 5050, 1000, [150, 50]],
    ["before the first bytes are zeros", 0, 10, [ZEROS, 10]],
    ["within bytes are a part of them", 1010, 20, [10, 20]],
    ["over an edge of bytes are both", 1090, 20, [90, 10, ZEROS, 10]],
    ["up to the next bytes are one stretch of zeros over chunks", 1100, 3900, [ZEROS, 3900]],
    ["of all are all", 0, 5100, [ZEROS, 1000, 0, 100, ZEROS, 3900, 100, 100]],
    ["at the far end of what numbers can say are none", 2 ** 53 - 1, 2 ** 23, []],
  ])("%s", (_, offset, length, expected) => {
    expect(contentRuns(twoPlaces(), offset, length)).toEqual(expected);
  });

  test("that go on in the stream are one, across chunks", () => {
    const machine = scriptedMachine();
    machine.file("a", 5 * CHUNK_BYTES);
    expect(contentRuns(inodeAt(machine, "a"), 10, 4 * CHUNK_BYTES)).toEqual([10, 4 * CHUNK_BYTES]);
  });

  test("say of any history of writes and cuts, for each byte, who wrote it last", () => {
    const size = 3 * CHUNK_BYTES;
    const change = fc.record({
      isCut: fc.nat(9),
      offset: fc.nat(size - 1),
      length: fc.integer({ min: 1, max: 6000 }),
    });
    fc.assert(
      fc.property(
        fc.array(change, { maxLength: 25 }),
        fc.nat(size),
        fc.nat(size),
        (changes, from, length) => {
          const machine = scriptedMachine();
          const fd = machine.file("a");
          const model = new Array<number>(size * 2).fill(ZEROS);
          let end = 0;
          for (const { isCut, offset, length: count } of changes) {
            if (isCut === 0) {
              machine.perform({ call: "fd_filestat_set_size", fd, size: offset });
              model.fill(ZEROS, offset);
              end = offset;
              continue;
            }
            const event = machine.perform({ call: "fd_pwrite", fd, offset, size: count });
            const position = event.type === "file/written-at" ? event.position : 0;
            for (let at = 0; at < count; at += 1) model[offset + at] = position + at;
            end = Math.max(end, offset + count);
          }
          const runs = contentRuns(inodeAt(machine, "a"), from, length);
          const bytes: number[] = [];
          for (let index = 0; index < runs.length; index += 2) {
            const position = runs[index] as number;
            for (let at = 0; at < (runs[index + 1] as number); at += 1)
              bytes.push(position === ZEROS ? ZEROS : position + at);
          }
          expect(bytes).toEqual(model.slice(from, Math.max(from, Math.min(from + length, end))));
        },
      ),
      { numRuns: 60 },
    );
  });
});

test("a chunk is never in many more pieces than are allowed, however small the writes", () => {
  const machine = scriptedMachine();
  const fd = machine.file("a");
  let widest = 0;
  for (let round = 0; round < 300; round += 1) {
    machine.perform({ call: "fd_pwrite", fd, offset: (round * 17 * 2) % 4000, size: 3 });
    widest = Math.max(widest, get(inodeAt(machine, "a").chunks, 0).pieces.length / 3);
  }
  expect(widest).toBeLessThanOrEqual(MAX_CHUNK_PIECES + 2);
});

describe("a path", () => {
  test("is the names from the root down", () => {
    const machine = scriptedMachine();
    machine.directory("d");
    machine.file("d/f");
    const { files } = machine.state;
    expect([ROOT_INODE, machine.inodeOf("d"), machine.inodeOf("d/f")].map((id) => pathOf(files, id))).toEqual(
      ["", "d", "d/f"],
    );
  });

  test("there is none of what is not there, has no name, or is below what has none", () => {
    const machine = scriptedMachine();
    machine.directory("d");
    machine.file("d/f");
    machine.openDirectory("d");
    const [directory, file] = [machine.inodeOf("d"), machine.inodeOf("d/f")];
    machine.happen(PID, {
      type: "directory/removed",
      by: 0,
      directory: ROOT_INODE,
      name: "d",
      inode: directory,
    });
    expect([999, directory, file].map((id) => pathOf(machine.state.files, id))).toEqual([null, null, null]);
  });
});

test("a directory that was taken away is unlinked, and a root never is", () => {
  const machine = scriptedMachine();
  const root = machine.state.files.nextInode;
  machine.mount();
  machine.directory("d");
  machine.openDirectory("d");
  const id = machine.inodeOf("d");
  expect([id, ROOT_INODE, root].map((each) => isUnlinked(machine.state.files, each))).toEqual([
    false,
    false,
    false,
  ]);
  machine.perform({ call: "path_remove_directory", fd: ROOT_FD, path: "d" });
  expect(isUnlinked(machine.state.files, id)).toBe(true);
});
