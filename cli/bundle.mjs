/**
 * Joins the built modules of the command and of the thread that it starts into few files under dist/bin: loading modules one
 * by one on two threads takes about half of a short run (docs/decisions/0011).
 */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
const built = join(root, "dist");

// The names of what is shared change with its text: those of before would stay.
rmSync(join(built, "bin"), { recursive: true, force: true });
await build({
  entryPoints: {
    foldos: join(built, "cli/foldos.js"),
    "kernel-thread": join(built, "machine/kernel-thread.js"),
    "printer-process": join(built, "machine/printer-process.js"),
  },
  outdir: join(built, "bin"),
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node20",
  // Native, and found by its own path.
  external: ["lmdb"],
  // For Node, rxjs and jsonc-parser give CommonJS builds: of one nothing can be left out, the other's parts are not found.
  alias: {
    rxjs: join(root, "node_modules/rxjs/dist/esm/index.js"),
    "jsonc-parser": join(root, "node_modules/jsonc-parser/lib/esm/main.js"),
  },
  legalComments: "none",
  logLevel: "warning",
});
