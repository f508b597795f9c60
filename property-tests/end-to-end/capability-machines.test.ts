/** Machines whose processes hand on authority: who waits for whom when somebody ends, is ended, or is revoked. */
import { describe, expect, jest, test } from "@jest/globals";
import { endpoint, type Json, plant, replays, script, spawns } from "./cap-script.ts";
import { type Ended, foldos, inFreshDirectory } from "./foldos-command.ts";

jest.setTimeout(240_000);

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

describe("a process that was spawned", () => {
  test("is ended by who may, in the middle of what it does, and has the exit code of that", () =>
    inFreshDirectory(async (cwd) => {
      const steps = [
        "spawn:p:child:spin:100000000",
        "spin:3000",
        "end:child",
        "wait:child",
        "end:child",
        "spawn:p:other:exit:3",
        "wait:other",
        "delete:other",
        "wait:other",
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

test("a device is held, examined, minted, handed on, sealed, wrapped and revoked, and nothing can be done with it", () =>
  inFreshDirectory(async (cwd) => {
    const steps = [
      "examine:disk",
      "mint:disk:bare:0:0",
      "examine:bare",
      "make:brand:b:brand",
      "seal:brand:disk:b:box",
      "unseal:brand:box:out",
      "examine:out",
      "make:membrane:b:m",
      "wrap:m:disk:wrapped",
      "signal:disk",
      "try-receive:disk",
      "give:disk",
      "call:e:take it",
      "revoke:disk",
      "examine:out",
      "examine:disk",
    ];
    const { lines, code } = await booted(
      cwd,
      {
        driver: script(["receive:e", "examine:got0", "signal:got0", "reply:done"], {
          e: endpoint(["receive"]),
        }),
        owner: script(steps, {
          e: endpoint(["send", "grant"]),
          disk: { device: "disk0", rights: ["use"] },
          b: { budget: "4KiB" },
        }),
      },
      { devices: { disk0: { kind: "block" }, net0: { kind: "network", description: "eth" } } },
    );
    expect(code).toBe(0);
    const held = "kind 17, rights 1, badge 0, flags 0";
    expect(lines).toEqual(
      expect.arrayContaining([
        `examine:disk -> ok: ${held}`,
        "examine:bare -> ok: kind 17, rights 0, badge 0, flags 0",
        `examine:out -> ok: ${held}`,
        "wrap:m:disk:wrapped -> ok",
        "signal:disk -> Invalid argument",
        "try-receive:disk -> Invalid argument",
        `examine:got0 -> ok: ${held}`,
        "signal:got0 -> Invalid argument",
        "revoke:disk -> ok",
        "examine:out -> Stale file handle",
      ]),
    );
    expect(lines.at(-1)).toBe(`examine:disk -> ok: ${held}`);
    const made = await foldos(["log", "rec", "--type", "object/created", "--to", "20"], { cwd });
    expect(made.out).toMatch(/device 2 "disk0" in the machine, of kind block\n/);
    const who = await foldos(["caps", "who", "rec", "device:2", "@20"], { cwd });
    expect(who.out).toMatch(/\(owner\) {2}device:2\/\d+#\d+, named "disk"/);
    const narrowed = await foldos(["caps", "unused", "rec", "2", "--machine"], { cwd });
    expect(JSON.parse(narrowed.out)).toMatchObject({ devices: { disk0: { kind: "block" } } });
  }));

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
