import { createHash } from "node:crypto";
import { cachedDataVersionTag } from "node:v8";
import { TRANSFORM_VERSION } from "../transform/layout.ts";
import { completeOptions, type TransformOptions } from "../transform/transform-module.ts";

/**
 * The SHA-256 of all that decides what a transform gives: the module, the transform's version, every option; and V8's
 * version and flags, by which it judges whether a module is valid. Null for options that are no numbers of anything
 * (NaN, a fraction): they are the transform's affair.
 */
export function entryKey(bytes: Uint8Array, options: TransformOptions): Uint8Array | null {
  const complete = completeOptions(options);
  const names = Object.keys(complete).sort() as (keyof TransformOptions)[];
  const isWhole = (value: number | boolean): boolean =>
    typeof value === "boolean" || (Number.isSafeInteger(value) && value >= 0);
  if (!names.every((name) => isWhole(complete[name]))) return null;
  const parts = names.map((name) => `${name}=${complete[name]}`);
  const module = createHash("sha256").update(bytes).digest("hex");
  return createHash("sha256")
    .update([`transform=${TRANSFORM_VERSION}`, `v8=${cachedDataVersionTag()}`, ...parts, module].join("\n"))
    .digest();
}
