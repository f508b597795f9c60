import { describe, expect, test } from "@jest/globals";
import { errno } from "../../core/errno.ts";
import { contextRight, notificationRight } from "../../core/object-rights.ts";
import { allRightsOf } from "../../core/object-rights.ts";
import { get, peek } from "../../core/table.ts";
import { addressOf, MACHINE, space } from "../capabilities/address.ts";
import { kernelInvariants } from "../kernel-invariants.ts";
import { messageAt, signalAt } from "../scheduler/awaited.ts";
import type { SchedulerState } from "../scheduler/scheduler-state.ts";
import { ScriptedMachine } from "../scripted-machine.ts";
import { contextOf, effectivePriority, wouldDonateInCircle } from "./effective-priority.ts";
import type { Request } from "./request.ts";
import { granted } from "./scripted-refusals.ts";

const NOTIFICATION = 1;
const LINE = 2;
const CONTEXT = 3;
const OTHER = 4;
const ENDPOINT = 5;
const TIMER = 6;
/** Slots: those of the objects are their ids. */
const SELF = 7;
const PEER = 8;
const SECOND = 9;

/** Three processes that hold all there is. */
function urgentMachine(): ScriptedMachine {
  const machine = new ScriptedMachine();
  machine.happen(0, { type: "machine/powered-on", wall: 0, clock: "virtual", version: 1, nameSeed: 0 });
  machine.happen(0, { type: "scheduler/configured", quantum: 1000, seed: 1, transform: 1 });
  const kinds = ["notification", "interrupt", "context", "notification", "endpoint", "timer"] as const;
  const paid = { by: 0, budget: 0, bytes: 0, label: "", detail: 0 };
  kinds.forEach((object, index) => {
    const to = addressOf(space.kept, MACHINE, index);
    const rights = allRightsOf(object);
    machine.happen(0, { type: "object/created", to, object, target: index + 1, rights, ...paid });
  });
  machine.happen(0, { type: "interrupt/attached", line: LINE, everyMicros: 0 });
  const nothing = { program: "", name: "", args: [], environment: [], memoryPages: 1 };
  for (const pid of [1, 2, 3]) machine.happen(pid, { type: "process/started", ...nothing });
  for (const pid of [1, 2, 3]) {
    kinds.forEach((object, index) => machine.happen(pid, granted(index + 1, object, index + 1)));
    machine.happen(pid, granted(SELF, "process", pid), granted(PEER, "process", (pid % 3) + 1));
  }
  return machine;
}

const refusal = (machine: ScriptedMachine, request: Request, pid = 1): number => {
  const decision = machine.askAs(pid, request);
  return decision.kind === "refused" ? decision.errno : 0;
};

const placementOf = (machine: ScriptedMachine, pid: number): number =>
  get((machine.state.scheduler as SchedulerState).tasks, pid).placement;

const broken = (machine: ScriptedMachine): readonly string[] =>
  Object.entries(kernelInvariants).flatMap(([name, holds]) => (holds(machine.state) ? [] : [name]));

const configure = (
  terms: Partial<{ budgetMicros: number; periodMicros: number; priority: number }> = {},
): Request => ({
  call: "context_configure",
  fd: CONTEXT,
  budgetMicros: 10,
  periodMicros: 50,
  priority: 100,
  ...terms,
});

const wait = (machine: ScriptedMachine, pid: number, object: number): void => {
  machine.happen(pid, { type: "process/scheduled", quantum: 1000 });
  machine.happen(pid, { type: "process/suspended", ticks: 1, since: 0, until: 0, objects: [object] });
};

/** A machine whose first process waits for an interrupt, and has a context of 180 for that. */
function handling(): ScriptedMachine {
  const machine = urgentMachine();
  machine.happen(1, { type: "process/ranked", priority: 60, ceiling: 180 });
  machine.perform(configure({ priority: 180 }));
  machine.perform({ call: "context_bind", fd: CONTEXT, to: NOTIFICATION });
  machine.perform({ call: "interrupt_bind", fd: LINE, notification: NOTIFICATION });
  wait(machine, 1, signalAt(NOTIFICATION));
  return machine;
}

