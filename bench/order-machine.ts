/** A machine that works between its events: one makes orders without end, one weighs them, one counts their words. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { guestPath } from "./child-process.ts";

const scripts = {
  "make.js": `var seed = 7;
function next() { return (seed = (seed * 69069 + 12345) % 2147483648); }
for (var number = 0; ; number++) {
  var words = [];
  for (var i = 0; i < 16; i++) words.push((next() % 4096).toString(36));
  print(JSON.stringify({ number: number, words: words, weight: next() % 1000 }));
}
`,
  "weigh.js": `for (var line; (line = readLine()) != null; ) {
  var order = JSON.parse(line), sum = order.weight;
  order.words.sort();
  for (var word of order.words)
    for (var i = 0; i < word.length; i++) sum = (sum * 31 + word.charCodeAt(i)) % 1000003;
  print(order.words.join(" ") + " " + sum);
}
`,
  "count.js": `var counts = new Map(), lines = 0;
for (var line; (line = readLine()) != null; ) {
  for (var word of line.split(" ").slice(0, 16)) counts.set(word, (counts.get(word) || 0) + 1);
  if (++lines % 1000 == 0) print(lines, counts.size);
}
`,
};

/** Writes the machine's file and what its programs run. The path of the file. */
export function plantOrders(folder: string): string {
  const work = join(folder, "scripts");
  mkdirSync(work);
  for (const [name, text] of Object.entries(scripts)) writeFileSync(join(work, name), text);
  const runs = (script: keyof typeof scripts) => ({
    program: guestPath("qjs"),
    args: [`/${script}`],
    directories: [{ guest: "/", host: work, mode: "read-only" }],
    grants: ["realtime-clock", "monotonic-clock", "timers", "entropy"],
  });
  const path = join(folder, "machine.json");
  const processes = {
    make: { ...runs("make.js"), stdout: { pipe: "orders" } },
    weigh: { ...runs("weigh.js"), stdin: { pipe: "orders" }, stdout: { pipe: "weighed" } },
    count: { ...runs("count.js"), stdin: { pipe: "weighed" } },
  };
  const pipes = { orders: { capacity: "4KiB" }, weighed: { capacity: "4KiB" } };
  writeFileSync(path, JSON.stringify({ version: 1, clock: "host", seed: 7, processes, pipes }));
  return path;
}
