/** The peer `node:wasi`: runs `PROGRAM FOLDER ARGS...` with the folder as "/". */
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { WASI } from "node:wasi";

const [program = "", folder = "", ...args] = process.argv.slice(2);
const wasi = new WASI({
  version: "preview1",
  args: [basename(program), ...args],
  preopens: { "/": folder },
  returnOnExit: true,
});
const module = new WebAssembly.Module(readFileSync(program));
const imports = {
  wasi_snapshot_preview1: wasi.wasiImport as Record<string, (...args: (number | bigint)[]) => number>,
};
process.exitCode = wasi.start(new WebAssembly.Instance(module, imports));
