/** How many letters of a word may be wrong, missing or too many. */
const MOST_EDITS = 2;

/** The word that was probably meant, in whatever case; null if none is near. */
export function nearestWord(typed: string, words: readonly string[]): string | null {
  let nearest: string | null = null;
  let least = Math.min(MOST_EDITS, Math.floor(typed.length / 2));
  for (const word of words) {
    const edits = editsBetween(typed.toLowerCase(), word.toLowerCase());
    if (edits > least || (edits === least && nearest !== null)) continue;
    nearest = word;
    least = edits;
  }
  return nearest;
}

/** Levenshtein's distance. */
function editsBetween(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (const [index, letter] of left.split("").entries()) {
    const next = [index + 1];
    for (let at = 0; at < right.length; at += 1) {
      const changed = (row[at] as number) + Number(letter !== right[at]);
      next.push(Math.min(changed, (row[at + 1] as number) + 1, (next[at] as number) + 1));
    }
    row = next;
  }
  return row[right.length] as number;
}
