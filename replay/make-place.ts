import { makeFolder } from "./make-folder.ts";
import { RecordingRefused } from "./recording-refused.ts";
import { asStoreFailed } from "./store-failed.ts";

/** Makes the folder that a recording needs, or refuses the recording. */
export function makePlace(folder: string, recording: string): void {
  const code = makeFolder(folder);
  if (code === null) return;
  const failed = asStoreFailed(recording, { code });
  if (failed instanceof Error) throw failed;
  throw new RecordingRefused(recording, `it cannot be made (${code})`, "give another place");
}
