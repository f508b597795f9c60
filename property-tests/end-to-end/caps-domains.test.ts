/** `foldos caps diff` warns of the grants by which domains of trust became one, and `caps graph` shows them. */
import { expect, jest, test } from "@jest/globals";
import { endpoint, plant, script } from "./cap-script.ts";
import { foldos, inFreshDirectory } from "./foldos-command.ts";

jest.setTimeout(120_000);

interface Logged {
  readonly seq: number;
  readonly type: string;
  readonly pid: number;
}

/** A recording of a server and of two who send to it, of whom one may grant: when the last was started, and when all have what they have. */
async function recorded(cwd: string): Promise<{ readonly started: number; readonly booted: number }> {
  plant(cwd, {
    server: script(["receive:e", "receive:e"], { e: endpoint(["receive"]) }),
    teller: script(["send:e:hi"], { e: endpoint(["send"]) }),
    giver: script(["send:e:hello"], { e: endpoint(["send", "grant"]) }),
  });
  expect((await foldos(["boot", "--record", "rec", "machine.json"], { cwd })).code).toBe(0);
  const { out } = await foldos(["log", "rec", "--json"], { cwd });
  const log = out
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Logged);
  const of = (type: string): readonly number[] =>
    log.filter((event) => event.type === type).map(({ seq }) => seq);
  return { started: of("process/started").at(-1) ?? 0, booted: (of("process/scheduled")[0] ?? 0) - 1 };
}

test("diff warns that who may grant over an endpoint and who receives there are one domain of trust", () =>
  inFreshDirectory(async (cwd) => {
    const { started, booted } = await recorded(cwd);
    const caps = async (...words: readonly string[]): Promise<string> =>
      (await foldos(["caps", ...words], { cwd })).out;
    const said = await caps("diff", "rec", `${started}`, `${booted}`);
    expect(said).toMatch(
      /^! process:1 \(server\) \| process:3 \(giver\) are one domain of trust: by endpoint:\d+.*#\d+, of process:3$/m,
    );
    expect(said.match(/^!/gm)).toHaveLength(1);
    const changes = (await caps("diff", "rec", `${started}`, `${booted}`, "--json"))
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as object);
    expect(changes.at(-1)).toMatchObject({ change: "joined", domains: [[1], [3]], holder: "process:3" });
    expect(await caps("diff", "rec", `${booted}`, `${booted}`)).toBe("nobody's authority differs\n");
    const { domains } = JSON.parse(await caps("graph", "rec", `@${booted}`, "--json")) as { domains: object };
    expect(domains).toEqual([["process:1", "process:3"]]);
    expect(await caps("graph", "rec", `@${booted}`)).toContain(
      'subgraph cluster_0 { label="one domain of trust"; "process:1"; "process:3"; }',
    );
  }));
