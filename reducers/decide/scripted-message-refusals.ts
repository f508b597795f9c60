/** What is refused of calls on endpoints, notifications, lines, contexts and processes: for tests. */
import { MAX_QUEUE } from "../ipc/ipc-state.ts";
import { PID, type ScriptedMachine } from "../scripted-machine.ts";
import { messageAt } from "../scheduler/awaited.ts";
import type { FoldosRequest, Given } from "./foldos-request.ts";
import {
  ALL,
  beginRevocation,
  create,
  EMPTY,
  granted,
  idOf,
  OTHER,
  type Refusals,
  sends,
  type Slots,
  started,
} from "./scripted-refusals.ts";

const TOO_LONG = 65_537;
const room = { capacity: 1, slots: 0 } as const;
const give = (...slots: readonly number[]): readonly Given[] => slots.map((slot) => ({ slot, rights: ALL }));
const message = (given: readonly Given[], size = 0) => ({ size, given }) as const;

const send = (fd: number, given: readonly Given[] = [], mayWait = true): FoldosRequest => ({
  call: "ipc_send",
  fd,
  mayWait,
  ...message(given),
});
const call = (fd: number): FoldosRequest => ({ call: "ipc_call", fd, ...message([]), ...room });
const receive = (fd: number, mayWait = true): FoldosRequest => ({
  call: "ipc_receive",
  fd,
  mayWait,
  ...room,
});

/** As many senders wait as may. */
function fill(machine: ScriptedMachine, endpoint: number): void {
  const target = idOf(machine, endpoint);
  for (let pid = 10; pid < 10 + MAX_QUEUE; pid += 1) {
    machine.happen(pid, started, granted(0, "endpoint", target, 1));
    sends(machine, pid, send(0));
  }
}

/** Another process serves a second endpoint, and waits for a reply of this one, which then calls there. */
function inACircle({ endpoint }: Slots, machine: ScriptedMachine): FoldosRequest {
  const second = create(machine, "endpoint");
  machine.happen(OTHER, granted(0, "endpoint", idOf(machine, endpoint), 1));
  machine.happen(OTHER, granted(1, "endpoint", idOf(machine, second), 2));
  machine.happen(OTHER, { type: "process/scheduled", quantum: 100 });
  const objects = [messageAt(idOf(machine, second))];
  machine.happen(OTHER, { type: "process/suspended", ticks: 1, since: 0, until: 0, objects });
  sends(machine, OTHER, call(0));
  machine.perform(receive(endpoint));
  return call(second);
}

/** What was asked, and waits, when what it was asked through is taken back. */
const takenBack =
  (request: (badged: number) => FoldosRequest) =>
  ({ endpoint, badged }: Slots, machine: ScriptedMachine): FoldosRequest => {
    const asked = request(badged);
    const decided = machine.ask(asked);
    if (decided.kind === "parked") machine.happen(PID, ...decided.facts);
    machine.perform({ call: "cap_revoke", fd: endpoint });
    return asked;
  };

const again = { isAgain: true } as const;

