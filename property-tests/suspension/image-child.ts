/**
 * `image-child.js write IMAGE PROGRAM ARGS...` runs a program for some turns, writes its image, and kills itself;
 * `image-child.js read IMAGE PROGRAM ARGS...` goes on from the image to the program's end, and prints its output.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { deserialize, serialize } from "node:v8";
import { ProgramExited, ShimWorld } from "../../bench/shim-program.ts";
import { programOf } from "../../bench/suspended-program.ts";
import type { ProcessImage } from "../../guests/suspendable/process-image.ts";
import type { InstanceHost } from "../../guests/suspendable/instance-host.ts";
import { SuspendableInstance } from "../../guests/suspendable/suspendable-instance.ts";

const QUANTUM = 1_000_000;
const TURNS = 5;

const [mode, file = "", path = "", ...args] = process.argv.slice(2);
const transformed = programOf(path);
const world = new ShimWorld({ path, args });
const host: InstanceHost = {
  call: (index, values) => world.imports[transformed.layout.imports[index]?.name ?? ""]?.(...values),
};

function write(): void {
  const instance = new SuspendableInstance(transformed, host);
  world.attach(instance.memory);
  for (let turn = 0; turn < TURNS; turn += 1) {
    if (instance.run(QUANTUM).kind !== "preempted") throw new Error("the program was over too soon");
  }
  writeFileSync(file, serialize(instance.image()));
  process.kill(process.pid, "SIGKILL");
}

function read(): void {
  const image = deserialize(readFileSync(file)) as ProcessImage;
  const instance = SuspendableInstance.restore(transformed, image, { host });
  world.attach(instance.memory);
  try {
    while (instance.run(QUANTUM).kind === "preempted");
  } catch (error) {
    if (!(error instanceof ProgramExited)) throw error;
  }
  process.stdout.write(JSON.stringify({ output: world.output, ticks: instance.ticksUsed }));
}

if (mode === "write") write();
else read();
