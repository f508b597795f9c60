/** Machines whose processes hand on authority: who waits for whom when somebody ends, is ended, is revoked, is cut off. */
import type { ChildProcess } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { describe, expect, jest, test } from "@jest/globals";
import { type Ended, foldos, guest, inFreshDirectory } from "./foldos-command.ts";

jest.setTimeout(240_000);

type Json = Readonly<Record<string, unknown>>;

const endpoint = (rights: readonly string[], badge = 0): Json => ({ endpoint: "e", rights, badge });
const spawns: Json = { program: guest("cap-script"), rights: ["spawn"] };

/** A process that goes through steps of cap-script.c. */
const script = (steps: readonly string[], capabilities: Json, more: Json = {}): Json => ({
  program: guest("cap-script"),
  args: steps,
  capabilities,
  ...more,
});

const plant = (cwd: string, processes: Json, more: Json = {}): void =>
  writeFileSync(
    join(cwd, "machine.json"),
    JSON.stringify({ version: 1, clock: "virtual", seed: 7, endpoints: { e: {} }, processes, ...more }),
  );

async function replays(cwd: string): Promise<void> {
  for (const flags of [[], ["--fold-only"]]) {
    const { code, err } = await foldos(["replay", ...flags, "rec"], { cwd });
    expect([code, err]).toEqual([0, ""]);
  }
}

/** Boots a machine of such processes, which comes to its end, and replays it. What was printed, in lines. */
async function booted(
  cwd: string,
  processes: Json,
  more: Json = {},
): Promise<Ended & { readonly lines: readonly string[] }> {
  plant(cwd, processes, more);
  const ended = await foldos(["boot", "--record", "rec", "machine.json"], { cwd });
  await replays(cwd);
  return { ...ended, lines: ended.out.trimEnd().split("\n") };
}

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

describe("a process that was spawned", () => {
  test("is ended by who may, in the middle of what it does, and has the exit code of that", () =>
    inFreshDirectory(async (cwd) => {
      const steps = [
        ...["spawn:p:child:spin:100000000", "spin:3000", "end:child", "wait:child", "end:child"],
        ...["spawn:p:other:exit:3", "wait:other", "delete:other", "wait:other"],
      ];
      const { code, lines } = await booted(
        cwd,
        { a: script(steps, { p: spawns }) },
        { scheduler: { quantum: 1000 } },
      );
      expect([code, lines.map((line) => line.replace(/.* -> /, ""))]).toEqual([
        0,
        ["ok", "ok", "ok", "ok: 137", "No such process", "ok", "ok: 3", "ok", "Bad file descriptor"],
      ]);
    }));

  test("is ended while it waits for a reply; who was to reply is told that nobody waits", () =>
    inFreshDirectory(async (cwd) => {
      const { lines } = await booted(
        cwd,
        {
          server: script(["receive:e", "wait-signal:done", "reply:late", "receive:e", "reply:in time"], {
            e: endpoint(["receive"]),
            done: { notification: "done" },
          }),
          boss: script(
            [
              "give:e",
              "spawn:p:child:call:e:hi",
              "wait-signal:took",
              "end:child",
              "signal:done",
              "call:e:again",
            ],
            {
              e: endpoint(["send", "grant"]),
              p: spawns,
              done: { notification: "done" },
              took: { notification: "took" },
            },
          ),
          // It says when the call of the child was taken: the server cannot, as it is the one that waits.
          witness: script(["spin:200000", "signal:took"], { took: { notification: "took" } }),
        },
        { notifications: { done: {}, took: {} } },
      );
      expect(lines).toContain("receive:e -> ok: badge 0, 0 capabilities: hi");
      expect(lines).toContain("end:child -> ok");
      expect(lines).toContain("reply:late -> Stale file handle");
      expect(lines).toContain("call:e:again -> ok: badge 0, 0 capabilities: in time");
    }));

  test("outlives who spawned it, and its exit code is not the machine's", () =>
    inFreshDirectory(async (cwd) => {
      const { code, lines, err } = await booted(cwd, {
        a: script(["give:0", "give:1", "give:2", "spawn:p:child:exit:9"], { p: spawns }),
      });
      expect([code, lines, err]).toEqual([
        0,
        ["give:0 -> ok", "give:1 -> ok", "give:2 -> ok", "spawn:p:child:exit:9 -> ok"],
        "",
      ]);
    }));
});

