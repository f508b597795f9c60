/** How a store says by which version of Foldos it is to be read. */
export const STORE_VERSION = 4;

/** What to do with a recording of another version than this Foldos reads. */
export const otherVersionAdvice = (version: number, known: number): string =>
  version > known
    ? "use the Foldos that made it, or a newer one"
    : "use the Foldos that made it, or record the program again";

export const formatOf = (version: number): Buffer => Buffer.from(JSON.stringify({ version }));

export function versionOf(format: Buffer): number | null {
  try {
    const parsed = JSON.parse(format.toString("utf8")) as { readonly version?: unknown };
    return typeof parsed.version === "number" ? parsed.version : null;
  } catch {
    return null;
  }
}
