import { readFileSync } from "node:fs";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { RecordingStore } from "../../replay/recording-store.ts";
import { referencePath } from "./perform-task.ts";

const dist = fileURLToPath(new URL("../../", import.meta.url));
const immer = fileURLToPath(new URL("immer.production.mjs", import.meta.resolve("immer")));

const imports = { immer: "/immer.js", "node:crypto": "/property-tests/determinism/page-crypto.js" };
const html = `<!doctype html><meta charset="utf-8"><title>fold</title><link rel="icon" href="data:,">
<script type="importmap">${JSON.stringify({ imports })}</script>
<script type="module" src="/property-tests/determinism/fold-page.js"></script>`;

/** Serves the page, the modules that it imports, and the groups of a campaign's recordings, on this machine only. */
export class PageServer {
  readonly #server: Server;

  constructor(place: string) {
    this.#server = createServer((request, response) => {
      const path = new URL(request.url ?? "/", "http://localhost").pathname;
      try {
        serve(place, path, response);
      } catch (error) {
        response.writeHead(404).end((error as Error).message);
      }
    });
  }

  /** The page's address. */
  async begin(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
  }

  async end(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

function serve(place: string, path: string, response: ServerResponse): void {
  const number = /^\/recordings\/(\d+)$/.exec(path)?.[1];
  if (number !== undefined)
    send(response, "application/octet-stream", groupsOf(referencePath(place, Number(number))));
  else if (path === "/") send(response, "text/html", html);
  else if (path === "/immer.js") send(response, "text/javascript", readFileSync(immer));
  else if (path.endsWith(".js")) send(response, "text/javascript", readFileSync(join(dist, normalize(path))));
  else throw new RangeError(`${path}: there is no such page`);
}

const send = (response: ServerResponse, type: string, body: string | Buffer): void => {
  response.writeHead(200, { "content-type": type, "cache-control": "no-store" }).end(body);
};

function groupsOf(recording: string): Buffer {
  const store = RecordingStore.open(recording, { write: false });
  try {
    const parts: Buffer[] = [];
    for (const record of store.groupsFrom(0)) {
      const length = Buffer.alloc(4);
      length.writeUInt32LE(record.length);
      parts.push(length, Buffer.from(record));
    }
    return Buffer.concat(parts);
  } finally {
    store.close();
  }
}
