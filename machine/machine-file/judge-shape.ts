import { type JsonPath, shown } from "./json-path.ts";
import type { Finding } from "./machine-file-problem.ts";
import { validate } from "./schema-validator.ts";

/** What the schema says of a part of the file, as far as messages need it. */
interface Schema {
  readonly title?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  readonly enum?: readonly string[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly { readonly required: readonly string[] }[];
  readonly properties?: Readonly<Record<string, Schema>>;
}

/** An error as Ajv gives it with `verbose`. */
interface ShapeError {
  readonly keyword: string;
  /** A JSON pointer, RFC 6901. */
  readonly instancePath: string;
  readonly schemaPath: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly parentSchema: Schema;
  readonly data: unknown;
  /** There if the name of a property is wrong, of the object at `instancePath`. */
  readonly propertyName?: string;
}

interface Validate {
  (value: unknown): boolean;
  errors: readonly ShapeError[] | null;
}

/** A file of 1 MiB can hold 300,000 faults: so many are placed and sorted in milliseconds, and nobody reads more. */
const MAX_FINDINGS = 1_000;

/** What of a file is not as machine-file.schema.json has it. A title of the schema says what was expected. */
export function judgeShape(value: unknown): readonly Finding[] {
  const judge = validate as unknown as Validate;
  if (judge(value)) return [];
  const errors = judge.errors ?? [];
  const choices = new Map(
    errors.filter(({ keyword }) => isChoice(keyword)).map((error) => [error.instancePath, error]),
  );
  return errors
    .filter((error) => !isSaidElsewhere(error, choices))
    .slice(0, MAX_FINDINGS)
    .map((error) => findingOf(error, value));
}

const isChoice = (keyword: string): boolean => keyword === "anyOf" || keyword === "oneOf";

/** A choice that is not met comes with the errors of all its branches. Of an object only one is meant: that of objects. */
function isSaidElsewhere(error: ShapeError, choices: ReadonlyMap<string, ShapeError>): boolean {
  const { keyword, instancePath, schemaPath, data } = error;
  if (keyword === "propertyNames") return true;
  const choice = choices.get(instancePath);
  if (choice === undefined) return false;
  if (choice.keyword === "oneOf") return keyword === "required" && schemaPath.includes("/oneOf/");
  const isObject = typeof data === "object" && data !== null && !Array.isArray(data);
  return isObject ? isChoice(keyword) || keyword === "type" || keyword === "enum" : !isChoice(keyword);
}

function findingOf(error: ShapeError, value: unknown): Finding {
  const { propertyName } = error;
  const path = pathOf(error.instancePath, value);
  if (propertyName !== undefined) {
    const what = `${error.parentSchema.title ?? "a name"} was expected, not ${shown(propertyName)}`;
    return { path: [...path, propertyName], at: "key", what, advice: "give it another name" };
  }
  return { path, at: "value", ...(byKeyword[error.keyword] ?? wrongValue)(error, path) };
}

const oneOf = (words: readonly string[]): string =>
  words.length === 1 ? (words[0] as string) : `one of ${words.join(", ")}`;

type InWords = (error: ShapeError, path: JsonPath) => Omit<Finding, "path" | "at"> & Partial<Finding>;

const wrongValue: InWords = ({ parentSchema, data }) => {
  const { title = "another value", enum: words, anyOf = [], examples, default: usual } = parentSchema;
  const expected = words === undefined ? title : oneOf(words.map((word) => shown(word)));
  const example = examples?.[0] ?? usual;
  return {
    what: `${expected} was expected, not ${shown(data)}`,
    advice: example === undefined ? "docs/machine-file.md shows how" : `as ${JSON.stringify(example)}`,
    ...nearOf(data, words ?? anyOf[0]?.enum),
  };
};

const nearOf = (typed: unknown, words: readonly string[] | undefined): Pick<Finding, "near"> =>
  typeof typed === "string" && words !== undefined ? { near: { typed, words } } : {};

const byKeyword: Readonly<Record<string, InWords>> = {
  additionalProperties: ({ params, parentSchema }, path) => {
    const typed = String(params["additionalProperty"]);
    const words = Object.keys(parentSchema.properties ?? {});
    const what = `${oneOf(words)} was expected, not ${shown(typed)}`;
    return { path: [...path, typed], at: "key", what, advice: "take it out", near: { typed, words } };
  },
  required: ({ params, parentSchema }) => {
    const name = String(params["missingProperty"]);
    const title = parentSchema.properties?.[name]?.title ?? "it";
    return { what: `\`${name}\` was expected, and is not there`, advice: `add it: ${title}` };
  },
  oneOf: ({ parentSchema, data }) => {
    const { oneOf: branches = [], properties = {} } = parentSchema;
    const names = branches.flatMap(({ required }) => required);
    const there = names.filter((name) => Object.hasOwn(data as object, name));
    const have = there.length === 0 ? "none is there" : `there are ${wordsOf(there, "and")}`;
    const meanings = names.map((name) => `${quoted(name)} is ${properties[name]?.title ?? "it"}`);
    return { what: `${wordsOf(names, "or")} was expected, and ${have}`, advice: meanings.join(", ") };
  },
  dependentRequired: ({ params }) => {
    const [name, other] = [String(params["missingProperty"]), String(params["property"])];
    return { what: `${quoted(name)} was expected beside ${quoted(other)}`, advice: `add ${quoted(name)}` };
  },
  uniqueItems: ({ params, data }, path) => {
    const [first, second] = [Number(params["i"]), Number(params["j"])].sort((a, b) => a - b);
    const item = shown((data as readonly unknown[])[second as number]);
    const what = `${item} was expected once, and is item ${first} already`;
    return { path: [...path, second as number], what, advice: "take it out" };
  },
  minProperties: ({ parentSchema }) => ({
    what: `${parentSchema.title ?? "something"} were expected, and there are none`,
    advice: "add one",
  }),
  maxProperties: ({ params, data }) => tooMany(params["limit"], Object.keys(data as object).length),
  minItems: ({ parentSchema }) => ({
    what: `${parentSchema.title} was expected, not an empty one`,
    advice: "add one",
  }),
  maxItems: ({ params, data }) => tooMany(params["limit"], (data as readonly unknown[]).length),
};

const quoted = (name: string): string => `\`${name}\``;

/** As "`a`, `b` or `c`". */
function wordsOf(names: readonly string[], last: "and" | "or"): string {
  const words = names.map(quoted);
  const end = words.pop() ?? "";
  return words.length === 0 ? end : `${words.join(", ")} ${last} ${end}`;
}

const tooMany = (limit: unknown, count: number): Omit<Finding, "path" | "at"> => ({
  what: `at most ${String(limit)} were expected, not ${count}`,
  advice: "take some out, or make several machines of it",
});

/** The steps of a JSON pointer: digits are an index where the value there is a list. */
function pathOf(pointer: string, root: unknown): JsonPath {
  let value = root;
  return pointer
    .split("/")
    .slice(1)
    .map((step) => {
      const name = step.replaceAll("~1", "/").replaceAll("~0", "~");
      const key = Array.isArray(value) ? Number(name) : name;
      value = (value as Readonly<Record<string | number, unknown>>)[key];
      return key;
    });
}
