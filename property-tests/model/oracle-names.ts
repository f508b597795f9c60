/** What the oracle does to names: makes, moves and takes them away, or refuses. */
import { addNode, isBelow, type OracleNode, type OraclePlace, removeNode } from "./oracle-tree.ts";

export const isThere = (place: OraclePlace | null): boolean =>
  place !== null && place.node !== null && (!place.asksDirectory || place.node.kind === "directory");

export function make(place: OraclePlace | null, node: OracleNode): boolean {
  if (
    place === null ||
    place.node !== null ||
    place.parent === null ||
    place.parent.isGone ||
    place.endsInDot
  )
    return false;
  addNode(place.parent, place.name, node);
  return true;
}

export function removeDirectory(place: OraclePlace | null): boolean {
  if (
    place?.node?.kind !== "directory" ||
    place.parent === null ||
    place.endsInDot ||
    place.node.names.size > 0
  )
    return false;
  removeNode(place.parent, place.name);
  return true;
}

export function unlink(place: OraclePlace | null): boolean {
  if (
    place === null ||
    place.node === null ||
    place.parent === null ||
    place.node.kind === "directory" ||
    place.asksDirectory
  )
    return false;
  removeNode(place.parent, place.name);
  return true;
}

export function link(from: OraclePlace, to: OraclePlace): boolean {
  if (from.node === null || from.node.kind === "directory" || from.asksDirectory) return false;
  if (to.node !== null || to.parent === null || to.parent.isGone || to.asksDirectory) return false;
  if (to.parent.root !== from.node.root) return false;
  addNode(to.parent, to.name, from.node);
  return true;
}

export function rename(from: OraclePlace, to: OraclePlace): boolean {
  if (from.node === null || from.parent === null || to.parent === null || from.endsInDot || to.endsInDot)
    return false;
  const isDirectory = from.node.kind === "directory";
  if (!isDirectory && (from.asksDirectory || to.asksDirectory)) return false;
  if (from.parent.root !== to.parent.root) return false;
  if (from.node === to.node) return true;
  if (isDirectory && isBelow(to.parent, from.node)) return false;
  if (to.node === null && to.parent.isGone) return false;
  if (to.node !== null) {
    if ((to.node.kind === "directory") !== isDirectory || to.node.names.size > 0) return false;
    removeNode(to.parent, to.name);
  }
  const { node } = from;
  removeNode(from.parent, from.name);
  addNode(to.parent, to.name, node);
  node.isGone = false;
  return true;
}
