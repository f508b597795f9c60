/** The questions of `foldos caps` about one moment, by their names: the same at the prompt of `foldos step` as for a command. */
import type { Question } from "./caps-words.ts";
import { askCould } from "./could.ts";
import { askList } from "./list.ts";
import { askTree } from "./tree.ts";
import { askWho } from "./who.ts";
import { askWhy } from "./why.ts";

export const questions: Readonly<Record<string, Question>> = {
  who: askWho,
  list: askList,
  tree: askTree,
  why: askWhy,
  could: askCould,
};
