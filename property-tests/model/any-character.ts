import fc from "fast-check";

const [SURROGATES_FROM, SURROGATES, CODE_POINTS] = [0xd800, 0x800, 0x11_0000];

/** The code point, or NaN of what is no character by itself. */
function numberOf(text: unknown): number {
  const point = typeof text === "string" ? (text.codePointAt(0) ?? Number.NaN) : Number.NaN;
  if (Number.isNaN(point) || String.fromCodePoint(point) !== text) return Number.NaN;
  if (point < SURROGATES_FROM) return point;
  return point < SURROGATES_FROM + SURROGATES ? Number.NaN : point - SURROGATES;
}

/**
 * Any character of Unicode: the unit "binary" of fast-check, which draws the same, but makes a table of all 1,112,064 of them
 * when it is declared. That took a second of every process that has a law of texts.
 */
export const anyCharacter: fc.Arbitrary<string> = fc
  .integer({ min: 0, max: CODE_POINTS - SURROGATES - 1 })
  .map(
    (number) => String.fromCodePoint(number < SURROGATES_FROM ? number : number + SURROGATES),
    (text) => {
      const number = numberOf(text);
      if (Number.isNaN(number)) throw new Error("it is no character");
      return number;
    },
  );
