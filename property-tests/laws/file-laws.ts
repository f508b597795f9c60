import fc from "fast-check";
import { get, peek, rowsOf } from "../../core/table.ts";
import { contentRuns, ZEROS } from "../../reducers/files/file-selectors.ts";
import { CHUNK_BYTES, type Inode } from "../../reducers/files/file-state.ts";
import { fileType } from "../../reducers/hosts/host-event.ts";
import type { KernelState } from "../../reducers/kernel-state.ts";
import type { Step } from "../model/call-spec.ts";
import type { MemoryLog } from "../model/memory-log.ts";
import type { ModelDirectory, ModelNode } from "../../devices/host-directory/model-directory.ts";
import {
  descriptorOf,
  modelDevices,
  type ModelRun,
  type Performed,
  PID,
  runSteps,
  type Watcher,
} from "../model/model-machine.ts";
import { Oracle, type OracleOpen } from "../model/oracle.ts";
import type { OracleNode } from "../model/oracle-tree.ts";
import { manySmallWrites, stepsOf } from "../model/step-arbitraries.ts";
import { demand, demandEqual, law, type Law } from "./law.ts";

const kindOf = { file: fileType.regular, directory: fileType.directory, link: fileType.symlink } as const;
/** Contents are compared whole up to here, and at their end beyond: most of a sparse file is zeros. */
const COMPARED_BYTES = 40_000;

/** The bytes of a stretch of a file, as a guest would read them. */
export function bytesOf(inode: Inode, log: MemoryLog, offset: number, length: number): Uint8Array {
  const bytes = new Uint8Array(Math.max(0, Math.min(length, inode.size - offset)));
  const runs = contentRuns(inode, offset, bytes.length);
  for (let index = 0, at = 0; index < runs.length; index += 2) {
    const [position = ZEROS, size = 0] = [runs[index], runs[index + 1]];
    if (position !== ZEROS) log.copyTo(bytes, at, position, size);
    at += size;
  }
  return bytes;
}

/** Compares the kernel's files with the oracle's, from the roots down and through what is open. */
export class Comparison {
  readonly #state: KernelState;
  readonly #log: MemoryLog;
  readonly #nodes = new Map<number, OracleNode>();

  constructor(state: KernelState, log: MemoryLog) {
    this.#state = state;
    this.#log = log;
  }

