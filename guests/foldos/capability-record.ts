import { invariant } from "../../core/assert.ts";
import { objectKinds } from "../../core/object-rights.ts";
import { capabilityIn } from "../../reducers/capabilities/capability-selectors.ts";
import type { GuestMemory } from "../guest-memory.ts";
import type { Answer } from "../wasi/wasi-call.ts";

/** `foldos_capability`: kind, flags, 16 bits of nothing, badge, rights, inheriting. */
export const CAPABILITY_BYTES = 24;

const flag = { weak: 1, leased: 2, wrapped: 4, dependent: 8 } as const;

/** What a capability is held on, as far as a guest is told. */
interface Terms {
  /** Kernel time; 0: for ever. */
  readonly until: number;
  /** How often it may be used; 0: as often as one likes. */
  readonly uses: number;
  /** The id of what it ends with; 0: of nothing. */
  readonly holder: number;
  readonly isWeak: boolean;
  /** The membrane that it passed; 0: none. */
  readonly membrane: number;
}

/** What a guest is told of a capability that it holds. */
export function writeCapability(memory: GuestMemory, at: number, { state, pid }: Answer, slot: number): void {
  const capability = capabilityIn(state.capabilities, pid, slot);
  invariant(capability !== null, "what was examined is held");
  memory.bytes.fill(0, at, at + CAPABILITY_BYTES);
  memory.bytes[at] = objectKinds.indexOf(capability.object);
  memory.bytes[at + 1] = flagsOf(termsOf(capability));
  memory.setU32(at + 4, capability.badge);
  memory.setU64(at + 8, capability.rights);
  memory.setU64(at + 16, capability.inheriting);
}

const termsOf = (capability: object): Terms | null =>
  "terms" in capability ? (capability.terms as Terms | null) : null;

const flagsOf = (terms: Terms | null): number =>
  terms === null
    ? 0
    : (terms.isWeak ? flag.weak : 0) |
      (terms.until > 0 || terms.uses > 0 ? flag.leased : 0) |
      (terms.membrane > 0 ? flag.wrapped : 0) |
      (terms.holder !== 0 ? flag.dependent : 0);
