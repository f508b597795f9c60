import { PassThrough } from "node:stream";
import { describe, expect, test } from "@jest/globals";
import { Subject } from "rxjs";
import type { ConsoleInput } from "../device.ts";
import { hostInput } from "./host-input.ts";

function withStream() {
  const stream = new PassThrough();
  const requests = new Subject<void>();
  const heard: string[] = [];
  const hear = (input: ConsoleInput): void => {
    heard.push(
      input === null ? "nothing" : input.kind === "ended" ? "ended" : Buffer.from(input.bytes).toString(),
    );
  };
  const subscription = hostInput(stream, requests).subscribe(hear);
  const settle = () => new Promise<void>((resolve) => setTimeout(resolve, 5));
  const ask = async (): Promise<readonly string[]> => {
    requests.next();
    await settle();
    return heard.splice(0);
  };
  return { stream, heard, ask, settle, subscription };
}

describe("standard input", () => {
  test("is read only when it is asked for", async () => {
    const { stream, heard, ask, settle } = withStream();
    stream.write("first");
    await settle();
    expect([heard, stream.readableLength]).toEqual([[], 5]);
    expect(await ask()).toEqual(["first"]);
  });

  test("answers a request once something arrives", async () => {
    const { stream, heard, ask, settle } = withStream();
    expect(await ask()).toEqual([]);
    stream.write("late");
    await settle();
    expect(heard).toEqual(["late"]);
  });

  test("gives one piece for each request, as bytes", async () => {
    const { stream, ask, heard, settle } = withStream();
    expect(await ask()).toEqual([]);
    stream.write(Buffer.from([0xc3]));
    await settle();
    stream.write("x");
    expect(heard.splice(0)).toEqual([Buffer.from([0xc3]).toString()]);
    expect(await ask()).toEqual(["x"]);
  });

  test("ends, after what was left, and stays ended", async () => {
    const { stream, ask } = withStream();
    stream.end("last");
    expect([await ask(), await ask(), await ask()]).toEqual([["last"], ["ended"], ["ended"]]);
  });

  test("ends for one who waits", async () => {
    const { stream, heard, ask, settle } = withStream();
    await ask();
    stream.end();
    await settle();
    expect(heard).toEqual(["ended"]);
  });

  test.each(["with an error", "without one"])("that is torn off %s has ended", async (how) => {
    const { stream, ask, heard, settle } = withStream();
    await ask();
    stream.destroy(how === "with an error" ? new Error("torn") : undefined);
    await settle();
    expect([...heard.splice(0), ...(await ask())]).toEqual(["ended", "ended"]);
  });

  test("is left alone when nobody listens any more", async () => {
    const { stream, ask, settle, subscription } = withStream();
    await ask();
    subscription.unsubscribe();
    stream.write("kept");
    await settle();
    expect([stream.readableLength, stream.listenerCount("readable")]).toEqual([4, 0]);
  });
});
