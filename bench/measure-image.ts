/** Images of a process with 64 MB of memory, all of it in use, of which little changes between two of them. */
import { exportOf, importOf, moduleOf, section, vector } from "../guests/module/module-builder.ts";
import { combineImages, type ProcessImage } from "../guests/suspendable/process-image.ts";
import { type InstanceHost, SUSPEND } from "../guests/suspendable/instance-host.ts";
import { SuspendableInstance } from "../guests/suspendable/suspendable-instance.ts";
import { SuspendableProgram } from "../guests/suspendable/suspendable-program.ts";
import { transformModule } from "../guests/transform/transform-module.ts";
import { type Figure, most } from "./figure.ts";
import { cpuMillis } from "./rounds.ts";

const host: InstanceHost = { call: () => SUSPEND };
const PAGE_BYTES = 4096;
const CHANGED_PAGES = 256;

/** A loop that waits, with 1024 pages of 64 KiB. */
function waitingProgram(): SuspendableProgram {
  const body = [9, 0, 0x03, 0x40, 0x10, 0, 0x0c, 0, 0x0b, 0x0b];
  const bytes = moduleOf(
    section(1, [1, 0x60, 0, 0]),
    section(2, vector(importOf("outside", "wait", 0, 0))),
    section(3, [1, 0]),
    section(5, [1, 0, 0x80, 8]),
    section(7, vector(exportOf("_start", 0, 1), exportOf("memory", 2, 0))),
    section(10, [1, ...body]),
  );
  const result = transformModule(bytes);
  if (!result.ok) throw new Error(result.error.what);
  return new SuspendableProgram(result.value);
}

export function measureImages(rounds: number): Figure[] {
  const program = waitingProgram();
  const process = new SuspendableInstance(program, host);
  process.run(Number.POSITIVE_INFINITY);
  const bytes = new Uint8Array(process.memory.buffer);
  const few = process.image();
  for (let at = 0; at < bytes.length; at += 8) bytes[at] = at * 7 + 1;
  const chain = [process.image()];
  const taken = Array.from({ length: rounds }, (_, round) => {
    for (let page = 0; page < CHANGED_PAGES; page += 1) {
      const at = page * 64 * PAGE_BYTES + 8 * round;
      bytes[at] = (bytes[at] as number) + 1;
    }
    return cpuMillis(() => void chain.push(process.image()));
  });
  const restored = (images: readonly ProcessImage[]): number[] => {
    const image = combineImages(images);
    return Array.from({ length: rounds }, () =>
      cpuMillis(() => void SuspendableInstance.restore(program, image, { host })),
    );
  };
  const changed = chain.slice(1, 2);
  const what = "a guest of 64 MB, all in use";
  return [
    {
      what: `image of ${what}, that changed 1 MB`,
      against: "-",
      unit: "ms",
      samples: taken,
      floor: most(20),
    },
    {
      what: "restoring a guest of 64 MB that differs from a new one by 1 MB",
      against: "-",
      unit: "ms",
      samples: restored([few, ...changed]),
      floor: most(50),
    },
    { what: `restoring ${what}`, against: "-", unit: "ms", samples: restored(chain), floor: null },
  ];
}