const messages: Refusals = {
  ipc_send: [
    [
      "msgsize",
      "message-too-long",
      ({ endpoint: fd }) => ({ call: "ipc_send", fd, mayWait: true, ...message([], TOO_LONG) }),
    ],
    [
      "msgsize",
      "too-many-given",
      ({ endpoint, file }) => send(endpoint, give(...Array<number>(17).fill(file))),
    ],
    ["again", "nobody-waits", ({ endpoint }) => send(endpoint, [], false)],
    [
      "again",
      "queue-full",
      ({ endpoint }, machine) => {
        fill(machine, endpoint);
        return send(endpoint);
      },
    ],
    ["notcapable", "needs-grant", ({ badged, file }) => send(badged, give(file))],
    ["notcapable", "lacks-right", ({ receiver }) => send(receiver)],
    ["perm", "is-reply", ({ endpoint, reply }) => send(endpoint, give(reply))],
    ["perm", "counted-lease", ({ endpoint, once }) => send(endpoint, give(once))],
    ["badf", "empty-slot", ({ endpoint }) => send(endpoint, give(EMPTY))],
    ["canceled", "message-taken-back", takenBack(send), again],
    [
      "canceled",
      "being-revoked",
      ({ endpoint, badged }, machine) => {
        beginRevocation(machine, endpoint);
        return send(badged);
      },
    ],
  ],
  ipc_call: [
    [
      "msgsize",
      "message-too-long",
      ({ endpoint }) => ({ ...call(endpoint), size: TOO_LONG }) as FoldosRequest,
    ],
    ["notcapable", "lacks-right", ({ receiver }) => call(receiver)],
    ["canceled", "message-taken-back", takenBack(call), again],
    ["deadlk", "cyclic-donation", inACircle],
  ],
  ipc_receive: [
    ["again", "nothing-sent", ({ endpoint }) => receive(endpoint, false)],
    ["canceled", "taken-back", takenBack(receive), again],
  ],
  ipc_reply: [
    ["msgsize", "message-too-long", ({ reply: fd }) => ({ call: "ipc_reply", fd, ...message([], TOO_LONG) })],
    [
      "notcapable",
      "needs-grant",
      ({ reply: fd, file }) => ({ call: "ipc_reply", fd, ...message(give(file)) }),
    ],
  ],
  ipc_cancel_badged: [
    ["perm", "holds-badge", ({ badged: fd }) => ({ call: "ipc_cancel_badged", fd, badge: 6 })],
  ],
  notification_poll: [["again", "no-signal", ({ notification: fd }) => ({ call: "notification_poll", fd })]],
};

const bindLine = ({ interrupt: fd, notification }: Slots): FoldosRequest => ({
  call: "interrupt_bind",
  fd,
  notification,
});
const attach = (machine: ScriptedMachine, { interrupt }: Slots): void =>
  void machine.happen(0, { type: "interrupt/attached", line: idOf(machine, interrupt), everyMicros: 0 });

const terms = { budgetMicros: 10, periodMicros: 50, priority: 50 };
const configure =
  (changed: Partial<typeof terms>) =>
  ({ context: fd }: Slots): FoldosRequest => ({ call: "context_configure", fd, ...terms, ...changed });
const bind = (fd: number, to: number): FoldosRequest => ({ call: "context_bind", fd, to });
const configured = (slots: Slots, machine: ScriptedMachine): number => {
  machine.perform(configure({})(slots));
  return slots.context;
};
const withoutTurns = { hasTurns: false } as const;

