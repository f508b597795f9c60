/** Machines that are killed while processes wait for each other, between a call and its reply: they go on from there. */
import type { ChildProcess } from "node:child_process";
import { resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { expect, jest, test } from "@jest/globals";
import { endpoint, type Json, plant, replays, script } from "./cap-script.ts";
import { type Ended, foldos, guest, inFreshDirectory } from "./foldos-command.ts";

jest.setTimeout(240_000);

/** Does something as soon as a process has said something on standard error. */
const whenSaid =
  (what: string, act: (child: ChildProcess) => void) =>
  (child: ChildProcess): void => {
    let said = "";
    child.stderr?.on("data", (bytes: Buffer) => {
      if (said.includes(what)) return;
      said += bytes.toString("utf8");
      if (said.includes(what)) act(child);
    });
  };

const STILL = "nothing can go on";

/** Waits until `foldos ps` says of a recording what is waited for. */
async function untilShown(cwd: string, isIt: (text: string) => boolean): Promise<void> {
  while (!isIt((await foldos(["ps", "rec"], { cwd })).out)) await pause(20);
}

test("a machine that waits for a server that never receives says so; it is killed, resumed, and ended by Ctrl-C", () =>
  inFreshDirectory(async (cwd) => {
    plant(
      cwd,
      {
        server: script(["wait-signal:never"], { e: endpoint(["receive"]), never: { notification: "never" } }),
        client: script(["call:e:hi"], { e: endpoint(["send", "grant"], 3) }),
      },
      { notifications: { never: {} } },
    );
    let kill = (): void => {};
    let running: Promise<Ended> | null = null;
    await new Promise<void>((resolve) => {
      running = foldos(["boot", "--record", "rec", "machine.json"], {
        cwd,
        onStarted: (child) => {
          kill = () => void child.kill("SIGKILL");
          whenSaid(STILL, () => resolve())(child);
        },
      });
    });
    // What is said is on disk a moment later.
    await untilShown(cwd, (text) => text.includes("all who live wait for each other"));
    kill();
    const killed = await (running as unknown as Promise<Ended>);
    expect(killed.err).toContain("client (2) waits for somebody to receive what it sent, or a reply");
    const resumed = await foldos(["resume", "rec"], {
      cwd,
      onStarted: whenSaid(STILL, (child) => child.kill("SIGINT")),
    });
    expect(resumed.err).toContain("client: killed by SIGINT");
    await replays(cwd);
  }));

test.each([0, 64])(
  "clients that were cut off between call and reply have their replies, with %d MiB of images",
  (mebibytes) =>
    inFreshDirectory(async (cwd) => {
      const server = resolve("guests/examples/prebuilt/server.wasm");
      const client = (badge: number): Json => ({
        program: resolve("guests/examples/prebuilt/client.wasm"),
        args: [`/${badge}.txt`, `text ${badge}`],
        directories: [{ guest: "/", shared: "desk" }],
        capabilities: { service: endpoint(["send", "grant"], badge) },
      });
      plant(
        cwd,
        {
          gate: { program: guest("cat"), stdin: "console" },
          server: {
            program: server,
            args: ["2"],
            capabilities: { service: endpoint(["receive"]) },
            after: ["gate"],
          },
          one: client(1),
          two: client(2),
        },
        { directories: { desk: {} } },
      );
      const flags = ["--image-mib", String(mebibytes), "--keyframe-events", "40", "--durability", "event"];
      let running: ChildProcess | null = null;
      const boot = foldos(["boot", "--record", "rec", ...flags, "machine.json"], {
        cwd,
        input: null,
        onStarted: (child) => {
          running = child;
        },
      });
      await untilShown(cwd, (text) => text.split("waits for somebody to receive").length === 3);
      (running as ChildProcess | null)?.kill("SIGKILL");
      await boot;
      const { code, out } = await foldos(["resume", "rec"], { cwd, input: "the gate\n" });
      expect([code, out.trimEnd().split("\n").sort()]).toEqual([
        0,
        ["client: written", "client: written", "server: all calls are served", "the gate"],
      ]);
      const texts = [];
      for (const badge of [1, 2])
        texts.push((await foldos(["cat", "rec", "end", `/${badge}.txt`], { cwd })).out);
      expect(texts).toEqual(["client 1: text 1\n", "client 2: text 2\n"]);
      await replays(cwd);
    }),
);
