import { homedir } from "node:os";
import { isAbsolute, join, resolve } from "node:path";

/**
 * Where this user's cache is: FOLDOS_CACHE, else `foldos` in XDG_CACHE_HOME or in ~/.cache. Null where FOLDOS_CACHE is
 * empty, which turns the cache off, and for users without a home. A relative XDG_CACHE_HOME counts for none (XDG Base
 * Directory Specification, "Basics").
 */
export function userCacheFolder(
  environment: NodeJS.ProcessEnv = process.env,
  homeOf: () => string = homedir,
): string | null {
  const { FOLDOS_CACHE: own, XDG_CACHE_HOME: shared } = environment;
  if (own !== undefined) return own === "" ? null : resolve(own);
  if (shared !== undefined && isAbsolute(shared)) return join(shared, "foldos");
  try {
    const home = homeOf();
    return isAbsolute(home) ? join(home, ".cache", "foldos") : null;
  } catch {
    // The host knows no home for this user.
    return null;
  }
}
