import { expect, test } from "@jest/globals";
import { nearestWord } from "./nearest-word.ts";

const words = ["run", "resume", "replay", "log", "show", "cat", "diff", "info", "step", "export", "import"];

test.each([
  ["runn", "run"],
  ["rpelay", "replay"],
  ["LOG", "log"],
  ["exprot", "export"],
  ["stp", "step"],
  ["nonsense", null],
  ["x", null],
  ["", null],
  ["hello.wasm", null],
])("of %j %j was probably meant", (typed, meant) => {
  expect(nearestWord(typed, words)).toBe(meant);
});

test("the case of letters is no difference", () => {
  expect(nearestWord("MAYCYLCE", ["mode", "mayCycle"])).toBe("mayCycle");
});
