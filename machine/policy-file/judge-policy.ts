/**
 * Judges the bytes of a policy file (docs/policies.md), as a machine file is judged: bytes to text, text to JSON, JSON to rules. All that
 * is wrong is told, with its place.
 */
import { fail, ok, type Result } from "../../core/result.ts";
import { type Policy, type PolicyRule, ruleKinds } from "../../replay/authority/policy.ts";
import { decodeText, type TextFault } from "../machine-file/decode-text.ts";
import { judgeTexts } from "../machine-file/judge-texts.ts";
import { Locator } from "../machine-file/locate.ts";
import type { Finding, MachineFileRefusal } from "../machine-file/machine-file-problem.ts";
import { type Json, readJson } from "../machine-file/read-json.ts";
import { placed, report } from "../machine-file/report.ts";
import { PolicyShape } from "./policy-shape.ts";

/** Each rule looks at each event: so many cost no more than folding does, ten times over. */
export const MAX_RULES = 100;

export function judgePolicy(bytes: Uint8Array): Result<Policy, MachineFileRefusal> {
  const text = decodeText(bytes);
  if (!text.ok) return refuseText(text.error);
  const json = readJson(text.value);
  return json.ok ? judgeJson(json.value) : refuseText(json.error);
}

const refuseText = ({ text, ...fault }: TextFault): Result<never, MachineFileRefusal> =>
  fail(report(text, [{ path: [], ...fault }]));

function judgeJson({ text, value, root }: Json): Result<Policy, MachineFileRefusal> {
  const findings: Finding[] = [];
  const rules = rulesOf(new PolicyShape(findings), value);
  const wrong = [...judgeTexts(root), ...placed(new Locator(root), findings)];
  return wrong.length > 0 ? fail(report(text, wrong)) : ok({ rules });
}

function rulesOf(shape: PolicyShape, value: unknown): readonly PolicyRule[] {
  const file = shape.record(value, [], ["$schema", "version", "description", "rules"]);
  if (file === null) return [];
  shape.required(file, [], ["version", "rules"]);
  if ("version" in file && file["version"] !== 1)
    shape.wrong(["version"], "1 was expected", file["version"], "this Foldos knows version 1");
  if ("description" in file) shape.text(file["description"], ["description"]);
  if (!("rules" in file)) return [];
  const rules = shape.list(file["rules"], ["rules"], { least: 1, most: MAX_RULES }) ?? [];
  const names = new Map<string, number>();
  return rules.flatMap((each, index) => {
    const rule = ruleOf(shape, each, index);
    if (rule === null) return [];
    const first = names.get(rule.name);
    if (first !== undefined)
      shape.wrong(
        ["rules", index, "name"],
        "a name of its own was expected",
        rule.name,
        `rules[${first}] has it, too`,
      );
    names.set(rule.name, index);
    return [rule];
  });
}

const of: Readonly<Record<PolicyRule["rule"], readonly string[]>> = {
  "never-after": ["held", "then"],
  "never-holds": ["held"],
  only: ["processes", "held"],
  "at-most": ["count", "held"],
};
const common = ["name", "rule", "description"];
const mayName: ReadonlySet<string> = new Set(["never-after", "never-holds"]);

function ruleOf(shape: PolicyShape, value: unknown, index: number): PolicyRule | null {
  const path = ["rules", index];
  const rule = shape.record(value, path, [...common, "processes", "held", "then", "count"]);
  if (rule === null) return null;
  const kind = shape.oneOf(rule["rule"], [...path, "rule"], ruleKinds);
  if (kind === null) return null;
  const needs = ["name", "rule", ...of[kind]];
  shape.required(rule, path, needs);
  const known = [...common, ...of[kind], ...(mayName.has(kind) ? ["processes"] : [])];
  shape.record(rule, path, known, `${kind} has`);
  const name = shape.text(rule["name"], [...path, "name"]) ?? `rules[${index}]`;
  const processes =
    "processes" in rule
      ? shape.texts(rule["processes"], [...path, "processes"], kind === "only" ? 1 : 0)
      : [];
  const held = shape.held(rule["held"], [...path, "held"]);
  if (held === null) return null;
  if (kind === "never-after") {
    const use = shape.used(rule["then"], [...path, "then"]);
    return use === null ? null : { name, rule: kind, processes, held, use };
  }
  if (kind !== "at-most") return { name, rule: kind, processes, held };
  return { name, rule: kind, count: shape.count(rule["count"], [...path, "count"]), held };
}
