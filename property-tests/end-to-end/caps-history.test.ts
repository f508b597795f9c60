/** Who could do what, and why, told of recordings: `foldos caps why`, `deputies`, `what-if`, `rehearse` and `audit`. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, jest, test } from "@jest/globals";
import { Explainer } from "../../replay/authority/explainer.ts";
import { endOf } from "../../replay/log-reader.ts";
import { RecordingStore } from "../../replay/recording-store.ts";
import { Timeline } from "../../replay/timeline.ts";
import { foldos, guest, inFreshDirectory } from "./foldos-command.ts";

jest.setTimeout(240_000);

const SERVER = `
local request = io.read("l")
local notes = io.open("/files/own-notes", "w") notes:write("x") notes:close()
local out = io.open("/files/" .. request, "w")
if out then out:write("compiled") out:close() end
`;

/** A compiler that writes where its client says, by its own authority over a directory. */
function plantService(cwd: string, request: string): void {
  mkdirSync(join(cwd, "files"));
  writeFileSync(join(cwd, "files/server.lua"), SERVER);
  writeFileSync(join(cwd, "files/client.lua"), `print("${request}")\n`);
  const directory = (mode: string) => [{ guest: "/files", host: "files", mode }];
  const lua = guest("lua");
  const machine = {
    version: 1,
    clock: "virtual",
    seed: 7,
    processes: {
      client: {
        program: lua,
        args: ["/files/client.lua"],
        directories: directory("read-only"),
        stdout: { pipe: "asked" },
      },
      server: {
        program: lua,
        args: ["/files/server.lua"],
        directories: directory("copy"),
        stdin: { pipe: "asked" },
      },
    },
    pipes: { asked: {} },
  };
  writeFileSync(join(cwd, "machine.json"), JSON.stringify(machine));
}

async function service(
  cwd: string,
  request = "billing.txt",
): Promise<(...words: string[]) => ReturnType<typeof foldos>> {
  plantService(cwd, request);
  const { code, err } = await foldos(["boot", "--record", "rec", "machine.json"], { cwd });
  expect([code, err]).toEqual([0, ""]);
  return (...words) => foldos(["caps", ...words], { cwd });
}

interface Logged {
  readonly seq: number;
  readonly type: string;
  readonly pid: number;
  readonly by?: number;
  readonly label?: string;
}

const logOf = async (cwd: string): Promise<readonly Logged[]> =>
  (await foldos(["log", "rec", "--json"], { cwd })).out
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Logged);

const lastOf = (log: readonly Logged[], type: string): Logged => {
  const found = log.filter((event) => event.type === type).pop();
  if (found === undefined) throw new Error(`the log has ${type}`);
  return found;
};

/** The events of a recording that cannot be explained. */
async function whyAll(cwd: string): Promise<readonly number[]> {
  const store = RecordingStore.open(join(cwd, "rec"), { write: false });
  try {
    const explainer = new Explainer(new Timeline(store));
    const seqs = Array.from({ length: endOf(store).seq }, (_, seq) => seq);
    return seqs.filter((seq) => explainer.why(seq)?.kind === "refused");
  } finally {
    store.close();
  }
}

