/** What is printed to a pipe is printed once, though its reader kills the machine the moment that it reads. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import binaryen from "binaryen";
import { afterEach, beforeEach, expect, jest, test } from "@jest/globals";
import { FOLDOS, foldos } from "./foldos-command.ts";

jest.setTimeout(300_000);

let home = "";
beforeEach(() => {
  home = realpathSync(mkdtempSync(join(tmpdir(), "foldos-once-")));
});
afterEach(() => {
  rmSync(home, { recursive: true, force: true });
});

const LINES = 30;
const SLEEP_MILLIS = 150;

/** Prints lines "01" and so on, alternately to standard output and to another stream, and sleeps behind each. */
const sleepingPrinter = (otherStream: number): Uint8Array =>
  binaryen
    .parseText(`(module
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "\\10\\00\\00\\00\\03\\00\\00\\00")
  (data (i32.const 18) "\\0a")
  (func (export "_start") (local $line i32)
    (i32.store (i32.const 80) (i32.const 1)) ;; the monotonic clock
    (i64.store (i32.const 88) (i64.const ${SLEEP_MILLIS * 1_000_000}))
    (loop $next
      (local.set $line (i32.add (local.get $line) (i32.const 1)))
      (i32.store8 (i32.const 16) (i32.add (i32.const 48) (i32.div_u (local.get $line) (i32.const 10))))
      (i32.store8 (i32.const 17) (i32.add (i32.const 48) (i32.rem_u (local.get $line) (i32.const 10))))
      (drop (call $write
        (select (i32.const 1) (i32.const ${otherStream}) (i32.and (local.get $line) (i32.const 1)))
        (i32.const 0) (i32.const 1) (i32.const 24)))
      (drop (call $poll (i32.const 64) (i32.const 128) (i32.const 1) (i32.const 24)))
      (br_if $next (i32.lt_u (local.get $line) (i32.const ${LINES})))))
)`)
    .emitBinary();

const reader = fileURLToPath(new URL("killing-reader.js", import.meta.url));
const expected = Array.from({ length: LINES }, (_, index) => `${String(index + 1).padStart(2, "0")}\n`);

test("a reader that kills the machine whenever it reads, over and over, reads each line once", async () => {
  writeFileSync(join(home, "lines.wasm"), sleepingPrinter(1));
  const { stdout } = spawnSync(process.execPath, [reader, FOLDOS, "lines.wasm"], { cwd: home });
  const { out, kills, code } = JSON.parse(stdout.toString()) as { out: string; kills: number; code: number };
  expect(out).toBe(expected.join(""));
  expect(code).toBe(0);
  expect(kills).toBeGreaterThan(LINES / 4);
  expect((await foldos(["replay", "rec"], { cwd: home })).code).toBe(0);
});

test("two streams that go into one pipe are printed in the order in which they were written", async () => {
  writeFileSync(join(home, "lines.wasm"), sleepingPrinter(2));
  const line = '"$0" "$1" run --record rec lines.wasm 2>&1 | cat';
  const { stdout } = spawnSync("sh", ["-c", line, process.execPath, FOLDOS], { cwd: home });
  expect(stdout.toString()).toBe(expected.join(""));
});
