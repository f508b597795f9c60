/** A machine file with scheduling domains, from boot to replay; and what is told of it. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, jest, test } from "@jest/globals";
import { foldos, guest, inFreshDirectory } from "./foldos-command.ts";

jest.setTimeout(240_000);

const processes = {
  reckons: { program: guest("cpu-kernels"), args: ["sort", "3000"], stdout: "null" },
  greets: { program: guest("hello"), domain: "cabin" },
  sleeps: { program: guest("sleep"), args: ["1"], domain: "cabin", grants: ["timers", "monotonic-clock"] },
};

const domains = [
  { name: "flight", ticks: 20_000 },
  { name: "cabin", ticks: 5000 },
  { name: "empty", ticks: 100 },
];

const fileOf = (more: object): string =>
  JSON.stringify({ version: 1, clock: "virtual", seed: 7, scheduler: { quantum: 1000 }, processes, ...more });

describe("a machine with scheduling domains", () => {
  test("runs, is replayed, and tells of slots", async () => {
    await inFreshDirectory(async (cwd) => {
      writeFileSync(join(cwd, "machine.json"), fileOf({ scheduling: { domains } }));
      const booted = await foldos(["boot", "--record", "rec", "machine.json"], { cwd });
      expect([booted.code, booted.out]).toEqual([0, "Hello from Foldos\nslept 1 ms\n"]);
      const replayed = await foldos(["replay", "rec"], { cwd });
      expect(replayed.code).toBe(0);
      const log = await foldos(["log", "rec"], { cwd });
      expect(log.out).toContain("flight for 20000 ticks, cabin for 5000 ticks, empty for 100 ticks");
      expect(log.out).toMatch(/process\/assigned +domain cabin/);
      expect(log.out).toMatch(/domain\/entered +domain 2/);
      const moment = /^ *(\d+).*domain\/entered +domain 1/m.exec(log.out)?.[1] ?? "";
      const ps = await foldos(["ps", "rec", moment], { cwd });
      expect(ps.out).toContain("the slot is of cabin: 5,000 of 5,000 ticks are left behind the last turn");
      expect(ps.out).toMatch(/ flight +reckons\n/);
      expect(ps.out).toMatch(/ cabin +greets/);
      const top = await foldos(["top", "rec", `0..${moment}`], { cwd });
      expect(top.out).toMatch(/DOMAIN +NAME\n/);
    });
  });

  test("is no machine where a domain is not there", async () => {
    await inFreshDirectory(async (cwd) => {
      writeFileSync(join(cwd, "machine.json"), fileOf({ scheduling: { domains: domains.slice(0, 1) } }));
      const { code, err } = await foldos(["boot", "machine.json"], { cwd });
      expect(code).not.toBe(0);
      expect(err).toContain('processes.greets.domain: the name of a domain was expected, not "cabin"');
    });
  });
});
