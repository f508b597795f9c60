/**
 * Makes a clone ready: packages installed, sources built, stale outputs gone. Plain JavaScript without dependencies,
 * because it runs before anything is installed. `npm start`, `npm test`, `npm run lint` and `bench` begin with it.
 *
 * Two stamps say what is done, so that a second run only reads directories. node_modules/.foldos-set-up holds the hash
 * of package-lock.json that was installed; dist/.foldos-set-up holds a fingerprint (path, size, mtime) of every source
 * that was built. A stamp is removed before the work that it vouches for and written after it, so a run that is killed
 * half-way leaves work, never a lie. Whoever has work to do holds .foldos/set-up.lock meanwhile.
 *
 *   node cli/set-up.mjs             install and build
 *   node cli/set-up.mjs --no-build  install only
 *   node cli/set-up.mjs --test      also the Debian packages that tests use, when this user may install them
 *   node cli/set-up.mjs --clean     remove every output
 */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { delimiter, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { noteChild, takeLock } from "./set-up-lock.mjs";

/** Debian packages that only tests use. Without one, the tests named here say so and pass over it. */
const testPackages = [
  { name: "chromium", command: "chromium", tests: "the tests that open a web page in Chromium" },
];

const oldestNode = [20, 19];
const root = fileURLToPath(new URL("..", import.meta.url));
const dist = join(root, "dist");
const bundle = join(dist, "bin");
const installStamp = join(root, "node_modules", ".foldos-set-up");
const buildStamp = join(dist, ".foldos-set-up");
const outputSuffix = /\.(?:js|js\.map|d\.ts|d\.ts\.map)$/;

const say = (line) => process.stderr.write(`set-up: ${line}\n`);
const seconds = (since) => `${((performance.now() - since) / 1000).toFixed(1)} s`;

class SetUpError extends Error {}

/** A failure as a person needs it: what went wrong, and what to do next. */
function fail(what, next) {
  throw new SetUpError(`${what}\nset-up: next: ${next}`);
}

function textOf(path) {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return null;
    throw error;
  }
}

function filesUnder(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
}

/** The folders of the solution, in the order of tsconfig.json. */
function sourceFolders() {
  const solution = JSON.parse(readFileSync(join(root, "tsconfig.json"), "utf8"));
  return solution.references.map((reference) => join(root, reference.path));
}

function lockHash() {
  const lock = textOf(join(root, "package-lock.json"));
  if (lock === null) fail("package-lock.json is missing", "restore it: git checkout package-lock.json");
  return createHash("sha256").update(`${process.platform} ${process.arch}\n${lock}`).digest("hex");
}

/** Everything that a build reads. Sizes and mtimes stand for contents; tsc itself looks closer. */
function inputFiles() {
  const configs = readdirSync(root).filter((name) => /^tsconfig.*\.json$/.test(name));
  const sources = sourceFolders().flatMap(filesUnder);
  return [
    ...configs.map((name) => join(root, name)),
    join(root, "cli", "bundle.mjs"),
    ...sources.filter((path) => path.endsWith(".ts") || path.endsWith("tsconfig.json")),
  ];
}

function fingerprint(inputs) {
  const hash = createHash("sha256").update(textOf(installStamp) ?? "");
  for (const path of inputs.toSorted()) {
    const { size, mtimeMs } = statSync(path);
    hash.update(`${relative(root, path)} ${size} ${mtimeMs}\n`);
  }
  return hash.digest("hex");
}

const outputOf = (source) => join(dist, relative(root, source)).replace(/\.ts$/, ".js");
const isCompiled = (path) => path.endsWith(".ts") && !path.endsWith(".d.ts");
const isInstalled = () => textOf(installStamp) === lockHash();

function isBuilt() {
  const inputs = inputFiles();
  return (
    textOf(buildStamp) === fingerprint(inputs) &&
    existsSync(join(bundle, "foldos.js")) &&
    inputs.every((path) => !isCompiled(path) || existsSync(outputOf(path)))
  );
}

/** Runs a program to its end. Quiet output comes back as text; other output is passed on to stderr as it comes. */
function run(command, args, { quiet = false, env = process.env, timeoutMillis = 0 } = {}) {
  return new Promise((resolve) => {
    const shell = process.platform === "win32" && command === "npm";
    const child = spawn(command, args, {
      cwd: root,
      env,
      shell,
      stdio: ["ignore", "pipe", "pipe"],
      timeout: timeoutMillis,
    });
    let output = "";
    const hear = (chunk) => {
      if (quiet) output += chunk;
      else process.stderr.write(chunk);
    };
    child.stdout.on("data", hear);
    child.stderr.on("data", hear);
    child.on("error", (error) => resolve({ code: 127, output: `${output}${error.message}\n` }));
    child.on("close", (code) => resolve({ code: code ?? 1, output }));
    noteChild(root, child);
  });
}

const lastLines = (text, count) => text.trimEnd().split("\n").slice(-count).join("\n");

function checkNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1])) return;
  fail(
    `Foldos needs Node ${oldestNode.join(".")} or newer, and this is Node ${process.versions.node}`,
    "install a newer Node (https://nodejs.org) and run the same command again",
  );
}

