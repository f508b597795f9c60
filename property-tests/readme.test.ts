import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";

/** What stands between a fence of the language and the next fence: the commands, a line each, and the output that follows. */
interface Example {
  readonly commands: readonly string[];
  readonly output: string | null;
}

function examplesOf(markdown: string): readonly Example[] {
  const pattern = /^```sh\n([\s\S]*?)^```\n(?:```\n([\s\S]*?)^```\n)?/gm;
  return [...markdown.matchAll(pattern)].map((found) => ({
    commands: (found[1] ?? "").trim().split("\n"),
    output: found[2] ?? null,
  }));
}

const root = resolve(".");
const examples = examplesOf(readFileSync("README.md", "utf8"));
let place = "";

beforeAll(() => {
  place = mkdtempSync(join(tmpdir(), "foldos-readme-"));
  mkdirSync(join(place, "bin"));
  const command = join(place, "bin", "foldos");
  writeFileSync(
    command,
    `#!/bin/sh\nexec "${process.execPath}" "${join(root, "dist/bin/foldos.js")}" "$@"\n`,
  );
  chmodSync(command, 0o755);
  for (const folder of ["property-tests", "guests"]) symlinkSync(join(root, folder), join(place, folder));
});

afterAll(() => rmSync(place, { recursive: true, force: true }));

/** Times, inodes and the like differ from run to run; what is left must be what the README shows. */
const steady = (text: string): string => text.replaceAll(/\d+\.\d{6}/g, "T").trimEnd();

describe("the README", () => {
  test("has examples", () => {
    expect(examples.length).toBeGreaterThanOrEqual(6);
  });

  test("shows commands that work, and what they print", () => {
    for (const { commands, output } of examples) {
      const env = { ...process.env, PATH: `${join(place, "bin")}:${process.env["PATH"] ?? ""}` };
      let printed = "";
      for (const command of commands)
        printed += execFileSync("sh", ["-c", command], { cwd: place, env, encoding: "utf8" });
      if (output !== null) expect(steady(printed)).toBe(steady(output));
    }
  }, 180_000);
});
