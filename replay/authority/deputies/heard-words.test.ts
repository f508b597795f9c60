import { expect, test } from "@jest/globals";
import { HandsOfCapabilities } from "./hands-of-capabilities.ts";
import { HeardWords } from "./heard-words.ts";
import { kernelCodec } from "../../../reducers/kernel-event.ts";

function heardIn(...pieces: readonly string[]): HeardWords {
  const words = new HeardWords();
  pieces.forEach((piece, seq) => words.hear(Buffer.from(piece), seq));
  return words;
}

const LATER = 1000;

test.each<[readonly string[], string, boolean]>([
  [["write it to billing.txt"], "billing.txt", true],
  [["write it to billing.txt."], "billing.txt", true],
  [["bil", "li", "ng\n"], "billing", true],
  [["billings"], "billing", false],
  [["rebilling"], "billing", false],
  [["dir/billing"], "dir/billing", true],
  [["dir billing"], "other/billing", false],
  [["a b"], "a b", true],
  [["b a"], "a b", false],
  [["für\n"], "für", true],
  [[""], "x", false],
  [["x".repeat(300)], "x".repeat(300), false],
])("after %j, %s is heard: %s", (pieces, name, isHeard) => {
  expect(heardIn(...pieces).heard(name, LATER) >= 0).toBe(isHeard);
});

test("what is heard later was not heard before", () => {
  const words = heardIn("one ", "two ");
  expect([words.heard("one", 1), words.heard("two", 1), words.heard("two", 2)]).toEqual([0, -1, 1]);
});

test("a capability that was handed on came through the hands of whoever did", () => {
  const hands = new HandsOfCapabilities();
  const derived = {
    from: 0,
    to: 0,
    how: "given",
    object: "file",
    target: 0,
    rights: 0,
    inheriting: 0,
  } as const;
  const rest = {
    badge: 0,
    label: "",
    until: 0,
    uses: 0,
    holder: 0,
    weak: false,
    membrane: 0,
    inside: false,
  };
  const granted = { slot: 0, object: "file", target: 0, rights: 0, inheriting: 0, label: "" } as const;
  hands.take(kernelCodec.seal({ type: "capability/granted", ...granted }, 5, 0, -1, 1, -1));
  hands.take(kernelCodec.seal({ type: "capability/derived", by: 5, ...derived, ...rest }, 9, 0, -1, 1, 3));
  expect([hands.cameThrough(9, 1), hands.cameThrough(9, 2), hands.cameThrough(5, 1)]).toEqual([
    true,
    false,
    false,
  ]);
  expect(hands.rootOf(9)).toBe(5);
});
