import { PassThrough } from "node:stream";
import { describe, expect, test } from "@jest/globals";
import { Subject } from "rxjs";
import type { ConsoleInput } from "../device.ts";
import { hostInput } from "./host-input.ts";
import { ModelConsole } from "./model-console.ts";

const bytesOf = (text: string): Uint8Array => new Uint8Array(Buffer.from(text));
const textOf = (bytes: readonly number[]): string => Buffer.from(bytes).toString();

function described(input: ConsoleInput): string {
  if (input === null) return "nothing";
  return input.kind === "ended" ? "ended" : Buffer.from(input.bytes).toString();
}

/** What the host's standard input answers when each piece is typed once it is asked for. */
async function heardOfHost(pieces: readonly string[], requests: number): Promise<readonly string[]> {
  const stream = new PassThrough();
  const asking = new Subject<void>();
  const heard: string[] = [];
  hostInput(stream, asking).subscribe((input) => heard.push(described(input)));
  for (let index = 0; index < requests; index += 1) {
    asking.next();
    if (index < pieces.length) stream.write(pieces[index]);
    else if (index === pieces.length) stream.end();
    await new Promise<void>((resolve) => setTimeout(resolve, 5));
  }
  return heard;
}

describe("input", () => {
  test("arrives when it is asked for, by the script, and stays at its end", () => {
    const console = new ModelConsole({ script: [bytesOf("one"), bytesOf("two")] });
    expect([console.hasInput, described(console.take())]).toEqual([false, "nothing"]);
    const heard: string[] = [];
    for (let count = 0; count < 4; count += 1) {
      console.request();
      expect(console.hasInput).toBe(true);
      heard.push(described(console.take()));
    }
    expect(heard).toEqual(["one", "two", "ended", "ended"]);
  });

  test("that comes unasked is taken in its order, before what is left of the script", () => {
    const console = new ModelConsole({ script: [bytesOf("asked")] });
    console.give({ kind: "bytes", bytes: bytesOf("first") });
    console.give({ kind: "bytes", bytes: bytesOf("second") });
    console.request();
    expect([1, 2, 3, 4].map(() => described(console.take()))).toEqual([
      "first",
      "second",
      "asked",
      "nothing",
    ]);
  });

  test.each([[[]], [["a"]], [["a", "bc", "é"]]])(
    "of the script %j is what the host's would be",
    async (pieces) => {
      const requests = pieces.length + 2;
      const console = new ModelConsole({ script: pieces.map(bytesOf) });
      const heard: string[] = [];
      for (let count = 0; count < requests; count += 1) {
        console.request();
        heard.push(described(console.take()));
      }
      expect(heard).toEqual(await heardOfHost(pieces, requests));
    },
  );
});

describe("output", () => {
  test("is kept for each stream, and for both as it came", () => {
    const console = new ModelConsole();
    console.print(1, bytesOf("out "));
    console.print(2, bytesOf("error "));
    console.print(1, bytesOf("again"));
    expect([1, 2].map((stream) => textOf(console.shown(stream)))).toEqual(["out again", "error "]);
    expect(textOf(console.printed)).toBe("out error again");
    expect(console.news()).toEqual([]);
  });

  test("whose reader has gone shows nothing more, and says so once, when something is printed", () => {
    const console = new ModelConsole();
    console.print(1, bytesOf("seen"));
    console.close(1);
    expect(console.news()).toEqual([]);
    console.print(1, bytesOf("unseen"));
    console.print(1, bytesOf("unseen"));
    console.print(2, bytesOf("error"));
    expect(console.news()).toEqual([{ type: "console/output-closed", stream: 1 }]);
    expect(console.news()).toEqual([]);
    expect(textOf(console.printed)).toBe("seenerror");
  });

  test("goes to stream 1 or 2 and to no other", () => {
    expect(() => new ModelConsole().print(0, bytesOf("?"))).toThrow("two outputs");
  });
});

test("a console is no terminal unless it is said", () => {
  expect(new ModelConsole().terminals).toEqual([false, false, false]);
  expect(new ModelConsole({ terminals: [true, false, true] }).terminals).toEqual([true, false, true]);
});
