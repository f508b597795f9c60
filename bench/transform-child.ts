/** Transforms a module once: `PATH ours` or `PATH asyncify`, Binaryen's way to the same end. */
import { readFileSync } from "node:fs";
import { transformModule } from "../guests/transform/transform-module.ts";

const [path = "", how = ""] = process.argv.slice(2);
const bytes = new Uint8Array(readFileSync(path));
if (how === "asyncify") {
  const { default: binaryen } = await import("binaryen");
  const module = binaryen.readBinary(bytes);
  module.setFeatures(binaryen.Features.All);
  binaryen.setPassArgument("asyncify-imports", "wasi_snapshot_preview1.*");
  module.runPasses(["asyncify"]);
  module.emitBinary();
} else if (!transformModule(bytes).ok) process.exitCode = 1;
