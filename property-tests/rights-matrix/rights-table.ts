/** The rights matrix of WASI preview 1: each of its 46 calls, in each form that needs rights of its own. */
import { descriptorRows } from "./descriptor-rows.ts";
import { otherRows } from "./other-rows.ts";
import { pathRows } from "./path-rows.ts";
import type { RightsRow } from "./rights-row.ts";

export const rightsTable: readonly RightsRow[] = [...descriptorRows, ...pathRows, ...otherRows];
