/** Does what the host may refuse; null if it does (a full disk, a name that is gone). A bug of ours is thrown on. */
export function unlessRefused<Value>(work: () => Value): Value | null {
  try {
    return work();
  } catch (error) {
    if (typeof (error as NodeJS.ErrnoException).code === "string") return null;
    throw error;
  }
}
