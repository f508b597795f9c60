/** Paths: few names so that they meet, ways up, links, slashes at the end, and what no path should be. */
import fc from "fast-check";

/** One of several, drawn so often. */
export type Weighted<Value> = { readonly weight: number; readonly arbitrary: fc.Arbitrary<Value> };

export const weighted = <Value>(weight: number, arbitrary: fc.Arbitrary<Value>): Weighted<Value> => ({
  weight,
  arbitrary,
});

const name = fc.constantFrom("a", "a", "b", "b", "c", "c", "link", "é");
const part = fc.oneof(weighted(16, name), weighted(2, fc.constant("..")), weighted(1, fc.constant(".")));

/** Where the usual beginnings put something, or might have. */
export const usualPath = fc.constantFrom("a", "b", "c", "b/a", "b/c", "b/b", "link", "link/a");

/** One to four parts, at times with a slash before or behind. */
export const path: fc.Arbitrary<string> = fc.oneof(
  weighted(20, usualPath),
  weighted(20, name),
  weighted(
    7,
    fc.tuple(name, name).map((parts) => parts.join("/")),
  ),
  weighted(
    4,
    fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join("/")),
  ),
  weighted(
    2,
    fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => `${parts.join("/")}/`),
  ),
  weighted(1, fc.constantFrom("", "/", "/a", ".", "..", "a//b", "a/.", "./a", "b/..", "\0", "x".repeat(256))),
);

/** What links point to: names, ways up, each other and themselves. */
export const target = fc.oneof(weighted(9, path), weighted(1, fc.constantFrom("link", "../link", "b/link")));
