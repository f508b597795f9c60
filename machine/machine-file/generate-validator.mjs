/**
 * Writes schema-validator.ts, the judge of a machine file's shape, from machine-file.schema.json: `node machine/machine-file/generate-validator.mjs`.
 * Ajv compiles the schema here, when it changes, and not when a machine is booted: loading Ajv and compiling took 140 ms, and what it
 * compiles is loaded in 5. The result needs no package, and a test holds it to the schema.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Ajv2020 } from "ajv/dist/2020.js";
import standalone from "ajv/dist/standalone/index.js";

const schemaFile = new URL("./machine-file.schema.json", import.meta.url);
const validatorFile = new URL("./schema-validator.ts", import.meta.url);

const head =
  "// @ts-nocheck\n// Generated from machine-file.schema.json by generate-validator.mjs. Do not edit.\n";

/**
 * A schema with what it refers to in its place. Ajv calls a function for a reference, and copies all errors so far when it comes
 * back: 100,000 wrong pipes took a minute.
 */
function withoutReferences(schema, defs) {
  if (typeof schema !== "object" || schema === null) return schema;
  if (Array.isArray(schema)) return schema.map((item) => withoutReferences(item, defs));
  const { $ref, $defs: _, ...own } = schema;
  const whole = $ref === undefined ? own : { ...defs[$ref.slice("#/$defs/".length)], ...own };
  const entries = Object.entries(whole).map(([name, part]) => [name, withoutReferences(part, defs)]);
  return Object.fromEntries(entries);
}

export function generatedValidator() {
  const schema = JSON.parse(readFileSync(schemaFile, "utf8"));
  const ajv = new Ajv2020({
    allErrors: true,
    // An error brings the schema that was broken, whose title says what was expected.
    verbose: true,
    messages: false,
    allowUnionTypes: true,
    // Counting code points would need a part of Ajv at run time; no text of the schema is counted beyond 1.
    unicode: false,
    // It warns of `unicode`. What is wrong with a schema is thrown.
    logger: false,
    code: { source: true, esm: true },
  });
  const code = standalone.default(ajv, ajv.compile(withoutReferences(schema, schema.$defs)));
  return `${head}${code.replace(/export default \w+;/, "")}\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(validatorFile, generatedValidator());
