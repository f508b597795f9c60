/** What happened to capabilities, in words: what each is of, and from where to where it went. */
import { deviceKinds, type ObjectKind } from "../core/object-rights.ts";
import {
  MACHINE,
  ownerOfTable,
  SENT_THROUGH,
  slotOf,
  space,
  spaceOf,
} from "../reducers/capabilities/address.ts";
import { removedOf } from "../reducers/capabilities/capability-event.ts";
import type { KernelEvent } from "../reducers/kernel-event.ts";
import { specNames } from "../replay/authority/spec-names.ts";

type Of<Type extends KernelEvent["type"]> = Extract<KernelEvent, { type: Type }>;
export type CapabilityStep = Of<
  "capability/derived" | "capability/carried" | "capability/removed" | "object/created" | "process/spawned"
>;

export const isCapabilityStep = (event: KernelEvent): event is CapabilityStep =>
  event.type === "capability/derived" ||
  event.type === "capability/carried" ||
  event.type === "capability/removed" ||
  event.type === "object/created" ||
  event.type === "process/spawned";

/** More are counted. */
const MOST_NAMED = 6;

/** What a line says in front of what became of a capability. */
export interface SaidBefore {
  /** Which descriptor it was made of. */
  readonly source: boolean;
  /** The path of its file. */
  readonly path: boolean;
}

export function formatCapability(event: CapabilityStep, said: SaidBefore): string {
  const placed = (address: number): string => placeText(address, event.pid);
  switch (event.type) {
    case "capability/derived": {
      const from = said.source ? "" : ` from ${placed(event.from)}`;
      const object = said.path ? "" : ` ${objectText(event)}`;
      return `${event.how}${object}${from} to ${placed(event.to)}: ${termsText(event)}`;
    }
    case "capability/carried":
      return `from ${placed(event.from)} to ${placed(event.to)}`;
    case "capability/removed": {
      const places = [...removedOf(event)].map(([, , address]) => placed(address));
      const shown = places.length > MOST_NAMED ? `${places.length} places` : places.join(", ");
      return `${event.why}: ${shown === "" ? "nothing" : shown}${event.more ? ", and more follow" : ""}`;
    }
    case "object/created": {
      const paid = event.budget === 0 ? "" : `, ${event.bytes} bytes of budget ${event.budget}`;
      const limit = detailText(event);
      const label = event.label === "" ? "" : ` ${JSON.stringify(event.label)}`;
      return `${objectText(event)}${label} in ${placed(event.to)}${limit}${paid}`;
    }
    case "process/spawned":
      return `process ${event.child}, in ${placed(event.to)}`;
  }
}

function detailText({ object, detail }: Of<"object/created">): string {
  if (object === "budget") return `, of ${detail} bytes`;
  return object === "device" ? `, of kind ${deviceKinds[detail] ?? detail}` : "";
}

const objectText = ({ object, target }: { readonly object: ObjectKind; readonly target: number }): string =>
  `${object} ${target}`;

function placeText(address: number, pid: number): string {
  const owner = ownerOfTable(address);
  const of = owner === pid ? "" : ` of ${owner}`;
  switch (spaceOf(address)) {
    case space.process:
      return `fd ${slotOf(address)}${of}`;
    case space.services:
      return `the services${of}`;
    case space.kept:
      return owner === MACHINE ? "the machine" : `object ${owner}`;
    case space.messages:
      return slotOf(address) === SENT_THROUGH ? `the message${of}` : `what goes with the message${of}`;
  }
}

/** Rights by their names, and what else is said of it. */
function termsText(event: Of<"capability/derived">): string {
  const { object, rights, badge, label, until, uses, holder, weak, membrane } = event;
  const names = specNames(object, rights);
  const allowed =
    names.length === 0
      ? "no rights"
      : names.length > MOST_NAMED
        ? `${names.length} rights`
        : names.join(", ");
  return [
    allowed,
    ...(badge === 0 ? [] : [`badge ${badge}`]),
    ...(label === "" ? [] : [JSON.stringify(label)]),
    ...(until === 0 ? [] : [`until ${until} us`]),
    ...(uses === 0 ? [] : [`${uses} uses`]),
    ...(holder === 0 ? [] : ["with its holder"]),
    ...(weak ? ["weak"] : []),
    ...(membrane === 0 ? [] : [`through membrane ${membrane}`]),
  ].join("; ");
}
