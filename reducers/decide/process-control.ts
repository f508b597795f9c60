/** Deciders by which a process starts others, waits for them, and ends them. */
import { errno } from "../../core/errno.ts";
import { processRight, programRight } from "../../core/object-rights.ts";
import { get, peek, sizeOf } from "../../core/table.ts";
import { addressOf, serviceSlot, space } from "../capabilities/address.ts";
import { rowAt } from "../capabilities/slots.ts";
import type { KernelFact } from "../kernel-event.ts";
import type { KernelState } from "../kernel-state.ts";
import { endOf } from "../scheduler/awaited.ts";
import { assignment } from "./pass-slots.ts";
import { USUAL_PRIORITY } from "../scheduler/scheduler-state.ts";
import { type Decision, type ProcessFact, refuse, type Refused, waitsFor } from "./decision.ts";
import { derivedFact, maskedBy } from "./derive-capability.ts";
import { endProcess } from "./end-process.ts";
import { type FoldosRequestOf, type Given, MAX_SPAWN_GIVEN } from "./foldos-request.ts";
import { derivable, freeAddress, type Usable, usable } from "./usable.ts";

/** As a shell tells it: 128 and SIGKILL. */
const KILLED = { type: "process/killed", signal: "SIGKILL", code: 137 } as const;

/** What a process gives of its own clocks, timers and entropy, as slots: -1, -2, ... in 32 bits. */
const serviceOfSlot = (slot: number): number => 2 ** 32 - 1 - slot;
const SERVICES = Object.keys(serviceSlot).length;

/** Processes that may live at once, as many as a machine file may name. */
const MAX_PROCESSES = 10_000;
/** Pids are never given twice, and addresses have room for so many. */
const MAX_PID = 2 ** 28;

/** A new process holds what its maker gives it, and nothing else: in the slots 0, 1, 2, ..., and the services that are named. */
export function spawnProcess(
  state: KernelState,
  pid: number,
  request: FoldosRequestOf<"process_spawn">,
): Decision {
  const program = usable(state, pid, request.fd, { object: "program", rights: programRight.spawn });
  if (program.kind === "refused") return program;
  // Without turns nobody but the one process ever runs.
  if (state.scheduler === undefined) return refuse(errno.notsup, "no-turns");
  if (request.given.length > MAX_SPAWN_GIVEN) return refuse(errno.msgsize, "too-many-given");
  if (sizeOf(state.scheduler.tasks) >= MAX_PROCESSES) return refuse(errno.again, "too-many-processes");
  if (state.processes.nextPid >= MAX_PID) return refuse(errno.nfile, "no-pids-left");
  const child = state.processes.nextPid;
  const inherited = inherit(state, { pid, child }, request.given);
  if ("kind" in inherited) return inherited;
  const to = freeAddress(state, pid);
  if (typeof to !== "number") return to;
  const { program: sha, name, memoryPages } = get(state.processes.programs, program.capability.target);
  const args = [name, ...request.args];
  const started: KernelFact = {
    type: "process/started",
    program: sha,
    name,
    args,
    environment: [],
    memoryPages,
  };
  const facts = [started, ...domainOf(state, pid), ...rankOf(state, pid), ...inherited].map(
    (fact): ProcessFact => ({ pid: child, fact }),
  );
  const spawned: KernelFact = { type: "process/spawned", by: program.capability.id, child, to };
  return { kind: "facts", before: facts, facts: [spawned] };
}

/** A new process has the priority and the ceiling of its maker: else it would have more than that may give. */
function rankOf({ scheduler }: KernelState, pid: number): readonly KernelFact[] {
  const maker = scheduler === undefined ? null : peek(scheduler.tasks, pid);
  if (maker === null) return [];
  const { priority, ceiling } = maker;
  const isUsual = priority === USUAL_PRIORITY && ceiling === USUAL_PRIORITY;
  return isUsual ? [] : [{ type: "process/ranked", priority: Math.min(priority, ceiling), ceiling }];
}

/** A new process is of its maker's domain: else nobody's slots would be its own. */
function domainOf({ scheduler }: KernelState, pid: number): readonly KernelFact[] {
  const domain = scheduler === undefined ? 0 : (peek(scheduler.tasks, pid)?.domain ?? 0);
  return scheduler === undefined || domain === 0 ? [] : [assignment(scheduler, domain)];
}

/** The facts by which a new process comes to what it is given. */
function inherit(
  state: KernelState,
  { pid, child }: { readonly pid: number; readonly child: number },
  given: readonly Given[],
): readonly KernelFact[] | Refused {
  const facts: KernelFact[] = [];
  let next = 0;
  const taken = new Set<number>();
  for (const { slot, rights } of given) {
    const service = serviceOfSlot(slot);
    const isService = service < SERVICES;
    const source = isService ? ownService(state, pid, service) : derivable(state, pid, slot);
    if (source.kind === "refused") return source;
    const to = isService ? addressOf(space.services, child, service) : addressOf(space.process, child, next);
    if (taken.has(to)) return refuse(errno.exist, "given-twice");
    taken.add(to);
    if (!isService) next += 1;
    const { label } = source.capability;
    facts.push(
      derivedFact(source, { to, how: "inherited" }, { ...maskedBy(rights, source.capability), label }),
    );
  }
  return facts;
}

function ownService(state: KernelState, pid: number, service: number): Usable | Refused {
  const address = addressOf(space.services, pid, service);
  const capability = rowAt(state.capabilities, address);
  return capability === null ? refuse(errno.badf, "no-service") : { kind: "usable", capability, address };
}

/** Waits until a process has ended; then its exit code. */
export function awaitProcess(state: KernelState, pid: number, fd: number): Decision {
  const process = usable(state, pid, fd, { object: "process", rights: processRight.examine });
  if (process.kind === "refused") return process;
  const { id: by, target: child } = process.capability;
  const code = get(state.processes.rows, child).exitCode;
  if (code >= 0) return { kind: "facts", facts: [{ type: "process/awaited", by, child, code }] };
  return child === pid ? refuse(errno.deadlk, "waits-for-itself") : waitsFor(endOf(child));
}

export function endOther(state: KernelState, pid: number, fd: number): Decision {
  const process = usable(state, pid, fd, { object: "process", rights: processRight.end });
  if (process.kind === "refused") return process;
  const { id: by, target: child } = process.capability;
  if (get(state.processes.rows, child).exitCode >= 0) return refuse(errno.srch, "process-ended");
  if (child === pid) return { kind: "facts", facts: endProcess(state, pid, KILLED) };
  const before = endProcess(state, child, KILLED).map((fact): ProcessFact => ({ pid: child, fact }));
  return { kind: "facts", before, facts: [{ type: "process/ended", by, child }] };
}