describe("a scheduling context", () => {
  test.each([
    ["no budget", { budgetMicros: 0 }, errno.inval],
    ["more than its period", { budgetMicros: 51 }, errno.inval],
    ["a period without end", { periodMicros: 2 ** 41 }, errno.inval],
    ["a priority that there is not", { priority: 256 }, errno.inval],
    ["more than the ceiling", { priority: 101 }, errno.notcapable],
    ["what is allowed", {}, 0],
  ])("of %s is refused or not: %j", (_, terms, expected) => {
    expect(refusal(urgentMachine(), configure(terms))).toBe(expected);
  });

  test("is bound once, to a notification or a process, and only when it has its terms", () => {
    const machine = urgentMachine();
    const bind = (to: number): Request => ({ call: "context_bind", fd: CONTEXT, to });
    expect(refusal(machine, bind(NOTIFICATION))).toBe(errno.inval);
    machine.perform(configure());
    expect(refusal(machine, bind(ENDPOINT))).toBe(errno.inval);
    machine.perform(bind(NOTIFICATION));
    expect(contextOf(machine.state, NOTIFICATION)).toBe(CONTEXT);
    expect([refusal(machine, bind(OTHER)), refusal(machine, bind(SELF))]).toEqual([errno.busy, errno.busy]);
    machine.perform({ call: "context_unbind", fd: CONTEXT });
    expect(refusal(machine, { call: "context_unbind", fd: CONTEXT })).toBe(errno.inval);
    machine.perform(bind(PEER));
    expect(broken(machine)).toEqual([]);
  });

  test("needs the right for each of that", () => {
    const machine = urgentMachine();
    machine.happen(1, granted(20, "context", CONTEXT, contextRight.bind));
    machine.happen(1, granted(21, "context", CONTEXT, contextRight.configure));
    machine.happen(1, granted(22, "notification", OTHER, notificationRight.signal));
    expect(refusal(machine, { ...configure(), fd: 20 } as Request)).toBe(errno.notcapable);
    expect(refusal(machine, { call: "context_bind", fd: 21, to: NOTIFICATION })).toBe(errno.notcapable);
    machine.perform(configure());
    expect(refusal(machine, { call: "context_bind", fd: 20, to: 22 })).toBe(errno.notcapable);
  });

  test("raises the process that it is bound to, until it is unbound", () => {
    const machine = urgentMachine();
    machine.happen(1, { type: "process/ranked", priority: 100, ceiling: 200 });
    machine.perform(configure({ priority: 150 }));
    machine.perform({ call: "context_bind", fd: CONTEXT, to: PEER });
    expect([placementOf(machine, 2), effectivePriority(machine.state, 2)]).toEqual([150, 150]);
    machine.perform({ call: "context_unbind", fd: CONTEXT });
    expect([placementOf(machine, 2), broken(machine)]).toEqual([100, []]);
  });
});

describe("an interrupt", () => {
  test("raises whoever waits for it until that is acknowledged", () => {
    const machine = handling();
    expect(placementOf(machine, 1)).toBe(60);
    machine.happen(0, { type: "interrupt/raised", line: LINE });
    expect(placementOf(machine, 1)).toBe(180);
    machine.happen(1, { type: "process/woken" });
    machine.perform({ call: "notification_poll", fd: NOTIFICATION });
    machine.perform({ call: "interrupt_acknowledge", fd: LINE });
    expect([placementOf(machine, 1), broken(machine)]).toEqual([60, []]);
    expect(refusal(machine, { call: "interrupt_acknowledge", fd: LINE })).toBe(errno.inval);
  });

  test.each<[string, (machine: ScriptedMachine) => void]>([
    ["traps", (machine) => machine.happen(1, { type: "process/trapped", message: "", stack: [] })],
    ["is killed", (machine) => machine.happen(1, { type: "process/killed", signal: "SIGKILL", code: 137 })],
  ])("raises nobody any more when its handler %s", (_, ends) => {
    const machine = handling();
    machine.happen(0, { type: "interrupt/raised", line: LINE });
    ends(machine);
    const { contexts } = machine.state.scheduler as SchedulerState;
    expect(get(contexts, CONTEXT).borrower).toBe(0);
  });

  test.each([
    ["the context", CONTEXT],
    ["the line", LINE],
    ["the notification", NOTIFICATION],
  ])("raises nobody any more when what was made of %s is revoked", (_, slot) => {
    const machine = handling();
    machine.happen(0, { type: "interrupt/raised", line: LINE });
    machine.happen(1, { type: "process/woken" });
    machine.perform({ call: "cap_revoke", fd: slot });
    expect([placementOf(machine, 1), broken(machine)]).toEqual([60, []]);
  });

  test("is bound by one at a time, and comes free with the capability that it was bound by", () => {
    const machine = handling();
    const bind: Request = { call: "interrupt_bind", fd: LINE, notification: OTHER };
    expect(refusal(machine, bind, 2)).toBe(errno.busy);
    machine.perform({ call: "cap_delete", fd: LINE });
    expect([refusal(machine, bind, 2), broken(machine)]).toEqual([0, []]);
  });

  test("that was raised while it was masked comes again with the acknowledgement, once", () => {
    const machine = handling();
    for (let times = 0; times < 3; times += 1) machine.happen(0, { type: "interrupt/raised", line: LINE });
    machine.happen(1, { type: "process/woken" });
    machine.perform({ call: "notification_poll", fd: NOTIFICATION });
    machine.perform({ call: "interrupt_acknowledge", fd: LINE });
    expect(peek(machine.state.ipc.notifications, NOTIFICATION)?.isPending).toBe(true);
    machine.perform({ call: "notification_poll", fd: NOTIFICATION });
    machine.perform({ call: "interrupt_acknowledge", fd: LINE });
    expect(peek(machine.state.ipc.notifications, NOTIFICATION)?.isPending).toBe(false);
  });
});

