import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { expect, test } from "@jest/globals";
import { TRANSFORM_VERSION } from "./layout.ts";
import { transformModule, type TransformOptions } from "./transform-module.ts";

const prebuilt = new URL("../../../property-tests/guests/prebuilt/", import.meta.url);
const programs: readonly string[] = ["hello", "cpu-kernels", "deep-recursion", "std-files", "qjs"];
const others: readonly TransformOptions[] = [
  { maxPages: 100 },
  { maxTableEntries: 50 },
  { stackBytes: 1 << 20 },
  { canonicalNans: false },
];

/**
 * By version, digests of the programs and of what is made of them. Caches and images of a version hold its code:
 * where the output is another, raise TRANSFORM_VERSION and add a line; never change one. Where only the programs
 * were built anew, their line may be changed.
 */
const pinned: Readonly<Record<number, { readonly programs: string; readonly output: string }>> = {
  1: {
    programs: "11f5531f05410368910a937cf30241cfd49fd6e3452d065ae3d1eb32a2bb3e71",
    output: "4c7cdabad012d12e9e05b161389cd2cbc62e72f1d15386793805288d0ef4e9d4",
  },
  2: {
    programs: "11f5531f05410368910a937cf30241cfd49fd6e3452d065ae3d1eb32a2bb3e71",
    output: "8f0d9eba19933cc22b8ddb27c3a5599c70aee73d7ecf85a9f4457c1660b1bc6b",
  },
};

test("what the transform writes belongs to its version: another output is another version", () => {
  const read = createHash("sha256");
  const written = createHash("sha256");
  const note = (bytes: Uint8Array, options: TransformOptions): void => {
    const result = transformModule(bytes, options);
    if (!result.ok) throw new Error(result.error.what);
    const { fast, slow, layout } = result.value;
    for (const part of [fast, slow, JSON.stringify(layout)]) written.update(`${part.length}:`).update(part);
  };
  for (const name of programs) {
    const bytes = readFileSync(new URL(`${name}.wasm`, prebuilt));
    read.update(bytes);
    note(bytes, {});
    if (name === "cpu-kernels") for (const options of others) note(bytes, options);
  }
  const digests = { programs: read.digest("hex"), output: written.digest("hex") };
  expect({ version: TRANSFORM_VERSION, ...digests }).toEqual({
    version: TRANSFORM_VERSION,
    ...pinned[TRANSFORM_VERSION],
  });
}, 30_000);
