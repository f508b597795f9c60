import { allRightsOf, namesOfRights, rightNamed } from "../../core/object-rights.ts";
import { type JsonPath, shown } from "./json-path.ts";
import { missingName } from "./judge-pipes.ts";
import type { CapabilityObject, MachineCapability, MachineFile, MachineProcess } from "./machine-file.ts";
import type { Finding } from "./machine-file-problem.ts";

/** A day: who means longer means never. */
const MAX_PERIOD_MICROS = 86_400_000_000;

/** What may be told apart by a badge. */
const badged: ReadonlySet<CapabilityObject["kind"]> = new Set(["endpoint", "notification"]);

/** The article of a kind, as messages need it. */
const oneOfKind = {
  endpoint: "an endpoint",
  notification: "a notification",
  interrupt: "an interrupt line",
  device: "a device",
  budget: "a budget",
  program: "a program",
  process: "a process",
} as const;

/** Capabilities to what there is not, rights and badges that such an object does not have, and times that cannot be kept. */
export function judgeCapabilities(machine: MachineFile): readonly Finding[] {
  const known = {
    endpoint: new Set(machine.endpoints),
    notification: new Set(machine.notifications),
    interrupt: new Set(machine.interrupts.map(({ name }) => name)),
    device: new Set(machine.devices.map(({ name }) => name)),
  };
  return [
    ...machine.processes.flatMap((process) => [
      ...process.capabilities.flatMap((capability) => {
        const path = ["processes", process.name, "capabilities", capability.name];
        return [...judgeObject(capability, path, known), ...judgeRights(capability, path)];
      }),
      ...judgeScheduling(process, known.notification),
    ]),
    ...judgeEndpoints(machine),
    ...machine.interrupts
      .filter(({ periodMicros }) => periodMicros > MAX_PERIOD_MICROS)
      .map(({ name }) => tooLong(["interrupts", name, "period"])),
  ];
}

const tooLong = (path: JsonPath): Finding => ({
  path,
  at: "value",
  what: "at most a day (1440min) was expected",
  advice: 'as "10ms"',
});

type Known = Readonly<Record<"endpoint" | "notification" | "interrupt" | "device", ReadonlySet<string>>>;

function judgeObject({ of }: MachineCapability, path: JsonPath, known: Known): readonly Finding[] {
  if (!("object" in of)) return [];
  if (known[of.kind].has(of.object)) return [];
  const words = [...known[of.kind]];
  return [missingName({ path: [...path, of.kind], typed: of.object, words, what: of.kind })];
}

/** Who sends to an endpoint at which nobody receives waits for ever. */
function judgeEndpoints({ endpoints, processes }: MachineFile): readonly Finding[] {
  const holders = (right: string): ReadonlySet<string> =>
    new Set(
      processes.flatMap(({ capabilities }) =>
        capabilities.flatMap(({ of, rights }) =>
          of.kind === "endpoint" && rights?.includes(right) !== false ? [of.object] : [],
        ),
      ),
    );
  const [senders, receivers] = [holders("send"), holders("receive")];
  return endpoints
    .filter((name) => senders.has(name) && !receivers.has(name))
    .map((name) => ({
      path: ["endpoints", name],
      at: "key",
      what: "a process that receives from it was expected, and there is none",
      advice: 'give a process the right "receive" to it',
    }));
}

function judgeRights({ of: { kind }, rights, badge }: MachineCapability, path: JsonPath): readonly Finding[] {
  const words = namesOfRights(kind, allRightsOf(kind));
  const findings: Finding[] = [];
  for (const [index, right] of (rights ?? []).entries()) {
    if (rightNamed(kind, right) !== 0) continue;
    findings.push({
      path: [...path, "rights", index],
      at: "value",
      what: `a right of ${oneOfKind[kind]} (${words.join(", ")}) was expected, not ${shown(right)}`,
      advice: "take it out",
      near: { typed: right, words },
    });
  }
  if (badge !== 0 && !badged.has(kind))
    findings.push({
      path: [...path, "badge"],
      at: "value",
      what: `a badge was expected of an endpoint or a notification, not of ${oneOfKind[kind]}`,
      advice: "take it out",
    });
  return findings;
}

function judgeScheduling(
  { name, scheduling: { context } }: MachineProcess,
  notifications: ReadonlySet<string>,
): readonly Finding[] {
  if (context === null) return [];
  const path = ["processes", name, "scheduling"];
  const { timeout } = context;
  if (timeout !== undefined && !notifications.has(timeout.notification)) {
    const typed = timeout.notification;
    const place = [...path, "timeout", "notification"];
    return [missingName({ path: place, typed, words: [...notifications], what: "notification" })];
  }
  if (context.periodMicros > MAX_PERIOD_MICROS) return [tooLong([...path, "period"])];
  if (context.budgetMicros <= context.periodMicros) return [];
  const what = "a budget of at most its period was expected";
  return [
    { path: [...path, "budget"], at: "value", what, advice: "take a smaller budget or a longer period" },
  ];
}
