/** Rights that an event may have needed of any capability of its process, because it does not name the one that it used. */
import { allRightsOf, hasWasiRights } from "../../core/object-rights.ts";
import { right } from "../../core/rights.ts";
import type { Everywhere } from "./use-marks.ts";

const forPolling = { rights: right.fdRead | right.fdWrite | right.pollFdReadwrite, inheriting: 0 };

/** A poll asks of whatever can be read or written. */
export const polled: Everywhere = ({ object, isDirectory }) =>
  hasWasiRights(object) && !isDirectory ? forPolling : null;

const directories =
  (rights: number): Everywhere =>
  ({ isDirectory }) =>
    isDirectory ? { rights, inheriting: 0 } : null;

/** Linking names the directory that the new name is in, not the one of the old. */
export const linkSource = directories(right.pathLinkSource);
/** Renaming names the directory that the old name was in. */
export const renameTarget = directories(right.pathRenameTarget);
export const linkBoth = directories(right.pathLinkSource | right.pathLinkTarget);
export const renameBoth = directories(right.pathRenameSource | right.pathRenameTarget);

/** Of a call that is not known: all. */
export const anything: Everywhere = ({ object, inheriting }) => ({ rights: allRightsOf(object), inheriting });
