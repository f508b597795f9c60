/** The TypeScript project that the tour has bundled: path below its folder, and text. */
export const demoProject: Readonly<Record<string, string>> = {
  "src/main.ts": `import { parse } from "./parse";
import { evaluate } from "./evaluate";
import { show } from "./show";

for (const line of ["1 + 2 * 3", "(1 + 2) * 3", "2 * (3 + 4) * 5"]) {
  console.log(show(line, evaluate(parse(line))));
}
`,
  "src/token.ts": `export type Token = { kind: "number"; value: number } | { kind: "symbol"; text: string };

export function* tokens(line: string): Generator<Token> {
  for (const [text] of line.matchAll(/\\d+|[-+*/()]/g)) {
    yield /\\d/.test(text) ? { kind: "number", value: Number(text) } : { kind: "symbol", text };
  }
}
`,
  "src/tree.ts": `export type Tree = number | { operator: string; left: Tree; right: Tree };
`,
  "src/parse.ts": `import { type Token, tokens } from "./token";
import type { Tree } from "./tree";

const strength: Record<string, number> = { "+": 1, "-": 1, "*": 2, "/": 2 };

export function parse(line: string): Tree {
  const ahead: Token[] = [...tokens(line)].reverse();
  const peek = () => ahead[ahead.length - 1];
  function operand(): Tree {
    const token = ahead.pop();
    if (token?.kind === "number") return token.value;
    const inner = expression(0);
    ahead.pop();
    return inner;
  }
  function expression(least: number): Tree {
    let left = operand();
    for (let next = peek(); next?.kind === "symbol" && (strength[next.text] ?? 0) > least; next = peek()) {
      ahead.pop();
      left = { operator: next.text, left, right: expression(strength[next.text]!) };
    }
    return left;
  }
  return expression(0);
}
`,
  "src/evaluate.ts": `import type { Tree } from "./tree";

const operators: Record<string, (left: number, right: number) => number> = {
  "+": (left, right) => left + right,
  "-": (left, right) => left - right,
  "*": (left, right) => left * right,
  "/": (left, right) => left / right,
};

export const evaluate = (tree: Tree): number =>
  typeof tree === "number" ? tree : operators[tree.operator]!(evaluate(tree.left), evaluate(tree.right));
`,
  "src/show.ts": `export const show = (line: string, value: number): string => \`\${line} = \${value}\`;
`,
  "tsconfig.json": `{ "compilerOptions": { "target": "es2022", "strict": true } }
`,
};
