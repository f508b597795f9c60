import { accessSync, constants, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { type BrowserContext, chromium, type Page } from "playwright-core";
import type { PageAnswer } from "./fold-page.ts";
import { PageServer } from "./page-server.ts";

const NAMES = ["chromium", "chromium-browser", "google-chrome"];
const PAGE_MILLIS = 60_000;
/** Without the network that a browser looks for on its own: a closed one answers each look-up with a delay. */
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** The path of a Chromium on this machine; null if there is none. */
export function findChromium(): string | null {
  for (const folder of (process.env["PATH"] ?? "").split(delimiter)) {
    for (const name of NAMES) {
      const path = join(folder, name);
      try {
        accessSync(path, constants.X_OK);
        return path;
      } catch {
        // Not here.
      }
    }
  }
  return null;
}

/** A page in a headless Chromium that folds recordings of a campaign. */
export class FoldPage {
  readonly #server: PageServer;
  readonly #context: BrowserContext;
  readonly #page: Page;
  readonly #profile: string;

  private constructor(server: PageServer, context: BrowserContext, page: Page, profile: string) {
    this.#server = server;
    this.#context = context;
    this.#page = page;
    this.#profile = profile;
  }

  static async open(executablePath: string, place: string): Promise<FoldPage> {
    const server = new PageServer(place);
    const address = await server.begin();
    const profile = mkdtempSync(join(tmpdir(), "foldos-chromium-"));
    const context = await chromium.launchPersistentContext(profile, {
      executablePath,
      args: FLAGS,
      headless: true,
      handleSIGINT: false,
    });
    const page = context.pages()[0] ?? (await context.newPage());
    page.setDefaultTimeout(PAGE_MILLIS);
    const errors: string[] = [];
    page.on("pageerror", (error) => errors.push(error.message));
    await page.goto(address);
    try {
      await page.waitForFunction("typeof foldRecording === 'function'");
    } catch (error) {
      throw new Error(`the page did not begin: ${errors.join("; ") || (error as Error).message}`);
    }
    return new FoldPage(server, context, page, profile);
  }

  get version(): string {
    return this.#context.browser()?.version() ?? "";
  }

  /** Folds a recording up to an event, and hashes the state. */
  fold(number: number, to = Number.MAX_SAFE_INTEGER): Promise<PageAnswer> {
    return this.#page.evaluate(`foldRecording(${number}, ${to})`);
  }

  async close(): Promise<void> {
    await this.#context.close();
    await this.#server.end();
    rmSync(this.#profile, { recursive: true, force: true });
  }
}
