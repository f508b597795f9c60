import { namesOfRights, type ObjectKind } from "../../core/object-rights.ts";

/** Names by kind and set: a log has few sets of rights, and says each of them often. */
const known = new Map<string, readonly string[]>();
const MOST_KNOWN = 1024;

/** The names of rights, remembered: `path_create_file`. */
export function specNames(kind: ObjectKind, rights: number): readonly string[] {
  const key = `${kind} ${rights}`;
  const found = known.get(key);
  if (found !== undefined) return found;
  const names = namesOfRights(kind, rights);
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(key, names);
  return names;
}
