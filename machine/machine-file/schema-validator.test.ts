import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, test } from "@jest/globals";
import { Ajv2020 } from "ajv/dist/2020.js";
import { buildMachineFile } from "./build-machine-file.ts";
import { judgeShape } from "./judge-shape.ts";
import type { WrittenMachine } from "./written-machine.ts";

const folder = resolve("machine/machine-file");
const textOf = (name: string): string => readFileSync(join(folder, name), "utf8");

interface Schema {
  readonly title?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly type?: string;
  readonly additionalProperties?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, Schema>>;
}
const schema = JSON.parse(textOf("machine-file.schema.json")) as Schema;
const objects = Object.entries({ file: schema, ...schema.$defs }).filter(([, { properties }]) => properties);

test("the judge of a file's shape is what the schema generates", async () => {
  const { generatedValidator } = (await import(
    pathToFileURL(join(folder, "generate-validator.mjs")).href
  )) as {
    readonly generatedValidator: () => string;
  };
  expect(textOf("schema-validator.ts") === generatedValidator()).toBe(true);
});

test("the schema as it is published judges as what is generated from it does", () => {
  const published = new Ajv2020({ allErrors: true, allowUnionTypes: true }).compile(schema);
  const process = { program: "a", stdin: { pipe: "x" }, limits: { memory: "64MiB", ticks: 1 } };
  const files: readonly unknown[] = [
    { version: 1, processes: { a: process }, pipes: { x: { capacity: 1 } }, scheduler: { seed: 0 } },
    { version: 1, processes: { a: { ...process, stdin: "tty", limits: { memory: "64M" } } } },
    { version: 1, processes: { a: { ...process, directories: [{ guest: "" }], restart: {} } } },
    { version: 1, processes: { "a b": { descriptors: { x: { pipe: 1 } } } }, pipes: { x: { capacity: 0 } } },
  ];
  for (const [index, file] of files.entries()) {
    expect(published(file)).toBe(index === 0);
    expect(judgeShape(file).length > 0).toBe(index !== 0);
  }
});

describe("the schema", () => {
  test.each(objects)("lets %s have no other properties", (_, { additionalProperties }) => {
    expect(additionalProperties).toBe(false);
  });

  test.each(objects)("describes each property of %s to an editor", (_, { properties = {} }) => {
    for (const [name, property] of Object.entries(properties)) {
      const described =
        property.$ref === undefined ? property : { ...schema.$defs?.[property.$ref.slice(8)], ...property };
      expect([name, typeof described.title, typeof described.description]).toEqual([
        name,
        "string",
        "string",
      ]);
    }
  });

  test("names the defaults that a machine has", () => {
    const usual = (name: string): Readonly<Record<string, unknown>> =>
      Object.fromEntries(
        Object.entries((name === "" ? schema : schema.$defs?.[name])?.properties ?? {})
          .filter(([, property]) => property.default !== undefined)
          .map(([key, property]) => [key, property.default]),
      );
    const restart = { condition: "never", ...usual("restart") };
    const capabilities = { it: { endpoint: "e", ...usual("capability") } };
    const scheduling = usual("scheduling");
    const process = {
      program: "a",
      ...usual("process"),
      restart,
      limits: usual("limits"),
      capabilities,
      scheduling,
    };
    const written = {
      ...usual(""),
      processes: { a: process },
      pipes: { x: usual("pipe") },
      scheduler: usual("scheduler"),
    };
    const bare = {
      processes: { a: { program: "a", capabilities: { it: { endpoint: "e" } } } },
      pipes: { x: {} },
    };
    expect(buildMachineFile(written as unknown as WrittenMachine)).toEqual(buildMachineFile(bare));
  });

  test("is in the package under a path of its own", () => {
    const { exports: entries, files } = JSON.parse(readFileSync("package.json", "utf8")) as {
      readonly exports: Readonly<Record<string, unknown>>;
      readonly files: readonly string[];
    };
    expect(entries["./machine-file.schema.json"]).toBe("./machine/machine-file/machine-file.schema.json");
    expect(files).toContain("machine/machine-file/machine-file.schema.json");
  });
});
