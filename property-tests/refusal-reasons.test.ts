/** What the sources say of refusals: a call of the module `foldos` is never refused without a reason, nor for two causes in one word. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "@jest/globals";
import { refusalReasons, refusalSentences } from "../core/refusal-reason.ts";

const sourceOf = (path: string): string =>
  readFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)), "utf8");

/** Deciders of WASI preview 1, which have errnos that say all. */
const ofWasi = new Set(["decision", "descriptor-calls"]);

/** What decides calls of `foldos`, and what that looks things up by. */
const files = [...sourceOf("reducers/decide/decide-foldos.ts").matchAll(/from "\.\/([a-z-]+)\.ts"/g)]
  .map(([, name]) => name as string)
  .filter((name) => !ofWasi.has(name))
  .concat("usable", "give-capabilities", "refuse-spent");

interface Told {
  readonly where: string;
  readonly errno: string;
  readonly reason: string | undefined;
}

/** Every refusal that a source has, with the function that it stands in. */
const told: readonly Told[] = files.flatMap((name) =>
  sourceOf(`reducers/decide/${name}.ts`)
    .split(/^(?=(?:export )?(?:function|const))/m)
    .flatMap((part) => {
      const where = `${name}: ${/^(?:export )?(?:function|const) (\w+)/.exec(part)?.[1]}`;
      const found = part.matchAll(/\brefuse\(\s*([^,)]+?)(?:,\s*"?([\w-]+)[^)]*)?\)/g);
      return [...found].map(([, errno = "", reason]) => ({ where, errno, reason }));
    }),
);

test("every refusal of foldos has a reason", () => {
  expect(told.length).toBeGreaterThan(45);
  expect(told.filter(({ reason }) => reason === undefined)).toEqual([]);
});

test("where an errno has several causes, each has a reason of its own", () => {
  // A missing right is named, whichever it is.
  const causes = told
    .filter(({ reason }) => reason !== "lacks-right")
    .map(({ where, errno, reason }) => `${where} ${errno} ${reason}`);
  expect(causes.filter((cause, index) => causes.indexOf(cause) !== index)).toEqual([]);
});

test("each reason is a short word with a sentence that says what was wrong and what to do", () => {
  for (const reason of refusalReasons) {
    expect(reason).toMatch(/^[a-z]+(?:-[a-z]+){0,3}$/);
    if (reason !== "none") expect(refusalSentences[reason]).toMatch(/^[a-z].{10,}[;:] .{5,}[^.]$/);
  }
  expect(new Set(Object.values(refusalSentences)).size).toBe(refusalReasons.length);
});

/** Those that recordings have. New ones come behind them. */
const places =
  "none no-slot empty-slot taken-back lease-over lease-used-up being-revoked wrong-kind " +
  "lacks-right no-service table-full is-reply counted-lease would-widen unknown-rights " +
  "takes-no-badge already-badged time-past slot-in-use no-such-name no-place empty-place " +
  "place-in-use contents-gone keeps-others other-brand other-membrane membrane-revoked " +
  "original-gone budget-spent message-too-long too-many-given needs-grant cyclic-donation " +
  "queue-full nobody-waits nothing-sent message-taken-back holds-badge no-signal no-line " +
  "already-bound has-one-bound not-in-service no-turns no-budget budget-above-period " +
  "period-too-long no-such-priority above-ceiling not-configured not-bound process-ended " +
  "too-many-processes no-pids-left given-twice waits-for-itself leads-out not-preopened " +
  "ends-with-other unknown-flags ";

test("words keep their places: they are numbers on disk", () => {
  const known = places.trim().split(" ");
  expect(refusalReasons.slice(0, known.length)).toEqual(known);
});
