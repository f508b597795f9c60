/** Names of the cache's own files: no other file of a folder is ever removed. */
import { randomBytes } from "node:crypto";

const ENTRY = /^[0-9a-f]{64}\.module$/;
const TEMPORARY = /^[0-9a-f]{64}\.[0-9a-f]{16}\.temporary$/;

export const entryName = (key: Uint8Array): string => `${Buffer.from(key).toString("hex")}.module`;

/** The name of an entry that is being written. No two are equal, in any process. */
export const temporaryName = (key: Uint8Array): string =>
  `${Buffer.from(key).toString("hex")}.${randomBytes(8).toString("hex")}.temporary`;

export const isEntryName = (name: string): boolean => ENTRY.test(name);
export const isTemporaryName = (name: string): boolean => TEMPORARY.test(name);
