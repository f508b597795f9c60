import { mkdtempSync, readdirSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { exportOf, importOf, moduleOf, section, vector } from "../module/module-builder.ts";
import {
  transformModule,
  type TransformedModule,
  type TransformOptions,
} from "../transform/transform-module.ts";
import { transformCached } from "./transform-cached.ts";

/** A program that asks the outside one question, which is all that is different about it. */
export const small = (question: number): Uint8Array =>
  moduleOf(
    section(1, vector([0x60, 1, 0x7f, 1, 0x7f], [0x60, 0, 0])),
    section(2, vector(importOf("outside", "ask", 0, 0))),
    section(3, [1, 1]),
    section(5, [1, 1, 1, 20]),
    section(7, vector(exportOf("_start", 0, 1), exportOf("memory", 2, 0))),
    section(10, vector([7, 0, 0x41, question, 0x10, 0, 0x1a, 0x0b])),
  );

export function fresh(bytes: Uint8Array, options: TransformOptions = {}): TransformedModule {
  const result = transformModule(bytes, options);
  if (!result.ok) throw new Error(result.error.what);
  return result.value;
}

/** Equal for modules that are the same to the byte, with the same layout in the same order. */
export const plain = ({ fast, slow, layout }: TransformedModule): unknown => ({
  fast: Buffer.from(fast).toString("hex"),
  slow: Buffer.from(slow).toString("hex"),
  layout: JSON.stringify(layout),
});

/** A cache for tests, in a directory of its own. */
export class SampleCache {
  readonly home = realpathSync(mkdtempSync(join(tmpdir(), "foldos-cache-")));
  /** Not there at first. */
  readonly folder = join(this.home, "deep", "cache");

  cached(bytes: Uint8Array, options: TransformOptions = {}, maxBytes = 2 ** 30): TransformedModule {
    const result = transformCached(bytes, options, { folder: this.folder, maxBytes });
    if (!result.ok) throw new Error(result.error.what);
    return result.value;
  }

  names(): readonly string[] {
    return [...readdirSync(this.folder)].sort();
  }

  onlyPath(): string {
    const [name, ...others] = this.names();
    if (name === undefined || others.length > 0) throw new Error(`not one file: ${this.names().join()}`);
    return join(this.folder, name);
  }

  remove(): void {
    rmSync(this.home, { recursive: true, force: true });
  }
}
