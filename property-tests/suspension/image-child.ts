/**
 * `image-child.js write FOLDER` runs a program for some turns of equal length, writes an image after each, goes on for
 * one more, and kills itself; `image-child.js read FOLDER` goes on from the last image to the program's end, and prints
 * what there is of it. What program it is, and how long a turn, stands in the folder.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { deserialize, serialize } from "node:v8";
import type { ShimImage } from "../../bench/shim-image.ts";
import { ProgramExited, ShimWorld } from "../../bench/shim-program.ts";
import { cachedProgramOf } from "../../bench/suspended-program.ts";
import type { InstanceHost } from "../../guests/suspendable/instance-host.ts";
import { combineImages, type ProcessImage } from "../../guests/suspendable/process-image.ts";
import { PAGE_BYTES } from "../../guests/suspendable/page-hash.ts";
import type { SuspendableProgram } from "../../guests/suspendable/suspendable-program.ts";
import { SuspendableInstance } from "../../guests/suspendable/suspendable-instance.ts";
import type { ImageJob } from "./image-job.ts";

/** The process, and what it sees. */
interface Image {
  readonly process: ProcessImage;
  readonly world: ShimImage;
}

const [mode, folder = ""] = process.argv.slice(2);
const imagePath = (turn: number): string => join(folder, `image-${turn}`);

const hostOf = (transformed: SuspendableProgram, world: ShimWorld): InstanceHost => ({
  call: (index, values) => world.imports[transformed.layout.imports[index]?.name ?? ""]?.(...values),
});

function write({ program, quantum, turns }: ImageJob, transformed: SuspendableProgram): void {
  const world = new ShimWorld(program);
  const instance = new SuspendableInstance(transformed, hostOf(transformed, world));
  world.attach(instance.memory);
  for (let turn = 0; turn <= turns; turn += 1) {
    if (instance.run(quantum).kind !== "preempted") throw new Error("the program was over too soon");
    const image: Image = { process: instance.image(), world: world.image() };
    if (turn < turns) writeFileSync(imagePath(turn), serialize(image));
  }
  process.kill(process.pid, "SIGKILL");
}

function imagesIn(): readonly [Image, ...Image[]] {
  const images: Image[] = [];
  while (existsSync(imagePath(images.length)))
    images.push(deserialize(readFileSync(imagePath(images.length))) as Image);
  return images as [Image, ...Image[]];
}

function read({ program, quantum }: ImageJob, transformed: SuspendableProgram): void {
  const images = imagesIn();
  const world = new ShimWorld(program, images.at(-1)?.world);
  const whole = combineImages(images.map(({ process: image }) => image));
  const instance = SuspendableInstance.restore(transformed, whole, { host: hostOf(transformed, world) });
  world.attach(instance.memory);
  const ticksBefore = instance.ticksUsed;
  try {
    while (instance.run(quantum).kind === "preempted");
  } catch (error) {
    if (!(error instanceof ProgramExited)) throw error;
  }
  const { output, files } = world;
  const ticks = instance.ticksUsed;
  const run = { output, files, code: world.exitCode ?? 0, ticks };
  const lastPages = images.at(-1)?.process.pages.length;
  const pages = instance.memory.buffer.byteLength / PAGE_BYTES;
  process.stdout.write(JSON.stringify({ run, ticksBefore, lastPages, pages }));
}

const job = deserialize(readFileSync(join(folder, "job"))) as ImageJob;
const transformed = cachedProgramOf(job.program.path);
if (mode === "write") write(job, transformed);
else read(job, transformed);