async function install() {
  const started = performance.now();
  say("installing packages (npm ci), about half a minute");
  rmSync(installStamp, { force: true });
  const wanted = lockHash();
  const { code, output } = await run("npm", ["ci", "--include=dev", "--no-audit", "--no-fund"], {
    quiet: true,
  });
  if (code !== 0) {
    // npm says the reason first and ends with its usage.
    const reasons = output.split("\n").filter((line) => line.startsWith("npm error"));
    process.stderr.write(`${reasons.slice(0, 20).join("\n") || lastLines(output, 20)}\n`);
    fail(
      `npm ci ended with code ${code} (its errors are above)`,
      "if a package could not be fetched, check the network and `npm config get registry`; " +
        "if package.json and package-lock.json disagree, run `npm install`; then run the same command again",
    );
  }
  writeFileSync(installStamp, wanted);
  say(`packages installed in ${seconds(started)}`);
}

/** tsc leaves the outputs of deleted sources, and it does not notice that an output was deleted. */
function removeStaleOutputs() {
  let removedCount = 0;
  for (const path of filesUnder(dist)) {
    if (!outputSuffix.test(path) || path.startsWith(bundle + sep)) continue;
    const source = join(root, relative(dist, path)).replace(outputSuffix, ".ts");
    if (existsSync(source)) continue;
    rmSync(path, { force: true });
    removedCount += 1;
  }
  if (removedCount > 0) say(`removed ${removedCount} outputs of deleted sources`);
  removeEmptyFolders(dist);
  for (const source of inputFiles()) {
    if (!isCompiled(source) || existsSync(outputOf(source))) continue;
    const [folder] = relative(root, source).split(sep);
    rmSync(join(dist, folder, "tsconfig.tsbuildinfo"), { force: true });
  }
}

function removeEmptyFolders(folder) {
  if (!existsSync(folder)) return;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) removeEmptyFolders(join(folder, entry.name));
  }
  if (readdirSync(folder).length === 0) rmdirSync(folder);
}

async function build() {
  const started = performance.now();
  say("building (tsc -b, then one bundle of the command)");
  rmSync(buildStamp, { force: true });
  // Taken before tsc reads: a source saved meanwhile makes the next run build again.
  const built = fingerprint(inputFiles());
  removeStaleOutputs();
  const { code } = await run(process.execPath, [
    join(root, "node_modules", "typescript", "bin", "tsc"),
    "-b",
  ]);
  if (code !== 0)
    fail("the sources do not compile (the errors are above)", "fix them and run the same command again");
  rmSync(bundle, { recursive: true, force: true });
  const bundled = await run(process.execPath, [join(root, "cli", "bundle.mjs")]);
  if (bundled.code !== 0)
    fail(
      "the command could not be bundled (the errors are above)",
      "fix that and run the same command again",
    );
  writeFileSync(buildStamp, built);
  say(`built in ${seconds(started)}`);
}

function hasCommand(name) {
  return (process.env.PATH ?? "").split(delimiter).some((folder) => existsSync(join(folder, name)));
}

const missingTestPackages = () => testPackages.filter(({ command }) => !hasCommand(command));

/** Never fails the set-up: a test that lacks its package says so itself. */
async function installTestPackages() {
  const names = missingTestPackages().map(({ name }) => name);
  if (process.getuid?.() === 0 && hasCommand("apt-get")) {
    const started = performance.now();
    say(`installing Debian packages for tests: ${names.join(" ")}`);
    const options = {
      quiet: true,
      env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
      timeoutMillis: 600_000,
    };
    const apt = [
      "-q",
      "-o",
      "DPkg::Lock::Timeout=60",
      "-o",
      "Acquire::Retries=1",
      "-o",
      "Acquire::http::Timeout=20",
    ];
    await run("apt-get", [...apt, "update"], options);
    const { code, output } = await run(
      "apt-get",
      [...apt, "install", "-y", "--no-install-recommends", ...names],
      options,
    );
    if (code === 0) say(`Debian packages installed in ${seconds(started)}`);
    else process.stderr.write(`${lastLines(output, 5)}\n`);
  }
  for (const { name, tests } of missingTestPackages()) {
    say(`the Debian package ${name} is missing: ${tests} will say so. To run them: apt-get install ${name}`);
  }
}

async function clean() {
  rmSync(dist, { recursive: true, force: true });
  say("removed dist");
}

/** What is left to do, in order. Reads only, so that "nothing" costs milliseconds and takes no lock. */
function workLeft(flags) {
  if (flags.has("--clean")) return [clean];
  const work = [];
  if (!isInstalled()) work.push(install);
  if (!flags.has("--no-build") && (work.length > 0 || !isBuilt())) work.push(build);
  if (flags.has("--test") && missingTestPackages().length > 0) work.push(installTestPackages);
  return work;
}

async function main() {
  const flags = new Set(process.argv.slice(2));
  for (const flag of flags) {
    if (["--clean", "--no-build", "--test"].includes(flag)) continue;
    fail(`unknown option ${flag}`, "use --test, --no-build or --clean, or no option");
  }
  checkNode();
  if (workLeft(flags).length === 0) return;
  const release = await takeLock(root, say);
  try {
    // Asked again: the set-up that held the lock may have done it all.
    for (const work of workLeft(flags)) await work();
  } finally {
    release();
  }
}

main().catch((error) => {
  if (!(error instanceof SetUpError)) throw error;
  say(error.message);
  process.exitCode = 1;
});
