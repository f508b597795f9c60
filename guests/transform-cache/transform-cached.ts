/**
 * A cache of transformed modules on disk: esbuild takes 12 s to transform, and a tenth of one to load.
 *
 *     entry-key      what decides the output, as a SHA-256: the entry's name
 *     entry-format   one file: header with the key, fast module, slow module, layout, a SHA-256 of it all
 *     load-entry     all of it is verified, or it is removed
 *     store-entry    written beside, renamed
 *     evict-entries  the least recently used goes first
 *
 * It changes nothing but how long it takes. The output of the transform is a function of the key; refusals are not kept;
 * and what cannot be read or written (a full disk, no home, a read-only file system) is transformed in memory.
 *
 * Several processes may use a folder at once, without locks: an entry appears whole, by a rename; two that make the same
 * one write the same bytes; one that is evicted while it is read stays readable.
 *
 * What is loaded is code, and a hash without a secret proves nothing about who wrote it. So a folder or an entry that
 * belongs to another user, or that others may write, is not used: see isPrivateFolder.
 */
import { join } from "node:path";
import type { Result } from "../../core/result.ts";
import type { ModuleRefusal } from "../module/module-refusal.ts";
import {
  transformModule,
  type TransformedModule,
  type TransformOptions,
} from "../transform/transform-module.ts";
import { entryKey } from "./entry-key.ts";
import { entryName } from "./entry-name.ts";
import { evictEntries } from "./evict-entries.ts";
import { type EntryPlace, loadEntry } from "./load-entry.ts";
import { isPrivateFolder, makePrivateFolder } from "./private-folder.ts";
import { storeEntry } from "./store-entry.ts";
import { unlessRefused } from "./unless-refused.ts";

export interface ModuleCache {
  /** Made when it is needed; null for none: see userCacheFolder. */
  readonly folder: string | null;
  /** What all entries may take together. While entries are added, it is that and one for each process that adds. */
  readonly maxBytes?: number;
}

/** Fourteen of the size of esbuild's. */
const DEFAULT_MAX_BYTES = 1 << 30;

/** What transformModule gives, from the cache if it is there, and kept in it if not. */
export function transformCached(
  bytes: Uint8Array,
  options: TransformOptions,
  { folder, maxBytes = DEFAULT_MAX_BYTES }: ModuleCache,
): Result<TransformedModule, ModuleRefusal> {
  const key = folder === null ? null : entryKey(bytes, options);
  if (folder === null || key === null) return transformModule(bytes, options);
  const place: EntryPlace = { path: join(folder, entryName(key)), key, maxBytes };
  const kept = isPrivateFolder(folder) ? loadEntry(place) : null;
  if (kept !== null) return { ok: true, value: kept };
  const result = transformModule(bytes, options);
  if (result.ok) keep(folder, place, result.value);
  return result;
}

function keep(folder: string, place: EntryPlace, module: TransformedModule): void {
  makePrivateFolder(folder);
  if (!isPrivateFolder(folder)) return;
  unlessRefused(() => storeEntry(place, module));
  evictEntries(folder, place.maxBytes);
}
