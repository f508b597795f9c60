import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { ok } from "../../core/result.ts";
import { judgeMachineFile } from "./judge-machine-file.ts";
import { refusalText } from "./machine-file-problem.ts";

const markdown = readFileSync("docs/machine-file.md", "utf8");
const examples = [...markdown.matchAll(/^```json\n([\s\S]*?)^```\n(?:```\n([\s\S]*?)^```\n)?/gm)];
const host = { file: ok<string>, directory: ok<string> };

/** What `foldos` would say of a file; nothing if it is taken. */
function said(text: string): string {
  const result = judgeMachineFile(new TextEncoder().encode(text), host);
  return result.ok ? "" : `${refusalText("machine.json", result.error)}\n`;
}

describe("docs/machine-file.md", () => {
  test("shows four machines that are taken, and one that is refused", () => {
    expect(examples.map(([, , refusal]) => refusal === undefined)).toEqual([true, true, true, true, false]);
  });

  test("says of each what is said of it", () => {
    for (const [, text = "", refusal = ""] of examples) expect(said(text)).toBe(refusal);
  });

  test("names every property of the schema", () => {
    const schema = JSON.parse(
      readFileSync("machine/machine-file/machine-file.schema.json", "utf8"),
    ) as Schema;
    const names = [schema, ...Object.values(schema.$defs ?? {})].flatMap((each) =>
      Object.keys(each.properties ?? {}),
    );
    expect(names.length).toBeGreaterThan(30);
    expect(
      names.filter((name) => !markdown.includes(`\`${name}\``) && !markdown.includes(`"${name}":`)),
    ).toEqual([]);
  });
});

interface Schema {
  readonly properties?: object;
  readonly $defs?: Readonly<Record<string, Schema>>;
}
