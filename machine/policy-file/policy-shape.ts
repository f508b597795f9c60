/** The parts of a policy file, each judged by itself: what is not as it should be is noted with its place. */
import { spellRight } from "../../core/spell-right.ts";
import { kernelEvents } from "../../reducers/kernel-event.ts";
import {
  type HoldPattern,
  type ObjectPattern,
  parseObjectPattern,
  rightNames,
  type UsePattern,
} from "../../replay/authority/policy.ts";
import { type JsonPath, shown } from "../machine-file/json-path.ts";
import type { Finding } from "../machine-file/machine-file-problem.ts";

type Fields = Readonly<Record<string, unknown>>;

const MAX_LIST = 1_000;
const MAX_COUNT = 2 ** 31 - 1;
/** Properties that were looked for and are not there are told once. */
const eventTypes = Object.keys(kernelEvents);

export class PolicyShape {
  readonly #findings: Finding[];

  constructor(findings: Finding[]) {
    this.#findings = findings;
  }

  /** Something else was expected at a place. */
  wrong(path: JsonPath, what: string, found: unknown, advice: string): void {
    this.#findings.push({ path, at: "value", what: `${what}, not ${shown(found)}`, advice });
  }

  /** An object with no other properties than these. */
  record(value: unknown, path: JsonPath, known: readonly string[], who = "there are"): Fields | null {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      if (value !== undefined)
        this.wrong(path, "an object was expected", value, "docs/policies.md shows one");
      return null;
    }
    for (const name of Object.keys(value)) {
      if (known.includes(name)) continue;
      const what = `${who} ${known.join(", ")}, not ${shown(name)}`;
      const near = { typed: name, words: known };
      this.#findings.push({ path: [...path, name], at: "key", what, advice: "take it out", near });
    }
    return value as Fields;
  }

  required(fields: Fields, path: JsonPath, names: readonly string[]): void {
    for (const name of names)
      if (!Object.hasOwn(fields, name))
        this.#findings.push({
          path,
          at: "value",
          what: `\`${name}\` was expected`,
          advice: "docs/policies.md says what it is",
        });
  }

  text(value: unknown, path: JsonPath): string | null {
    if (typeof value === "string" && value !== "") return value;
    if (value !== undefined) this.wrong(path, "a text was expected", value, "write it in double quotes");
    return null;
  }

  list(
    value: unknown,
    path: JsonPath,
    { least, most }: { readonly least: number; readonly most: number },
  ): readonly unknown[] | null {
    if (!Array.isArray(value)) {
      if (value !== undefined) this.wrong(path, "a list was expected", value, "write it in [ ]");
      return null;
    }
    if (value.length >= least && value.length <= most) return value as readonly unknown[];
    this.#findings.push({
      path,
      at: "value",
      what: `a list of ${least} to ${most} was expected, not of ${value.length}`,
      advice: "add or remove some",
    });
    return null;
  }

  texts(value: unknown, path: JsonPath, least = 0): readonly string[] {
    const list = this.list(value, path, { least, most: MAX_LIST }) ?? [];
    return list.flatMap((each, index) => this.text(each, [...path, index]) ?? []);
  }

  oneOf<const Word extends string>(value: unknown, path: JsonPath, words: readonly Word[]): Word | null {
    const found = words.find((word) => word === value);
    if (found !== undefined || value === undefined) return found ?? null;
    const near = typeof value === "string" ? { near: { typed: value, words } } : {};
    const what = `one of ${words.join(", ")} was expected, not ${shown(value)}`;
    this.#findings.push({
      path,
      at: "value",
      what,
      advice: "docs/policies.md says what each means",
      ...near,
    });
    return null;
  }

  count(value: unknown, path: JsonPath): number {
    if (typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= MAX_COUNT)
      return value + 0;
    if (value !== undefined) this.wrong(path, "a whole number from 0 on was expected", value, "as 2");
    return 0;
  }

  held(value: unknown, path: JsonPath): HoldPattern | null {
    const fields = this.record(value, path, ["object", "rights"]);
    if (fields === null) return null;
    this.required(fields, path, ["object"]);
    const object = this.#object(fields["object"], [...path, "object"]);
    const rights = "rights" in fields ? this.#rights(fields["rights"], [...path, "rights"]) : [];
    return object === null ? null : { object, rights };
  }

  used(value: unknown, path: JsonPath): UsePattern | null {
    const fields = this.record(value, path, ["object", "rights", "events"]);
    if (fields === null) return null;
    const object = "object" in fields ? this.#object(fields["object"], [...path, "object"]) : null;
    const rights = "rights" in fields ? this.#rights(fields["rights"], [...path, "rights"]) : [];
    const events = "events" in fields ? this.#events(fields["events"], [...path, "events"]) : [];
    if (Object.keys(fields).length === 0)
      this.#findings.push({
        path,
        at: "value",
        what: "`object`, `rights` or `events` was expected",
        advice: "say what is forbidden",
      });
    return { object, rights, events };
  }

  #object(value: unknown, path: JsonPath): ObjectPattern | null {
    const word = this.text(value, path);
    if (word === null) return null;
    const pattern = parseObjectPattern(word);
    if (pattern.ok) return pattern.value;
    const [what, advice] = pattern.error.split(/; (?=\S)/);
    this.#findings.push({
      path,
      at: "value",
      what: what ?? "",
      advice: advice ?? "docs/policies.md lists them",
    });
    return null;
  }

  /** Rights in their one spelling, in whichever they were written. */
  #rights(value: unknown, path: JsonPath): readonly string[] {
    return this.texts(value, path, 1).flatMap((word, index) => {
      const right = spellRight(word);
      if (rightNames.includes(right)) return [right];
      const near = { typed: right, words: rightNames };
      const what = `the name of a right was expected, not ${shown(word)}`;
      this.#findings.push({
        path: [...path, index],
        at: "value",
        what,
        advice: "docs/policies.md lists them",
        near,
      });
      return [];
    });
  }

  /** Types of events, or how some begin: `file/`. */
  #events(value: unknown, path: JsonPath): readonly string[] {
    return this.texts(value, path, 1).flatMap((word, index) => {
      if (eventTypes.some((type) => type.startsWith(word))) return [word];
      const near = { typed: word, words: eventTypes };
      const what = `a type of event, or how some begin, was expected, not ${shown(word)}`;
      this.#findings.push({
        path: [...path, index],
        at: "value",
        what,
        advice: "as file/read or file/",
        near,
      });
      return [];
    });
  }
}