  compare(oracle: Oracle): void {
    const { files } = this.#state;
    const mounts = [...rowsOf(files.mounts)].map(([, mount]) => mount.inode);
    [1, ...mounts].forEach((inode, index) => this.#node(inode, oracle.roots[index] as OracleNode, ""));
    const held = [...rowsOf(get(this.#state.capabilities.tables, PID).slots)];
    demandEqual(
      held.map(([slot]) => slot),
      [...oracle.opens.keys()].sort((left, right) => left - right),
      "the descriptors",
    );
    for (const [slot, capability] of held) {
      const open = oracle.opens.get(slot) as OracleOpen;
      const rights = [capability.rights, capability.inheriting];
      demandEqual(rights, [open.rights, open.inheriting], `rights of descriptor ${slot}`);
      if (open.node === null) continue;
      const { inode, position } = get(files.opens, capability.target);
      demandEqual(position, open.position, `the position of descriptor ${slot}`);
      this.#node(inode, open.node, `descriptor ${slot}`);
    }
  }

  #node(id: number, node: OracleNode, path: string): void {
    const known = this.#nodes.get(id);
    demand(known === undefined || known === node, `${path} is the file that it was`);
    if (known !== undefined) return;
    this.#nodes.set(id, node);
    const inode = get(this.#state.files.inodes, id);
    demandEqual(inode.kind, kindOf[node.kind], `the kind of ${path}`);
    demandEqual(inode.names.length, node.links, `the links of ${path}`);
    demandEqual(inode.target, node.target, `the target of ${path}`);
    if (node.kind === "file") this.#contents(inode, node, path);
    if (inode.entries === null || !inode.entries.isListed) return;
    const entries = [...rowsOf(inode.entries.entries)].map(([, entry]) => entry);
    demandEqual(
      entries.map(({ name }) => name).sort(),
      [...node.names.keys()].sort(),
      `the names in ${path}`,
    );
    for (const entry of entries) {
      const below = node.names.get(entry.name) as OracleNode;
      demandEqual(entry.kind, kindOf[below.kind], `the kind listed for ${path}/${entry.name}`);
      if (peek(this.#state.files.inodes, entry.inode) !== null)
        this.#node(entry.inode, below, `${path}/${entry.name}`);
    }
  }

  #contents(inode: Inode, node: OracleNode, path: string): void {
    demandEqual(inode.size, node.bytes.size, `the size of ${path}`);
    for (const start of [0, Math.max(0, inode.size - 5000)]) {
      const size = Math.min(COMPARED_BYTES, inode.size - start);
      const got = bytesOf(inode, this.#log, start, size);
      const expected = node.bytes.read(start, size);
      const wrong = got.findIndex((byte, index) => byte !== expected[index] && isKnown(inode, start + index));
      demand(wrong < 0, `byte ${start + wrong} of ${path} is ${got[wrong]}, expected ${expected[wrong]}`);
    }
  }
}

/** Whether a byte is not the host's secret still. */
const isKnown = (inode: Inode, at: number): boolean =>
  at >= inode.hostSize || peek(inode.chunks, Math.floor(at / CHUNK_BYTES)) !== null;

/** Runs the steps, with the oracle beside the kernel, and compares after each call and, with the host's tree, at the end. */
export function runWithOracle(drawn: readonly Step[]): { run: ModelRun; oracle: Oracle } {
  const oracle = new Oracle();
  let fds: readonly [number, number] = [0, 0];
  const whole = drawn.map((step): Step => (step.do === "call" ? { ...step, spoilt: -1 } : step));
  const devices = modelDevices();
  const watcher: Watcher = {
    beforeCall: ({ call }, kernel) => {
      const from = "fd" in call ? descriptorOf(kernel.state, call.fd) : -1;
      const other = "toFd" in call ? call.toFd : "to" in call ? call.to : null;
      fds = [from, other === null ? -1 : descriptorOf(kernel.state, other)];
    },
    afterCall: (performed, kernel, log) => {
      compareListing(performed, oracle.opens.get(fds[0])?.node ?? null);
      compareAnswer(performed, oracle.apply(performed.step.call, ...fds));
      new Comparison(kernel.state, log).compare(oracle);
    },
  };
  const run = runSteps(whole, watcher, devices);
  oracle.opens.clear();
  new Comparison(run.kernel.state, run.log).compare(oracle);
  compareHost(devices.host as ModelDirectory, oracle);
  return { run, oracle };
}

/** When all effects are released, the host has what the machine has. */
function compareHost(host: ModelDirectory, oracle: Oracle): void {
  const visit = (found: ModelNode, expected: OracleNode, path: string): void => {
    demandEqual(found.kind, kindOf[expected.kind], `the kind of the host's ${path}`);
    demandEqual(found.target, expected.target, `the target of the host's ${path}`);
    demandEqual(
      [...found.names.keys()].sort(),
      [...expected.names.keys()].sort(),
      `the names in the host's ${path}`,
    );
    for (const [name, below] of found.names)
      visit(below, expected.names.get(name) as OracleNode, `${path}/${name}`);
    if (expected.kind !== "file") return;
    demandEqual(found.bytes.size, expected.bytes.size, `the size of the host's ${path}`);
    const size = Math.min(COMPARED_BYTES, expected.bytes.size);
    const isSame = Buffer.compare(found.bytes.read(0, size), expected.bytes.read(0, size)) === 0;
    demand(isSame, `the contents of the host's ${path}`);
  };
  visit(host.root, oracle.roots[1] as OracleNode, "");
}

const DIRENT_BYTES = 24;

/** The names that fd_readdir put into its buffer, each whole, in their order; the cookies go up. */
function namesRead(buffer: Uint8Array): readonly string[] {
  const names: string[] = [];
  const view = new DataView(buffer.buffer, buffer.byteOffset, buffer.length);
  for (let at = 0, cookie = -1; at + DIRENT_BYTES <= buffer.length; ) {
    const next = Number(view.getBigUint64(at, true));
    demand(next > cookie, "cookies go up");
    cookie = next;
    const length = view.getUint32(at + 16, true);
    const end = at + DIRENT_BYTES + length;
    if (end > buffer.length) break;
    names.push(new TextDecoder().decode(buffer.subarray(at + DIRENT_BYTES, end)));
    at = end;
  }
  return names;
}

/** A listing from its start has all names once, if the buffer holds them. */
function compareListing({ step, given }: Performed, node: OracleNode | null): void {
  if (step.call.call !== "fd_readdir" || step.call.cookie !== 0 || node === null || given.errno !== 0) return;
  const used = new DataView(given.memory.buffer).getUint32(0, true);
  if (used >= step.call.size) return;
  const names = [...namesRead(given.memory.subarray(256, 256 + used))].sort();
  demandEqual(names, [".", "..", ...node.names.keys()].sort(), "the names that were listed");
}

function compareAnswer({ step, given }: Performed, expected: boolean | Uint8Array | null): void {
  const { call } = step.call;
  if (expected === null) return;
  demandEqual(given.errno === 0, expected !== false, `whether ${call} is answered (errno ${given.errno})`);
  if (typeof expected === "boolean") return;
  const room = call === "path_readlink" && "size" in step.call ? step.call.size : expected.length;
  demandEqual(
    given.memory.subarray(256, 256 + Math.min(room, expected.length)),
    expected.subarray(0, room),
    `what ${call} gave`,
  );
}

export const fileLaws: readonly Law[] = [
  law({
    id: "O1",
    statement:
      "files, names, links, rights and positions are what an independent model says, after each call",
    runs: 150,
    cases: fc.oneof(stepsOf("files", 40), stepsOf("contents", 40), stepsOf("names", 40)),
    holds: (drawn) => void runWithOracle(drawn),
  }),
  law({
    id: "O1-small",
    statement: "contents in many pieces are what an independent model says",
    runs: 25,
    cases: manySmallWrites,
    holds: (drawn) => void runWithOracle(drawn),
  }),
];
