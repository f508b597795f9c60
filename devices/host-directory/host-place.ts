/**
 * The host's directories as the machine knows them, and nothing beside them. The machine resolves every link itself, so a path
 * that it uses has none in it; if one stands on the way all the same, somebody put it there meanwhile (another program, or the
 * guest itself, which was given the same directory twice), and following it would lead out of what was granted. On Linux the
 * directory is opened first and asked where it is; all else goes through what was opened, so nobody can exchange it in between.
 */
import { closeSync, constants, existsSync, openSync, readlinkSync, realpathSync } from "node:fs";
import { posix } from "node:path";

/** Linux's O_PATH: a place, without the right to read what is there. The same on every architecture that Node runs on. */
const O_PATH = 0o10000000;
const DESCRIPTORS = "/proc/self/fd";
const hasDescriptors = process.platform === "linux" && existsSync(DESCRIPTORS);

/** Carries out something on what has a name in a directory, which is given as a path. What it names is not followed. */
export function atName<Made>(path: string, use: (path: string) => Made): Made {
  const parent = posix.dirname(path);
  return inDirectory(parent, (directory) => use(`${directory}/${posix.basename(path)}`));
}

/** Carries out something on a directory, which is given as a path. */
export function inDirectory<Made>(path: string, use: (path: string) => Made): Made {
  if (!hasDescriptors) {
    if (realpathSync.native(path) !== path) throw elsewhere(path);
    return use(path);
  }
  const file = openSync(path, O_PATH | constants.O_DIRECTORY | constants.O_NOFOLLOW);
  try {
    const place = `${DESCRIPTORS}/${file}`;
    if (readlinkSync(place) !== path) throw elsewhere(path);
    return use(place);
  } finally {
    closeSync(file);
  }
}

const elsewhere = (path: string): Error =>
  Object.assign(new Error(`${path} leads elsewhere: there is a link on the way`), { code: "ELOOP" });
