/** What is to be written into a machine file, or behind `foldos run`, so that processes have what they needed and no more. */
import type { NeededByProcess, NeededGrant } from "../../replay/authority/needed-authority.ts";
import type { WrittenDirectory, WrittenMachine, WrittenProcess } from "../machine-file/written-machine.ts";

/** A directory that was offered, under the name that a guest has for it. */
export interface Offer {
  readonly host: string;
  readonly guest: string;
}

const directoriesOf = ({ grants }: NeededByProcess): readonly NeededGrant[] =>
  grants.filter(({ object, isUsed }) => object === "file" && isUsed);

/** A process as a machine file has it: what it needed of what it had, and of what was offered. */
export function neededProcess(
  written: WrittenProcess,
  needs: NeededByProcess,
  offers: readonly Offer[],
): WrittenProcess {
  const { directories = [], grants: _, ...rest } = written;
  const used = directoriesOf(needs);
  const kept = [...directories, ...offers.map(({ host, guest }) => ({ host, guest }))].flatMap(
    (directory: WrittenDirectory): readonly WrittenDirectory[] => {
      const grant = used.find(({ label }) => label === directory.guest);
      if (grant === undefined) return [];
      return [grant.isChanged ? directory : { ...directory, mode: "read-only" }];
    },
  );
  const readsInput = needs.grants.some(
    ({ object, slot, isUsed }) => object === "console" && slot === 0 && isUsed,
  );
  return {
    ...rest,
    ...(readsInput ? { stdin: "console" as const } : {}),
    ...(kept.length === 0 ? {} : { directories: kept }),
    ...(needs.services.length === 0 ? {} : { grants: needs.services }),
  };
}

/** A machine file narrowed to what its processes needed. */
export function neededMachine(
  written: WrittenMachine,
  needs: readonly NeededByProcess[],
  offers: readonly Offer[],
): WrittenMachine {
  const processes = Object.entries(written.processes).map(([name, process]) => {
    const needed = needs.find((each) => each.name === name);
    return [name, needed === undefined ? process : neededProcess(process, needed, offers)] as const;
  });
  return { ...written, processes: Object.fromEntries(processes) };
}

/** The options of `foldos run` that grant what a program needed. */
export const neededFlags = (needs: NeededByProcess, offers: readonly Offer[]): readonly string[] =>
  directoriesOf(needs).flatMap(({ label, isChanged }) => {
    const offer = offers.find(({ guest }) => guest === label);
    if (offer === undefined) return [];
    const pair = offer.host === offer.guest ? offer.host : `${offer.host}::${offer.guest}`;
    return ["--dir", isChanged ? pair : `${pair}:ro`];
  });
