import { cpSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { guest, linesOf as lines, newWorkplace } from "./spawn-foldos.ts";

const { at, foldos, clear } = newWorkplace();
const recorded = at("copy");

beforeAll(() => {
  mkdirSync(at("files/source"), { recursive: true });
  writeFileSync(at("files/source/one.txt"), "one\n");
  const words = ["--record", recorded, "--dir", "files::/", guest("copy-tree"), "/source", "/target"];
  expect(foldos("run", ...words).status).toBe(0);
}, 60_000);

afterAll(clear);

describe("foldos export and import", () => {
  test("give the recording back, which then replays equal", () => {
    expect(foldos("export", recorded, "file.foldos")).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/events in .* 1 program\n$/),
    });
    expect(foldos("import", "file.foldos", "again").status).toBe(0);
    expect(foldos("replay", "again").stdout).toMatch(/^([\d,]+) events, \1 equal\n$/);
    expect(foldos("export", recorded, "file.foldos").stderr).toContain("something is there already");
    expect(foldos("import", "file.foldos", "again").stderr).toContain("something is there already");
    truncateSync(at("file.foldos"), 4000);
    const refused = foldos("import", "file.foldos", "cut-off");
    expect([refused.status, refused.stderr]).toEqual([
      3,
      expect.stringContaining("at byte 4000: the file is cut off"),
    ]);
    expect(foldos("import", "nothing", "x")).toMatchObject({
      status: 3,
      stderr: expect.stringContaining("there is no such file"),
    });
  }, 60_000);
});

describe("a recording that cannot be used", () => {
  const commands = [
    ["log"],
    ["show"],
    ["cat", "end", "/a"],
    ["diff", "0", "1"],
    ["info"],
    ["step"],
    ["export", "out"],
  ] as const;
  const refused = (recording: string): void => {
    for (const [command, ...rest] of commands) {
      const { stdout, stderr, status } = foldos(command, recording, ...rest);
      expect([command, stderr.includes("    at "), lines(stderr).length]).toEqual([command, false, 1]);
      expect([command, status, stdout.replace(/^\d+ events; h for help\n$/, "")]).toEqual([command, 3, ""]);
    }
  };

  test("is named by each command when it is not there, or is none", () => {
    refused("nowhere");
    mkdirSync(at("junk"));
    writeFileSync(at("junk/data.mdb"), "junk".repeat(5000));
    refused("junk");
  }, 60_000);

  test("is named by each command when it was cut off by hand", () => {
    cpSync(recorded, at("short"), { recursive: true });
    truncateSync(at("short/data.mdb"), 3 * 4096);
    refused("short");
  }, 60_000);

  test("is refused when its events were changed", () => {
    cpSync(recorded, at("tampered"), { recursive: true });
    const bytes = readFileSync(at("tampered/data.mdb"));
    for (
      let found = bytes.indexOf("copy-tree.wasm");
      found >= 0;
      found = bytes.indexOf("copy-tree.wasm", found + 1)
    )
      bytes.write("copy-TREE", found);
    writeFileSync(at("tampered/data.mdb"), bytes);
    const { status, stderr } = foldos("log", "tampered");
    expect([status, stderr]).toEqual([
      3,
      expect.stringMatching(/its hash differs; it was changed after it was recorded/),
    ]);
    expect(foldos("show", "tampered")).toMatchObject({ status: 3, stdout: "" });
  }, 60_000);
});

describe("foldos help", () => {
  test.each(["run", "resume", "replay", "log", "show", "cat", "diff", "info", "step", "export", "import"])(
    "%s says how it is used",
    (command) => {
      const { stdout, status } = foldos("help", command);
      expect([stdout.startsWith("foldos "), stdout.includes(`foldos ${command}`), status]).toEqual([
        true,
        true,
        0,
      ]);
      expect(foldos(command, "--help").stdout).toBe(stdout);
    },
  );
});
