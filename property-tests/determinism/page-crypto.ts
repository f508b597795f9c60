/** What stands for `node:crypto` in the page: as much of it as replay/hash.ts asks for. */
import { plainSha256 } from "./sha-256.ts";

export function createHash(_algorithm: "sha256"): { update(part: Uint8Array): void; digest(): Uint8Array } {
  const parts: Uint8Array[] = [];
  return {
    update: (part) => {
      parts.push(part);
    },
    digest: () => {
      const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
      let at = 0;
      for (const part of parts) {
        whole.set(part, at);
        at += part.length;
      }
      return plainSha256(whole);
    },
  };
}
