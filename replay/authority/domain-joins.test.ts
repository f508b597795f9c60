import { expect, test } from "@jest/globals";
import { endpointRight } from "../../core/object-rights.ts";
import { addressOf, space } from "../../reducers/capabilities/address.ts";
import { type ScriptedMachine, scriptedMachine } from "../../reducers/scripted-machine.ts";
import { GuestPaths } from "../guest-paths.ts";
import { AuthorityView } from "./authority-view.ts";
import { domainJoins } from "./domain-joins.ts";
import { trustDomains } from "./trust-domains.ts";

const { send, receive, grant } = endpointRight;
const ENDPOINT = 1;

const viewOf = (machine: ScriptedMachine): AuthorityView =>
  new AuthorityView(machine.snapshot(), new GuestPaths());

function granted(machine: ScriptedMachine, pid: number, rights: number): void {
  const fact = { slot: 20, object: "endpoint", target: ENDPOINT, rights, inheriting: 0, label: "" } as const;
  machine.happen(pid, { type: "capability/granted", ...fact });
}

/** Three processes; 1 has made an endpoint, at which it may receive. */
function scene(): ScriptedMachine {
  const machine = scriptedMachine();
  const program = { program: "ab".repeat(32), args: [], environment: [], memoryPages: 1 };
  for (const pid of [2, 3])
    machine.happen(pid, { type: "process/started", name: `guest-${pid}`, ...program });
  machine.happen(1, {
    type: "object/created",
    by: 0,
    to: addressOf(space.process, 1, 20),
    object: "endpoint",
    target: ENDPOINT,
    rights: receive,
    budget: 0,
    bytes: 0,
    label: "",
    detail: 0,
  });
  return machine;
}

test("who sends without the right to grant is of another domain than who receives", () => {
  const machine = scene();
  granted(machine, 2, send);
  expect(trustDomains(viewOf(machine))).toEqual([[1], [2], [3]]);
});

test("who sends with the right to grant is of one with who receives, and the grant that made it so is named", () => {
  const machine = scene();
  granted(machine, 2, send);
  const before = viewOf(machine);
  granted(machine, 3, send | grant);
  const after = viewOf(machine);
  expect(trustDomains(after)).toEqual([[1, 3], [2]]);
  const joins = domainJoins(before, after);
  expect(joins.map(({ domains }) => domains)).toEqual([[[1], [3]]]);
  expect(joins.map(({ by }) => by.capability.id)).toEqual([machine.state.seq - 1]);
});

test("where nothing was granted nothing is told, and neither of who were one before", () => {
  const machine = scene();
  granted(machine, 3, send | grant);
  const before = viewOf(machine);
  granted(machine, 2, send);
  expect(domainJoins(before, viewOf(machine))).toEqual([]);
});

test("two who send where nobody receives are apart", () => {
  const machine = scene();
  machine.happen(1, {
    type: "capability/narrowed",
    by: machine.state.seq - 1,
    slot: 20,
    rights: 0,
    inheriting: 0,
  });
  granted(machine, 2, send | grant);
  granted(machine, 3, send | grant);
  expect(trustDomains(viewOf(machine))).toEqual([[1], [2], [3]]);
});
