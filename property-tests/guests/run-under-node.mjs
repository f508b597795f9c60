// Runs guests under node:wasi, each in its own process and fresh directory, and prints what each said.
//   node run-under-node.mjs [NAME...]             the conformance programs (all, or those named), with cases.json
//   node run-under-node.mjs --one X.wasm [ARGS]   one program in the current directory as "/"
// node:wasi has faults (conformance/README.md lists them), so this is a check of the checks, not a gate.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));

async function runOne(file, args) {
  const { WASI } = await import("node:wasi");
  const env = JSON.parse(process.env.GUEST_ENV ?? "{}");
  const wasi = new WASI({
    version: "preview1",
    args: [basename(file), ...args],
    env,
    preopens: { "/": process.env.GUEST_ROOT ?? process.cwd() },
    returnOnExit: true,
  });
  const module = new WebAssembly.Module(readFileSync(file));
  process.exitCode = wasi.start(
    new WebAssembly.Instance(module, { wasi_snapshot_preview1: wasi.wasiImport }),
  );
}

function runCase(name, { args = [], env = {}, stdin = "", exitCode = 0 }) {
  const root = mkdtempSync(join(tmpdir(), "guest-"));
  const child = spawnSync(
    process.execPath,
    [
      "--no-warnings",
      fileURLToPath(import.meta.url),
      "--one",
      join(here, "prebuilt", `${name}.wasm`),
      ...args,
    ],
    {
      input: stdin,
      encoding: "utf8",
      timeout: 20_000,
      env: { ...process.env, GUEST_ROOT: root, GUEST_ENV: JSON.stringify(env) },
    },
  );
  rmSync(root, { recursive: true, force: true });
  const lines = child.stdout.split("\n").filter((text) => /^(FAIL|ok |FAILED )/.test(text));
  const last = lines.at(-1) ?? "(no last line)";
  const good = last.startsWith("ok ") && child.status === exitCode;
  const end = child.status ?? child.signal;
  console.log(`${good ? "ok  " : "FAIL"} ${name} ${args.join(" ")}: ${last}, exit ${end}`);
  for (const line of lines.filter((text) => text.startsWith("FAIL "))) console.log(`     ${line}`);
  if (!last.startsWith("ok "))
    for (const line of child.stderr.split("\n").slice(0, 6)) console.log(`     ${line}`);
  return { good, checks: Number(/(\d+) checks/.exec(last)?.[1] ?? 0) };
}

function runAll(names) {
  const cases = JSON.parse(readFileSync(join(here, "conformance/cases.json"), "utf8"));
  const sources = readdirSync(join(here, "conformance")).filter((file) => /\.(c|rs)$/.test(file));
  const all = sources.map((file) => file.replace(/\.\w+$/, ""));
  let checks = 0;
  let failed = 0;
  for (const name of names.length > 0 ? names : all) {
    const usual = cases[name] ?? {};
    const others = (usual.alsoArgs ?? []).map(([arg, exitCode]) => ({ ...usual, args: [arg], exitCode }));
    const results = [usual, ...others].map((one) => runCase(name, one));
    checks += results[0].checks;
    failed += results.filter((result) => !result.good).length;
  }
  console.log(`${checks} checks; ${failed} runs with failures`);
}

if (process.argv[2] === "--one") await runOne(process.argv[3], process.argv.slice(4));
else runAll(process.argv.slice(2));