describe("foldos caps", () => {
  test("why leads from a write to the grant of boot, verified", () =>
    inFreshDirectory(async (cwd) => {
      const caps = await service(cwd);
      const log = await logOf(cwd);
      const written = lastOf(log, "file/written");
      const { code, out } = await caps("why", "rec", String(written.seq));
      expect(code).toBe(0);
      expect(out).toMatch(
        /file\/written[^]*by capability #\d+: file[^]*file\/opened[^]*capability\/granted[^]*granted at boot\nverified from the events alone, 2 steps\n$/,
      );
      const told = JSON.parse((await caps("why", "rec", `#${written.seq}`, "--json")).out) as {
        readonly chain: readonly { readonly capability: number; readonly made: { readonly how: string } }[];
      };
      expect(told.chain.map(({ made }) => made.how)).toEqual(["opened", "granted at boot"]);
      expect(told.chain[0]?.capability).toBe(written.by);
      for (const event of log.filter(({ seq }) => seq % 20 === 0))
        expect((await caps("why", "rec", String(event.seq))).code).toBe(0);
    }));

  test("deputies tells the file that a client named and a server wrote, and nothing else", () =>
    inFreshDirectory(async (cwd) => {
      const caps = await service(cwd);
      const { code, out } = await caps("deputies", "rec", "--json");
      expect(code).toBe(1);
      const told = out
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as object);
      expect(told).toMatchObject([
        { type: "file/opened", pid: 2, name: "billing.txt", designators: [{ pid: 1 }], hadUsedIt: false },
      ]);
      expect((await caps("deputies", "rec")).out).toContain("1 effect is on what another process named");
      expect((await caps("deputies", "rec", "--shortest", "20")).code).toBe(0);
    }));

  test("deputies tells the attack on the bills where a compiler opens what its clients name", () =>
    inFreshDirectory(async (cwd) => {
      await foldos(["boot", "--record", "rec", resolve("guests/examples/deputy/ambient.json")], { cwd });
      const { code, out } = await foldos(["caps", "deputies", "rec", "--json"], { cwd });
      expect(code).toBe(1);
      const told = out
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as object);
      expect(told).toMatchObject([
        { type: "file/opened", pid: 1, name: "listing", designators: [{ pid: 2 }], couldItself: true },
        { type: "file/opened", pid: 1, name: "bill", designators: [{ pid: 3 }], couldItself: false },
      ]);
      const { out: text } = await foldos(["caps", "deputies", "rec"], { cwd });
      expect(text).toContain("process 3 could not have opened it so itself");
      expect(await whyAll(cwd)).toEqual([]);
    }));

  test("deputies tells nothing where a compiler writes into what its clients give it", () =>
    inFreshDirectory(async (cwd) => {
      await foldos(["boot", "--record", "rec", resolve("guests/examples/deputy/capability.json")], { cwd });
      const { code, out } = await foldos(["caps", "deputies", "rec"], { cwd });
      expect([code, out]).toEqual([0, "no effect is on what another process named\n"]);
      const log = await logOf(cwd);
      const written = log.filter(({ type, pid }) => type === "file/written" && pid === 1);
      const given = await foldos(["caps", "why", "rec", String(written[1]?.seq), "--json"], { cwd });
      expect(given.out).toContain('"how":"given"');
      expect(await whyAll(cwd)).toEqual([]);
    }));

  test("what-if tells what would not have happened, and leaves recording and host as they are", () =>
    inFreshDirectory(async (cwd) => {
      const caps = await service(cwd);
      const log = await logOf(cwd);
      const read = lastOf(log, "pipe/read");
      const grant = log.filter(
        ({ type, label, pid }) => type === "capability/granted" && label === "/files" && pid === 2,
      )[0];
      const before = readFileSync(join(cwd, "rec/data.mdb"));
      const { code, out, err } = await caps("what-if", "rec", "revoke", `#${grant?.seq}`, `@${read.seq}`);
      expect([code, err]).toEqual([0, ""]);
      expect(out).toMatch(
        /the first difference:[^]*ESTALE[^]*would not have happened, \d+ effects:[^]*billing\.txt/,
      );
      expect(readFileSync(join(cwd, "rec/data.mdb")).equals(before)).toBe(true);
      const unused = await caps("what-if", "rec", "revoke", String(grant?.seq), "@end");
      expect(unused.code).toBe(3);
      expect(unused.err).toContain("nobody holds capability");
    }));

  test("what-if forks a program that ran by itself, untransformed", () =>
    inFreshDirectory(async (cwd) => {
      mkdirSync(join(cwd, "m"));
      const run = ["run", "--record", "rec", "--dir", "m::/m", guest("syscall-mix"), "500", "/m/x"];
      expect((await foldos(run, { cwd })).code).toBe(0);
      const log = await logOf(cwd);
      const grant = lastOf(log, "capability/granted");
      const host = readFileSync(join(cwd, "m/x"));
      const { code, out } = await foldos(
        ["caps", "what-if", "rec", "revoke", `${grant.seq}`, "@600", "--most", "1"],
        { cwd },
      );
      expect(code).toBe(0);
      expect(out).toMatch(
        /2 capabilities would have been taken away[^]*fd_p?write fd 4 ESTALE[^]*would not have happened, \d+ effects/,
      );
      expect(readFileSync(join(cwd, "m/x")).equals(host)).toBe(true);
    }));

  test("unused --prove shows the first answer that is another without what was never used", () =>
    inFreshDirectory(async (cwd) => {
      mkdirSync(join(cwd, "idle"));
      const program = 'print(os.time(), os.clock(), io.read("l"))';
      const run = ["run", "--record", "rec", "--dir", "idle::/idle", guest("lua"), "-e", program];
      expect((await foldos(run, { cwd, input: "told\n" })).code).toBe(0);
      const same = await foldos(["caps", "unused", "rec", "1", "--prove", "--json"], { cwd });
      expect([same.code, same.err]).toEqual([0, ""]);
      expect(JSON.parse(same.out)).toMatchObject({ proved: true, effectCount: 1, difference: null });
      // Lua's seed is an address, and without the directory all lies elsewhere.
      const random = [
        "run",
        "--record",
        "rec2",
        "--dir",
        "idle::/idle",
        guest("lua"),
        "-e",
        "print(math.random())",
      ];
      expect((await foldos(random, { cwd })).code).toBe(0);
      const { code, out } = await foldos(["caps", "unused", "rec2", "1", "--prove"], { cwd });
      expect(code).toBe(1);
      expect(out).toMatch(
        /^not proved: \d+ answers are the same, then\n {2}recorded .*console\/written[^]*narrowed .*console\/written/,
      );
      expect((await foldos(["caps", "unused", "rec2", "1", "3..9", "--prove"], { cwd })).code).toBe(2);
    }));

  test("rehearse tells who holds it and what it was used for", () =>
    inFreshDirectory(async (cwd) => {
      const caps = await service(cwd);
      const log = await logOf(cwd);
      const read = lastOf(log, "pipe/read");
      const { code, out } = await caps("rehearse", "rec", "revoke", `#${read.by}`, `@${read.seq}`);
      expect(code).toBe(0);
      expect(out).toMatch(
        /takes 1 capability away[^]*slot 0 of process 2 \(server\)[^]*ESTALE; used last:[^]*pipe\/read/,
      );
    }));

  test("audit prints a machine file under which the machine does the same", () =>
    inFreshDirectory(async (cwd) => {
      plantService(cwd, "billing.txt");
      const { code, out, err } = await foldos(["caps", "audit", "--dry-run", "--json", "machine.json"], {
        cwd,
      });
      expect([code, err]).toEqual([0, ""]);
      const { machine, needs } = JSON.parse(out) as { machine: object; needs: readonly { name: string }[] };
      expect(needs.map(({ name }) => name)).toEqual(["client", "server"]);
      expect(readFileSync(join(cwd, "files/client.lua"), "utf8")).toContain("billing.txt");
      writeFileSync(join(cwd, "narrow.json"), JSON.stringify(machine));
      expect((await foldos(["boot", "--record", "narrow", "narrow.json"], { cwd })).code).toBe(0);
      const log = (await foldos(["log", "narrow", "--type", "file/created"], { cwd })).out;
      expect(log).toContain("billing.txt");
    }));

  test("audit prints the flags that a program needs, and writes nothing", () =>
    inFreshDirectory(async (cwd) => {
      mkdirSync(join(cwd, "from"));
      writeFileSync(join(cwd, "from/a"), "abc");
      mkdirSync(join(cwd, "to"));
      const audit = [
        "caps",
        "audit",
        "--dry-run",
        "--offer",
        "from::/s",
        "--offer",
        "to::/t",
        "--offer",
        "from::/unused",
      ];
      const { code, out } = await foldos([...audit, guest("copy-tree"), "/s", "/t/x"], { cwd });
      expect(code).toBe(0);
      expect(out).toMatch(
        /foldos run --dir \S+\/from::\/s:ro --dir \S+\/to::\/t \S+copy-tree\.wasm \/s \/t\/x\n/,
      );
      expect(out).not.toContain("/unused:");
      expect((await foldos(["log", "rec"], { cwd })).code).not.toBe(0);
    }));

  test.each<[readonly string[], string]>([
    [["why", "rec"], "which event?"],
    [["why", "rec", "99999"], "the log has the events 0 to"],
    [["why", "rec", "x"], "the seq of an event was expected"],
    [["what-if", "rec", "grant", "1"], "revoke CAP @MOMENT was expected"],
    [["what-if", "rec", "revoke", "x"], "the id of a capability was expected"],
    [["what-if", "rec", "revoke", "1", "@99999"], "the log has the events 0 to"],
    [["rehearse", "rec", "revoke", "99999999"], "nobody holds capability #99999999"],
    [["deputies", "rec", "--shortest", "0"], "a whole number from 1"],
    [["audit", "machine.json"], "--dry-run"],
    [["audit", "--dry-run", "--offer", "nowhere", "machine.json"], "cannot be used"],
    [["whyy", "rec"], "was `foldos caps why` meant?"],
  ])("caps %j is told what was expected", (words, what) =>
    inFreshDirectory(async (cwd) => {
      const caps = await service(cwd);
      const { code, out, err } = await caps(...words);
      expect([code, out]).toEqual([2, ""]);
      expect(err).toContain(what);
    }),
  );
});
