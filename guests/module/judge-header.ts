import { refuse, refuseDamaged } from "./module-refusal.ts";
import { sniffFile } from "./sniff-file.ts";

/** V8's limit for a module. */
const MAX_SIZE = 2 ** 30;
const MAGIC = [0x00, 0x61, 0x73, 0x6d] as const;
const BUILD = "Give a WASI preview 1 program (.wasm), as clang, cargo or go write it for wasm32-wasip1.";

/** The first 8 bytes: a WebAssembly module of version 1, and nothing that merely looks like it. */
export function judgeHeader(bytes: Uint8Array): void {
  if (bytes.length === 0) refuse(0, "the file is empty", BUILD);
  if (MAGIC.some((byte, index) => index < bytes.length && bytes[index] !== byte)) {
    const { what, advice } = sniffFile(bytes);
    refuse(0, `this is no WebAssembly module but ${what}`, advice ?? BUILD);
  }
  if (bytes.length < 8) {
    refuse(
      bytes.length,
      `the file is cut off: it has ${bytes.length} bytes, and a module has 8 at least`,
      BUILD,
    );
  }
  if (bytes.length > MAX_SIZE)
    refuse(MAX_SIZE, "the module is larger than 1 GiB", "Build it without debug information.");
  judgeVersion(bytes);
}

function judgeVersion(bytes: Uint8Array): void {
  const version = (bytes[4] as number) + (bytes[5] as number) * 256;
  const layer = (bytes[6] as number) + (bytes[7] as number) * 256;
  if (layer === 1) {
    refuse(
      4,
      "this is a preview 2 component, not a preview 1 program",
      "Build for wasm32-wasip1. (wasm-tools component unbundle shows the modules inside.)",
    );
  }
  if (layer !== 0 || version !== 1) {
    refuseDamaged(4, `it is of version ${version} of WebAssembly (layer ${layer}), and version 1 is known`);
  }
}
