/** foldos.h says the same as the kernel: a program that is built with it asks for what it means. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { errno } from "../../core/errno.ts";
import { hasWasiRights, objectKinds, rightsOfKind } from "../../core/object-rights.ts";
import { serviceSlot } from "../../reducers/capabilities/address.ts";
import * as bounds from "../../reducers/decide/foldos-request.ts";
import { foldosCalls, foldosNames } from "./foldos-table.ts";
import { MAX_SPAWN_ARGUMENT_BYTES } from "./process-calls.ts";

const header = readFileSync("guests/foldos/foldos.h", "utf8");

/** A name as macros have it. */
const macro = (name: string): string =>
  `FOLDOS_${name.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).replaceAll("-", "_")}`.toUpperCase();

/** The functions in their order: name, parameters as letters, and the comment before. */
const declared = [
  ...header.matchAll(/\/\*((?:(?!\*\/)[^])*)\*\/\n(?:int foldos_\w+\([^)]*\)\s+FOLDOS_IMPORT\((\w+)\);)/g),
].map(([text, comment = "", name = ""]) => {
  const parameters = /int foldos_\w+\(([^)]*)\)/.exec(text)?.[1] ?? "";
  const letters = parameters.split(",").map((one) => (/^ *uint64_t \w+$/.test(one) ? "l" : "i"));
  return { name, declares: text.includes(`int foldos_${name}(`), letters: letters.join(""), comment };
});

const defined = (name: string): number | null => {
  const value = new RegExp(`^#define ${name} (?:UINT64_C\\()?(\\w+)`, "m").exec(header)?.[1];
  return value === undefined ? null : Number(value.replace(/u$/, ""));
};

describe("foldos.h", () => {
  test("declares each function under its name, with its parameters, and says what it does", () => {
    expect(declared.map(({ name }) => name).sort()).toEqual([...foldosNames].sort());
    for (const { name, declares, letters, comment } of declared) {
      expect([name, declares, letters]).toEqual([name, true, foldosCalls[name]?.parameters]);
      expect(comment.trim().length).toBeGreaterThan(40);
    }
  });

  test("names errnos that there are", () => {
    const names = Object.keys(errno).map((name) => (name === "toobig" ? "E2BIG" : `E${name.toUpperCase()}`));
    const used = [...header.matchAll(/^ \* {3}((?:E[A-Z0-9]+(?:, )?)+) {2}/gm)].flatMap(([, list = ""]) =>
      list.split(", "),
    );
    expect(used.length).toBeGreaterThan(30);
    expect(used.filter((name) => !names.includes(name))).toEqual([]);
  });

  test("has the kinds of objects in their order", () => {
    const list = /enum foldos_kind \{([^}]*)\}/.exec(header)?.[1] ?? "";
    const kinds = [...list.replaceAll(/\/\*.*?\*\//g, "").matchAll(/FOLDOS_\w+/g)].map(([name]) => name);
    expect(kinds).toEqual(objectKinds.map(macro));
  });

  test("has the rights of each kind", () => {
    const shared = ["clock", "entropy", "timers", "device"];
    for (const kind of objectKinds.filter((one) => !hasWasiRights(one)))
      for (const [name, bit] of Object.entries(rightsOfKind(kind))) {
        const named = shared.includes(kind) ? macro(name) : macro(`${kind}-${name}`);
        expect([named, defined(named)]).toEqual([named, bit]);
      }
  });

  test("names the services that a new process is given in their order", () => {
    const names = [...header.matchAll(/^#define FOLDOS_OWN_(\w+) \(\(foldos_slot\)-(\d)\)/gm)];
    expect(names.map(([, name = "", number]) => [name, Number(number) - 1])).toEqual(
      Object.entries(serviceSlot).map(([name, slot]) => [macro(name).replace("FOLDOS_", ""), slot]),
    );
  });

  test("has the bounds that are enforced", () => {
    expect([
      defined("FOLDOS_MAX_MESSAGE_BYTES"),
      defined("FOLDOS_MAX_GIVEN"),
      defined("FOLDOS_MAX_SPAWN_GIVEN"),
      defined("FOLDOS_MAX_SPAWN_ARGUMENT_BYTES"),
      defined("FOLDOS_MAX_PRIORITY"),
    ]).toEqual([
      bounds.MAX_MESSAGE_BYTES,
      bounds.MAX_GIVEN,
      bounds.MAX_SPAWN_GIVEN,
      MAX_SPAWN_ARGUMENT_BYTES,
      bounds.MAX_PRIORITY,
    ]);
  });
});
