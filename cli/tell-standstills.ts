import type { MachineHost } from "../machine/machine-host.ts";
import type { Standing } from "../reducers/decide/standstill.ts";
import { awaitedWords } from "./process-lines.ts";

/** So many are named; a machine may have thousands. */
const NAMED = 10;

/** Says on standard error, each time that a machine comes to stand still, that it does, and who waits for what. */
export function tellStandstills({ standstills }: MachineHost, recording: string | null): void {
  standstills.subscribe((standing) => {
    const shown = recording === null ? "" : `, \`foldos ps ${recording}\` shows it`;
    process.stderr.write(`foldos: ${standingText(standing)}; Ctrl-C ends it${shown}\n`);
  });
}

/** `nothing can go on: reader (1) waits for bytes in pipe 1`. */
export function standingText(standing: readonly Standing[]): string {
  const named = standing
    .slice(0, NAMED)
    .map(({ pid, name, objects }) => `${name} (${pid}) waits for ${objects.map(awaitedWords).join(" or ")}`);
  const more = standing.length > NAMED ? [`and ${standing.length - NAMED} more`] : [];
  return `nothing can go on: ${[...named, ...more].join(", ")}`;
}
