/** The peer `@bjorn3/browser_wasi_shim`: runs `PROGRAM ARGS...` on files in memory. */
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { ConsoleStdout, OpenFile, File, PreopenDirectory, WASI } from "@bjorn3/browser_wasi_shim";

const [program = "", ...args] = process.argv.slice(2);
const line = ConsoleStdout.lineBuffered((text) => process.stdout.write(`${text}\n`));
const fds = [new OpenFile(new File([])), line, line, new PreopenDirectory("/", new Map())];
const wasi = new WASI([basename(program), ...args], [], fds, { debug: false });
const module = new WebAssembly.Module(readFileSync(program));
const imports = {
  wasi_snapshot_preview1: wasi.wasiImport as Record<string, (...args: (number | bigint)[]) => number>,
};
const instance = new WebAssembly.Instance(module, imports);
process.exitCode = wasi.start(instance as unknown as Parameters<typeof wasi.start>[0]);
