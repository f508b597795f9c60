import { describe, expect, test } from "@jest/globals";
import { addressOf, MACHINE, space } from "../reducers/capabilities/address.ts";
import type { KernelFact } from "../reducers/kernel-event.ts";
import { type CapabilityStep, formatCapability } from "./format-capability.ts";

const envelope = { seq: 9, at: 0, cause: -1, pid: 2, call: -1 } as const;
const derived = {
  type: "capability/derived",
  by: 4,
  from: addressOf(space.kept, MACHINE, 0),
  to: addressOf(space.process, 2, 7),
  how: "endowed",
  object: "endpoint",
  target: 1,
  rights: 10,
  inheriting: 0,
  badge: 0,
  label: "",
  until: 0,
  uses: 0,
  holder: 0,
  weak: false,
  membrane: 0,
  inside: false,
} as const;

const said = (fact: KernelFact, source = false, path = false): string =>
  formatCapability({ ...fact, ...envelope } as CapabilityStep, { source, path });

describe("what became of a capability", () => {
  test("is told with its rights, and where it went", () => {
    expect(said(derived)).toBe("endowed endpoint 1 from the machine to fd 7: receive, grant_reply");
    expect(said({ ...derived, how: "minted", object: "file", rights: 64 }, true)).toBe(
      "minted file 1 to fd 7: fd_write",
    );
    expect(said({ ...derived, how: "minted", object: "file", rights: 64 }, true, true)).toBe(
      "minted to fd 7: fd_write",
    );
    expect(said({ ...derived, object: "file", rights: 2 ** 30 - 1 }, true)).toBe(
      "endowed file 1 to fd 7: 30 rights",
    );
  });

  test("is told with its terms", () => {
    const terms = { badge: 3, label: "it", until: 5, uses: 2, holder: 3, weak: true, membrane: 6 };
    expect(said({ ...derived, ...terms, rights: 0 }, true)).toBe(
      'endowed endpoint 1 to fd 7: no rights; badge 3; "it"; until 5 us; 2 uses; with its holder; weak; through membrane 6',
    );
  });

  test.each<[string, KernelFact]>([
    [
      "from what goes with the message of 1 to fd 3",
      {
        type: "capability/carried",
        by: 1,
        from: addressOf(space.messages, 1, 1),
        to: addressOf(space.process, 2, 3),
        rights: 1,
        inheriting: 0,
        badge: 0,
      },
    ],
    [
      "revoked: fd 4 of 1, the message, the services of 3, object 8, and more follow",
      {
        type: "capability/removed",
        by: 1,
        why: "revoked",
        root: 0,
        more: true,
        removed: [
          addressOf(space.process, 1, 4),
          addressOf(space.messages, 2, 0),
          addressOf(space.services, 3, 0),
          addressOf(space.kept, 8, 0),
        ].flatMap((address) => [address, 0, 1]),
      },
    ],
    [
      "lapsed: 7 places",
      {
        type: "capability/removed",
        by: 1,
        why: "lapsed",
        root: 0,
        more: false,
        removed: Array.from({ length: 7 }, () => [0, 0, 0]).flat(),
      },
    ],
    [
      'budget 5 "b" in fd 4, of 4096 bytes, 256 bytes of budget 2',
      {
        type: "object/created",
        by: 1,
        to: addressOf(space.process, 2, 4),
        object: "budget",
        target: 5,
        rights: 7,
        budget: 2,
        bytes: 256,
        label: "b",
        detail: 4096,
      },
    ],
    ["process 6, in fd 5", { type: "process/spawned", by: 1, child: 6, to: addressOf(space.process, 2, 5) }],
  ])("%s", (text, fact) => {
    expect(said(fact)).toBe(text);
  });
});
