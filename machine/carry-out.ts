import { unreachable } from "../core/assert.ts";
import type { HostWriter } from "../devices/host-directory/host-writer.ts";
import type { ByteSource } from "../guests/wasi/wasi-call.ts";
import type { HostEffect } from "../reducers/effects/effect.ts";

/** Carries out a change of the host's files; fails with the host's error. */
export function carryOut(host: HostWriter, effect: HostEffect, bytes: ByteSource): void {
  switch (effect.kind) {
    case "create-file":
      return host.createFile(effect.path);
    case "create-directory":
      return host.createDirectory(effect.path);
    case "remove-file":
      return host.removeFile(effect.path);
    case "remove-directory":
      return host.removeDirectory(effect.path);
    case "create-symlink":
      return host.createSymlink(effect.path, effect.target);
    case "link":
      return host.link(effect.existing, effect.path);
    case "rename":
      return host.rename(effect.from, effect.path);
    case "write":
      return host.write(effect, bytes);
    case "resize":
      return host.resize(effect.path, effect.size);
    case "set-times":
      return host.setTimes(effect.path, effect.accessed, effect.modified);
    case "sync":
      return host.sync(effect.path);
    default:
      return unreachable(effect);
  }
}
