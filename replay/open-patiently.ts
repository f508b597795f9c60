import { RecordingRefused } from "./recording-refused.ts";

const TRIES = 6;
const BETWEEN_TRIES_MILLIS = 20;

/**
 * Opens a store. LMDB takes the locks that processes share down when the last one closes a store; who opens it in that moment
 * gets EINVAL from it (its issue ITS#10095), and tries again. Any other failure is a store that cannot be opened.
 */
export function openPatiently<Store>(path: string, open: () => Store, tries = TRIES): Store {
  try {
    return open();
  } catch (error) {
    if (error instanceof RecordingRefused) throw error;
    const { message } = error as Error;
    if (tries > 1 && message.includes("Invalid argument")) {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, BETWEEN_TRIES_MILLIS);
      return openPatiently(path, open, tries - 1);
    }
    throw new RecordingRefused(
      path,
      `its store cannot be opened (${message})`,
      "use a copy that was not changed",
    );
  }
}
