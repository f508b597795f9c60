/** How a store says by which version of Foldos it is to be read. */
export const STORE_VERSION = 1;

export const formatOf = (version: number): Buffer => Buffer.from(JSON.stringify({ version }));

export function versionOf(format: Buffer): number | null {
  try {
    const parsed = JSON.parse(format.toString("utf8")) as { readonly version?: unknown };
    return typeof parsed.version === "number" ? parsed.version : null;
  } catch {
    return null;
  }
}