const urgent: Refusals = {
  interrupt_bind: [
    ["nodev", "no-line", bindLine],
    [
      "busy",
      "already-bound",
      (slots, machine) => {
        attach(machine, slots);
        machine.perform(bindLine(slots));
        return bindLine(slots);
      },
    ],
    [
      "notcapable",
      "lacks-right",
      (slots, machine) => {
        const notification = machine.freeSlot();
        machine.happen(PID, granted(notification, "notification", idOf(machine, slots.notification), 2));
        return { ...bindLine(slots), notification } as FoldosRequest;
      },
    ],
  ],
  interrupt_acknowledge: [
    ["inval", "not-in-service", ({ interrupt: fd }) => ({ call: "interrupt_acknowledge", fd })],
    ["inval", "wrong-kind", ({ file: fd }) => ({ call: "interrupt_acknowledge", fd })],
  ],
  context_configure: [
    ["inval", "no-budget", configure({ budgetMicros: 0 })],
    ["inval", "budget-above-period", configure({ budgetMicros: 51 })],
    ["inval", "period-too-long", configure({ periodMicros: 2 ** 41 })],
    ["inval", "no-such-priority", configure({ priority: 256 })],
    ["notcapable", "above-ceiling", configure({ priority: 101 })],
    ["notsup", "no-turns", configure({}), withoutTurns],
  ],
  context_bind: [
    ["inval", "not-configured", ({ context, notification }) => bind(context, notification)],
    ["inval", "wrong-kind", (slots, machine) => bind(configured(slots, machine), slots.endpoint)],
    ["notcapable", "lacks-right", (slots, machine) => bind(configured(slots, machine), slots.silent)],
    ["srch", "process-ended", (slots, machine) => bind(configured(slots, machine), slots.ended)],
    [
      "busy",
      "already-bound",
      (slots, machine) => {
        machine.perform(bind(configured(slots, machine), slots.notification));
        return bind(slots.context, slots.otherNotification);
      },
    ],
    [
      "busy",
      "has-one-bound",
      (slots, machine) => {
        machine.perform(bind(configured(slots, machine), slots.notification));
        const second = { ...slots, context: create(machine, "context") };
        return bind(configured(second, machine), slots.notification);
      },
    ],
    ["notsup", "no-turns", ({ context, notification }) => bind(context, notification), withoutTurns],
  ],
  context_unbind: [
    ["inval", "not-bound", ({ context: fd }) => ({ call: "context_unbind", fd })],
    ["inval", "wrong-kind", ({ file: fd }) => ({ call: "context_unbind", fd })],
  ],
  priority_set: [
    [
      "notcapable",
      "above-ceiling",
      ({ other: fd, self: authority }) => ({ call: "priority_set", fd, authority, priority: 101 }),
    ],
    [
      "inval",
      "no-such-priority",
      ({ other: fd, self: authority }) => ({ call: "priority_set", fd, authority, priority: 256 }),
    ],
    [
      "srch",
      "process-ended",
      ({ ended: fd, self: authority }) => ({ call: "priority_set", fd, authority, priority: 1 }),
    ],
    [
      "srch",
      "process-ended",
      ({ other: fd, ended: authority }) => ({ call: "priority_set", fd, authority, priority: 1 }),
    ],
  ],
};

const spawn = ({ program: fd }: Slots, given: readonly Given[] = []): FoldosRequest => ({
  call: "process_spawn",
  fd,
  args: [],
  given,
});
/** The last pid that there is. */
const LAST_PID = 2 ** 28 - 1;
/** What is no service, and the realtime clock, as slots. */
const [NO_SERVICE, CLOCK] = [2 ** 32 - 5, 2 ** 32 - 1];

const processes: Refusals = {
  process_spawn: [
    ["notsup", "no-turns", (slots) => spawn(slots), withoutTurns],
    ["msgsize", "too-many-given", (slots) => spawn(slots, give(...Array<number>(65).fill(slots.file)))],
    [
      "again",
      "too-many-processes",
      (slots, machine) => {
        for (let pid = 10; pid < 10_010; pid += 1) machine.happen(pid, started);
        return spawn(slots);
      },
    ],
    [
      "nfile",
      "no-pids-left",
      (slots, machine) => {
        machine.happen(LAST_PID, started);
        return spawn(slots);
      },
    ],
    ["exist", "given-twice", (slots) => spawn(slots, give(CLOCK, CLOCK))],
    [
      "badf",
      "no-service",
      (slots, machine) => {
        machine.happen(OTHER, granted(0, "program", idOf(machine, slots.program), 1));
        return spawn({ ...slots, program: 0 }, give(CLOCK));
      },
      { pid: OTHER },
    ],
    ["badf", "no-slot", (slots) => spawn(slots, give(NO_SERVICE))],
  ],
  process_wait: [["deadlk", "waits-for-itself", ({ self: fd }) => ({ call: "process_wait", fd })]],
  process_end: [["srch", "process-ended", ({ ended: fd }) => ({ call: "process_end", fd })]],
};

export const messageRefusals: Refusals = { ...messages, ...urgent, ...processes };
