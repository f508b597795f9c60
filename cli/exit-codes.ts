/** What `foldos` exits with; `run` and `resume` exit with the guest's own code. */
export const exitCode = {
  done: 0,
  failed: 1,
  usage: 2,
  divergence: 3,
  bug: 4,
} as const;