describe("a timer", () => {
  const arm = (until: number): Request => ({ call: "timer_arm", fd: TIMER, notification: OTHER, until });

  test("signals once, and can be armed anew before, or not any more", () => {
    const machine = urgentMachine();
    machine.perform(arm(40));
    machine.perform(arm(30));
    expect(broken(machine)).toEqual([]);
    machine.at = 30;
    machine.happen(0, { type: "timer/fired", timer: TIMER });
    expect(peek(machine.state.ipc.notifications, OTHER)?.isPending).toBe(true);
    machine.perform(arm(90));
    machine.perform({ call: "timer_disarm", fd: TIMER });
    machine.perform({ call: "timer_disarm", fd: TIMER });
    expect([machine.state.interrupts.due.root, broken(machine)]).toEqual([null, []]);
  });

  test("is not armed any more when what it was to signal is revoked", () => {
    const machine = urgentMachine();
    machine.perform(arm(40));
    machine.perform({ call: "cap_revoke", fd: OTHER });
    expect([machine.state.interrupts.due.root, broken(machine)]).toEqual([null, []]);
  });
});

describe("a priority", () => {
  const set = (priority: number, authority = SELF): Request => ({
    call: "priority_set",
    fd: PEER,
    authority,
    priority,
  });

  test.each([
    [100, SELF, 0],
    [101, SELF, errno.notcapable],
    [200, PEER, 0],
    [256, PEER, errno.inval],
    [10, CONTEXT, errno.inval],
  ])("of %d by the authority of slot %d is refused or not", (priority, authority, expected) => {
    const machine = urgentMachine();
    machine.happen(2, { type: "process/ranked", priority: 20, ceiling: 200 });
    expect(refusal(machine, set(priority, authority))).toBe(expected);
  });

  test("is given to who lives, and shows at once", () => {
    const machine = urgentMachine();
    machine.perform(set(40));
    expect([placementOf(machine, 2), broken(machine)]).toEqual([40, []]);
    machine.happen(2, { type: "process/killed", signal: "SIGKILL", code: 137 });
    expect(refusal(machine, set(40))).toBe(errno.srch);
  });
});

test("who would wait for itself in a circle is refused", () => {
  const machine = urgentMachine();
  const to = addressOf(space.kept, MACHINE, 9);
  const second = { object: "endpoint", target: 7, rights: allRightsOf("endpoint") } as const;
  const paid = { by: 0, budget: 0, bytes: 0, label: "", detail: 0 };
  machine.happen(0, { type: "object/created", to, ...second, ...paid });
  for (const pid of [1, 2, 3]) machine.happen(pid, granted(SECOND, "endpoint", 7));
  const call: Request = { call: "ipc_call", fd: ENDPOINT, size: 0, given: [], capacity: 0, slots: 0 };
  const other: Request = { ...call, fd: SECOND } as Request;
  wait(machine, 1, messageAt(7));
  expect(machine.askAs(2, other).kind).toBe("parked");
  const sent = machine.askAs(1, call);
  if (sent.kind !== "parked") throw new Error("a call is sent, and waited for");
  for (const fact of sent.facts) machine.happen(1, fact);
  machine.performAs(2, { call: "ipc_receive", fd: ENDPOINT, mayWait: false, capacity: 0, slots: 0 });
  expect(wouldDonateInCircle(machine.state, 3, ENDPOINT)).toBe(false);
  expect([refusal(machine, other, 2), refusal(machine, other, 3)]).toEqual([errno.deadlk, 0]);
  machine.happen(1, { type: "process/ranked", priority: 190, ceiling: 190 });
  expect([placementOf(machine, 2), broken(machine)]).toEqual([190, []]);
});