describe("who sends to an endpoint at which nobody will receive any more", () => {
  test("is told: in the queue ECANCELED, and later that it has nothing to send through", () =>
    inFreshDirectory(async (cwd) => {
      const client = script(["call:3:hi", "call:3:again"], { e: endpoint(["send", "grantReply"]) });
      const { lines, code } = await booted(cwd, {
        server: script(["receive:e", "reply:one"], { e: endpoint(["receive"]) }),
        first: client,
        second: client,
      });
      expect(code).toBe(0);
      expect([...lines].sort()).toEqual([
        "call:3:again -> Stale file handle",
        "call:3:again -> Stale file handle",
        "call:3:hi -> Operation canceled",
        "call:3:hi -> ok: badge 0, 0 capabilities: one",
        "receive:e -> ok: badge 0, 0 capabilities: hi",
        "reply:one -> ok",
      ]);
    }));

  test("waits on where one who was spawned may receive, and is told when that one has ended", () =>
    inFreshDirectory(async (cwd) => {
      const { lines } = await booted(cwd, {
        server: script(["give:e", "give:1", "spawn:p:child:receive:e"], {
          e: endpoint(["receive"]),
          p: spawns,
        }),
        client: script(["send:e:one", "send:e:two"], { e: endpoint(["send"]) }),
      });
      expect(lines).toContain("send:e:one -> ok");
      expect(lines.at(-1)).toMatch(/^send:e:two -> (Operation canceled|Bad file descriptor)$/);
    }));

  test("waits for a server that is started again, which has the endpoint again", () =>
    inFreshDirectory(async (cwd) => {
      const restart = { condition: "on-failure", maxRestarts: 1, delay: "1s" };
      const { code, lines } = await booted(cwd, {
        server: script(["receive:e", "reply:here", "exit:1"], { e: endpoint(["receive"]) }, { restart }),
        client: script(["call:e:one", "call:e:two"], { e: endpoint(["send", "grantReply"]) }),
      });
      expect(lines.filter((line) => line.startsWith("call"))).toEqual([
        "call:e:one -> ok: badge 0, 0 capabilities: here",
        "call:e:two -> ok: badge 0, 0 capabilities: here",
      ]);
      expect(code).toBe(1);
    }));
});

test("a lease of one use is good for one call, also where that has to wait; budgets pay and are paid back", () =>
  inFreshDirectory(async (cwd) => {
    const { lines } = await booted(cwd, {
      client: script(["lease:e:once:1", "give:b", "call:once:hi", "call:once:hi", "used:b"], {
        e: endpoint(["send", "grant"], 7),
        b: { budget: 1024 },
      }),
      server: script(
        [
          "receive:e",
          "make:endpoint:got0:q",
          "make:table:got0:t",
          "used:got0",
          "delete:q",
          "used:got0",
          "reply:ok",
        ],
        { e: endpoint(["receive"]) },
      ),
    });
    expect(lines.filter((line) => /^(receive|used|call)/.test(line))).toEqual([
      "receive:e -> ok: badge 7, 1 capabilities: hi",
      "used:got0 -> ok: 512 of 1024",
      "used:got0 -> ok: 256 of 1024",
      "call:once:hi -> ok: badge 0, 0 capabilities: ok",
      "call:once:hi -> Stale file handle",
      "used:b -> ok: 0 of 1024",
    ]);
  }));

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
    const killed = await foldos(["boot", "--record", "rec", "machine.json"], {
      cwd,
      onStarted: whenSaid(STILL, (child) => child.kill("SIGKILL")),
    });
    expect(killed.err).toContain("client (2) waits for somebody to receive what it sent, or a reply");
    expect((await foldos(["ps", "rec"], { cwd })).out).toContain("all who live wait for each other");
    const resumed = await foldos(["resume", "rec"], {
      cwd,
      onStarted: whenSaid(STILL, (child) => child.kill("SIGINT")),
    });
    expect(resumed.err).toContain("client: killed by SIGINT");
    await replays(cwd);
  }));

/** Waits until so many processes of a recording wait for somebody to receive what they sent. */
async function untilSent(cwd: string, count: number): Promise<void> {
  for (;;) {
    const { out } = await foldos(["ps", "rec"], { cwd });
    if (out.split("waits for somebody to receive").length - 1 === count) return;
    await pause(20);
  }
}

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
      await untilSent(cwd, 2);
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
