/** Bytes of a file, from `start` up to and without `end`. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** What is known of a module that may run here. */
export interface JudgedModule {
  /** In pages of 64 KiB. */
  readonly memory: { readonly minPages: number; readonly maxPages: number | null };
  /** Imported ones included: they have the first numbers. */
  readonly functionCount: number;
  /** The functions that it imports, by function number; one may come twice. */
  readonly importNames: readonly string[];
  /** Whether it imports of the module `foldos`: it may have to wait for others, so it can only run where it can be suspended. */
  readonly usesFoldos: boolean;
  /** The number of the function that `_start` names. */
  readonly entryFunction: number;
  /** The number of the function that runs before it (the start section), which few modules have. */
  readonly startFunction: number | null;
  readonly hasNames: boolean;
  /** The memory section with its head, for limitMemory. */
  readonly memorySection: ByteRange;
  /** The function bodies with their count, without the section's head; null where there are none. */
  readonly codeSection: ByteRange | null;
}
