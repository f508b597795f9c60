import type { CampaignResult, Row } from "./run-campaign.ts";

/** So many differences are shown in words; the others are counted. */
const SHOWN = 10;
const COMMAND = "npm run determinism --";

/** The table of a campaign, and each difference with the command that shows it again. */
export function reportOf(result: CampaignResult, seed: number): string {
  const lines = [
    "",
    `${result.recordings} recordings, ${result.events} events, made in ${result.recordingSeconds.toFixed(0)} s`,
    "",
    "| configuration | recordings | equal | different | seconds |",
    "|---|---|---|---|---|",
    ...result.rows.map(lineOf),
    "",
  ];
  for (const failure of result.failures.slice(0, SHOWN)) lines.push(`not made: ${failure}`);
  for (const { part, title, number, what } of result.differences.slice(0, SHOWN)) {
    lines.push(
      `recording ${number} differs, ${title}: ${what}`,
      `  again: ${COMMAND} --seed ${seed} --recording ${number} --only ${part}`,
    );
  }
  const more = result.differences.length - SHOWN;
  if (more > 0) lines.push(`and ${more} more`);
  if (result.kept !== null) lines.push(`the recordings are kept in ${result.kept}/recordings`);
  return `${lines.join("\n")}\n`;
}

const lineOf = ({ title, equal, different, missing, seconds }: Row): string =>
  missing === null
    ? `| ${title} | ${equal + different} | ${equal} | ${different} | ${seconds.toFixed(0)} |`
    : `| ${title} | not looked at: ${missing} | | | |`;
