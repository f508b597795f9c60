import { describe, expect, test } from "@jest/globals";
import type { Refusal } from "../replay/authority/explain-refusal.ts";
import { formatRefusal, refusalSentence } from "./format-refusal.ts";

const directory = (path: string) => ({ kind: "directory", name: path, path }) as const;
const refusal: Refusal = {
  errno: "ENOTCAPABLE",
  reason: "lacks-right",
  call: "path_open",
  object: directory("/in"),
  missing: ["path_create_file"],
  notHandedOn: [],
  heldThrough: { slot: 3, rights: ["path_open"] },
  service: null,
  nearest: { slot: 4, object: directory("/out"), why: "has it elsewhere", has: ["path_create_file"] },
};
const nearest = (why: NonNullable<Refusal["nearest"]>["why"]) =>
  ({ slot: 4, object: directory("/out"), why, has: ["path_create_file"] }) as const;

test("a refusal is a sentence", () => {
  expect(refusalSentence(refusal)).toBe(
    'refused: path_open needs path_create_file on "/in" (fd 3 lacks it); nearest: fd 4 "/out" has it',
  );
});

describe("what is missing", () => {
  test("is listed", () => {
    const several = { ...refusal, missing: ["path_open", "path_create_file", "path_filestat_set_size"] };
    expect(formatRefusal({ ...several, nearest: null })).toBe(
      'needs path_open, path_create_file and path_filestat_set_size on "/in" (fd 3 lacks them)',
    );
  });

  test("stands behind the sentence of another reason", () => {
    const endpoint = { kind: "endpoint", name: "endpoint 2", path: null } as const;
    const ungranted = { ...refusal, reason: "needs-grant", object: endpoint, missing: ["grant"] } as const;
    expect(formatRefusal({ ...ungranted, nearest: null })).toBe(
      "capabilities go with a message only by the right grant; send it without them, or ask for grant; " +
        "needs grant on endpoint 2 (fd 3 lacks it)",
    );
  });

  test("is told apart from what is not handed on", () => {
    const both = { ...refusal, missing: ["fd_write", "path_open"], notHandedOn: ["fd_write"], nearest: null };
    expect(formatRefusal(both)).toBe(
      'needs path_open on "/in" (fd 3 lacks it), and fd_write from "/in" (fd 3 does not hand it on)',
    );
  });

  test("is nothing, or a service: then the sentence of the reason stands there", () => {
    const none = { ...refusal, errno: "EBADF", call: "fd_read", missing: [], nearest: null } as const;
    const input = { kind: "console", name: "standard input", path: null } as const;
    const kind = "the call is not for an object of this kind; name one that it is for";
    const wrongKind = { ...none, reason: "wrong-kind" } as const;
    expect([formatRefusal(wrongKind), refusalSentence(wrongKind)]).toEqual([
      kind,
      `refused: fd_read through fd 3 "/in": EBADF, ${kind}`,
    ]);
    expect(formatRefusal({ ...wrongKind, object: input })).toBe(`${kind} (fd 3 is standard input)`);
    expect(refusalSentence({ ...none, reason: "empty-slot", object: null })).toBe(
      "refused: fd_read through fd 3: EBADF, no such descriptor; use one that was given and is not closed",
    );
    const withheld = {
      ...none,
      reason: "no-service" as const,
      call: "random_get",
      object: null,
      heldThrough: null,
      service: "random numbers",
    };
    expect(refusalSentence({ ...withheld, errno: "ENOTCAPABLE" })).toBe(
      "refused: random_get: ENOTCAPABLE, needs random numbers, which the process was not granted",
    );
  });
});

describe("what came nearest", () => {
  test.each([
    ["would allow it", 'fd 4 "/out" would allow it'],
    ["can open it so", 'fd 4 "/out" can open it so'],
    ["is of the same", 'fd 4 "/out" has path_create_file'],
    ["has it elsewhere", 'fd 4 "/out" has it'],
    ["is above what the path leads to", 'fd 4 "/out" is above it'],
  ] as const)("%s", (why, words) => {
    expect(formatRefusal({ ...refusal, nearest: nearest(why) })).toMatch(new RegExp(`; nearest: ${words}$`));
  });

  test("hands on what was to be handed on", () => {
    const handed = { ...refusal, missing: ["fd_write"], notHandedOn: ["fd_write"] };
    expect(formatRefusal({ ...handed, nearest: nearest("has it elsewhere") })).toMatch(
      /"\/out" hands it on$/,
    );
  });
});
