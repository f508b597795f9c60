/** The peer of many processes: `PROGRAM COUNT` starts so many threads, in each of which the program waits for standard input. */
import { readFileSync } from "node:fs";
import { WASI } from "node:wasi";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";

/** Time in which the memory that is held is looked at. */
const HELD_MILLIS = 1000;

function waitForInput(module: WebAssembly.Module): void {
  const wasi = new WASI({ version: "preview1", args: ["cat"], returnOnExit: true });
  const never = new Int32Array(new SharedArrayBuffer(4));
  const read = (): number => {
    parentPort?.postMessage("waits");
    Atomics.wait(never, 0, 0);
    return 0;
  };
  const calls = wasi.wasiImport as Record<string, (...args: (number | bigint)[]) => number>;
  wasi.start(new WebAssembly.Instance(module, { wasi_snapshot_preview1: { ...calls, fd_read: read } }));
}

async function main([program = "", count = ""]: readonly string[]): Promise<void> {
  const module = new WebAssembly.Module(readFileSync(program));
  for (let thread = 0; thread < Number(count); thread += 1) {
    const worker = new Worker(new URL(import.meta.url), { workerData: module });
    await new Promise((resolve) => worker.once("message", resolve));
  }
  await new Promise((resolve) => setTimeout(resolve, HELD_MILLIS));
  process.exit();
}

if (isMainThread) await main(process.argv.slice(2));
else waitForInput(workerData as WebAssembly.Module);
