import { expect, test } from "@jest/globals";
import { refusalText } from "../machine-file/machine-file-problem.ts";
import { judgePolicy, MAX_RULES } from "./judge-policy.ts";

const judged = (text: string): string => {
  const policy = judgePolicy(Buffer.from(text));
  return policy.ok ? "ok" : refusalText("p.json", policy.error);
};
const rule = (fields: string): string => `{ "version": 1, "rules": [{ "name": "a", ${fields} }] }`;
const held = '"held": { "object": "*" }';

test("a policy is what its file says", () => {
  const text = rule(
    '"rule": "never-after", "held": { "object": "endpoint:*", "rights": ["send"] }, "then": { "object": "under:/secrets", "events": ["file/"] }',
  );
  const policy = judgePolicy(Buffer.from(text));
  expect(policy.ok && policy.value.rules).toEqual([
    {
      name: "a",
      rule: "never-after",
      processes: [],
      held: { object: { kind: "endpoint", id: null, path: null, isBelow: false }, rights: ["send"] },
      use: {
        object: { kind: "file", id: null, path: "secrets", isBelow: true },
        rights: [],
        events: ["file/"],
      },
    },
  ]);
  expect(judged(rule(`"rule": "at-most", "count": 2, ${held}`))).toBe("ok");
  expect(judged(rule(`"rule": "only", "processes": ["a"], ${held}, "description": "why"`))).toBe("ok");
});

test.each(["fdWrite", "fd_write"])("%s is a right in its one spelling", (right) => {
  const policy = judgePolicy(
    Buffer.from(rule(`"rule": "never-holds", "held": { "object": "*", "rights": ["${right}"] }`)),
  );
  expect(policy.ok && policy.value.rules[0]?.held.rights).toEqual(["fd_write"]);
});

test.each([
  ["", "a value was expected"],
  ["[]", "p.json:1:1: $: an object was expected, not a list"],
  ['{ "version": 1 }', "`rules` was expected"],
  ['{ "version": 2, "rules": [] }', "version: 1 was expected, not 2"],
  ['{ "version": 1, "rules": [] }', `rules: a list of 1 to ${MAX_RULES} was expected, not of 0`],
  [
    '{ "version": 1, "rulez": [] }',
    'p.json:1:17: rulez: there are $schema, version, description, rules, not "rulez"; was `rules` meant?',
  ],
  ['{ "version": 1, "version": 1, "rules": [1] }', '"version" was expected once'],
  ['{ "version": 1, "rules": [4] }', "rules[0]: an object was expected, not 4"],
  ['{ "version": 1, /* */ "rules": [] }', "no comment was expected"],
  [rule(`"rule": "never-hold", ${held}`), "was `never-holds` meant?"],
  [rule('"rule": "never-holds"'), "`held` was expected"],
  [rule(`"rule": "never-after", ${held}`), "`then` was expected"],
  [rule(`"rule": "never-after", ${held}, "then": {}`), "`object`, `rights` or `events` was expected"],
  [rule(`"rule": "at-most", ${held}`), "`count` was expected"],
  [
    rule(`"rule": "at-most", ${held}, "count": -1`),
    "rules[0].count: a whole number from 0 on was expected, not -1",
  ],
  [
    rule(`"rule": "at-most", ${held}, "count": 1, "then": {}`),
    'at-most has name, rule, description, count, held, not "then"',
  ],
  [rule(`"rule": "only", ${held}`), "`processes` was expected"],
  [rule(`"rule": "only", "processes": [], ${held}`), "a list of 1 to 1000 was expected, not of 0"],
  [rule('"rule": "never-holds", "held": { "object": "endpont:3" }'), "was `endpoint` meant?"],
  [rule('"rule": "never-holds", "held": { "object": "*", "rights": ["fd_raed"] }'), "was `fd_read` meant?"],
  [rule(`"rule": "never-after", ${held}, "then": { "events": ["file/raed"] }`), "was `file/read` meant?"],
  [rule(`"rule": "never-after", ${held}, "then": { "rights": "fd_read" }`), "a list was expected"],
  [
    `{ "version": 1, "rules": [${`{ "name": "a", "rule": "never-holds", ${held} },`.repeat(2).slice(0, -1)}] }`,
    "a name of its own was expected",
  ],
  [`{ "version": 1, "rules": ${"[".repeat(40)}${"]".repeat(40)} }`, "at most 32 levels were expected"],
])("%s is refused: %s", (text, why) => expect(judged(text)).toContain(why));

test("a file that is too large, or no text, is refused", () => {
  expect(judged(" ".repeat(2 ** 20 + 1))).toContain("a file of at most 1048576 bytes was expected");
  const policy = judgePolicy(new Uint8Array([0xff, 0xfe, 0]));
  expect(policy.ok ? "" : refusalText("p", policy.error)).toContain("UTF-8 was expected");
});
