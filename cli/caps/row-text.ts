/** Capabilities as the commands of `foldos caps` print them. */
import type { AuthorityView, HeldRow } from "../../replay/authority/authority-view.ts";
import { heldTerms, inheritingNames, termsText } from "../../replay/authority/capability-text.ts";
import { holderText, pidOf, programName } from "../../replay/authority/holder.ts";
import { type Origin, originText } from "../../replay/authority/origin.ts";

/** A name that is one word stays as it is. */
export const quotedName = (name: string): string => (/[\s"\p{Cc}]/u.test(name) ? JSON.stringify(name) : name);

/** `process:1 slot 4 (cat.wasm)`. */
export function whereText(view: AuthorityView, { holder }: HeldRow): string {
  const pid = pidOf(holder);
  const program = pid === null ? "" : programName(view.state, pid);
  return `${holderText(holder)}${program === "" ? "" : ` (${quotedName(program)})`}`;
}

/** What is said of a capability behind its id: badge, label, terms, how it came to be. */
export function traits(
  view: AuthorityView,
  { capability, ref }: HeldRow,
  origin: Origin | null,
): readonly string[] {
  const { badge, label, terms } = capability;
  const others = view.names.otherPathsOf(ref);
  return [
    others.length === 0 ? "" : `inode ${ref.id}, also ${others.join(", ")}`,
    badge === 0 ? "" : `badge ${badge}`,
    label === "" ? "" : `named ${JSON.stringify(label)}`,
    termsText(heldTerms(terms)),
    originText(origin),
  ].filter((text) => text !== "");
}

export const rightsText = (rights: readonly string[]): string =>
  rights.length === 0 ? "no rights" : rights.join(", ");

/** A capability in JSON. */
export function rowJson(view: AuthorityView, row: HeldRow, origin: Origin | null) {
  const { id, parent, badge, label, terms } = row.capability;
  return {
    capability: view.idOf(row),
    id,
    object: view.names.nameOf(row.ref),
    kind: row.capability.object,
    target: row.capability.target,
    inode: row.ref.kind === "file" ? row.ref.id : null,
    otherPaths: view.names.otherPathsOf(row.ref),
    rights: view.rightsOf(row),
    inheriting: inheritingNames(row.capability),
    badge,
    label,
    terms: heldTerms(terms),
    parent: parent < 0 ? null : parent,
    holder: row.holder,
    origin,
  };
}
