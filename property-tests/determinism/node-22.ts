import { execFile, execFileSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

/** The package that holds the binary itself, so that nothing of it has to be run to install it. */
const VERSION = "22.23.3";
const INSTALL_MILLIS = 300_000;
const root = fileURLToPath(new URL("../../../", import.meta.url));
const folder = join(root, "node_modules", ".cache", "foldos", `node-${VERSION}`);
const packageName = `node-${process.platform}-${process.arch}`;
const executable = join(folder, "node_modules", packageName, "bin", "node");

type FoundNode = { readonly path: string } | { readonly missing: string };

/** Node 22, if it was installed before. */
export function installedNode22(): FoundNode {
  const missing = `${packageName}@${VERSION} is not in ${folder}`;
  return existsSync(executable) && isWorking() ? { path: executable } : { missing };
}

/** Node 22, installed from npm beside the project's own packages if it is not there: 185 MB, once. */
export async function obtainNode22(say: (line: string) => void): Promise<FoundNode> {
  const found = installedNode22();
  if ("path" in found) return found;
  say(`installing ${packageName}@${VERSION} from npm into ${folder} (185 MB, once)`);
  mkdirSync(folder, { recursive: true });
  const wanted = ["install", "--prefix", folder, "--no-save", "--no-audit", "--no-fund", "--ignore-scripts"];
  try {
    await promisify(execFile)("npm", [...wanted, `${packageName}@${VERSION}`], { timeout: INSTALL_MILLIS });
  } catch (error) {
    return { missing: `${packageName}@${VERSION} could not be installed: ${firstLine(error as Error)}` };
  }
  return installedNode22();
}

function isWorking(): boolean {
  try {
    return execFileSync(executable, ["--version"], { encoding: "utf8" }).startsWith("v22.");
  } catch {
    return false;
  }
}

const firstLine = (error: Error): string => error.message.split("\n").slice(0, 3).join(" ");
