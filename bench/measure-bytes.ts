/** What an event costs on disk: the whole file of the store without the bytes that guests wrote. */
import { statSync } from "node:fs";
import { join } from "node:path";
import { type Figure, type Measured, most, type Scale } from "./figure.ts";
import { recordReal, type RealRecording } from "./real-recordings.ts";
import { recordSynthetic } from "./synthetic-recording.ts";

const USUAL_GROUP = 20_000;
const GROUPS = [1_000, USUAL_GROUP] as const;

/** Recordings of real programs, together. */
function realFigure(folder: string, isQuick: boolean): Figure {
  const recordings = recordReal(folder, isQuick);
  const sum = (of: (recording: RealRecording) => number): number =>
    recordings.reduce((total, recording) => total + of(recording), 0);
  const events = sum((recording) => recording.events);
  const bytes = sum(({ fileBytes, streamBytes }) => fileBytes - streamBytes);
  return {
    what: `disk, ${events.toLocaleString("en")} events of real programs, without payloads`,
    against: "-",
    unit: "bytes an event",
    samples: [bytes / events],
    floor: most(12),
  };
}

export function measureBytes({ isQuick, folder }: Scale): Measured {
  const count = isQuick ? 100_000 : 1_000_000;
  const figures = GROUPS.map((groupEvents): Figure => {
    const path = join(folder, `groups-of-${groupEvents}`);
    const { events, streamBytes } = recordSynthetic({ path, events: count, groupEvents });
    const bytes = statSync(join(path, "data.mdb")).size - streamBytes;
    return {
      what: `disk, ${count.toLocaleString("en")} mixed events in groups of ${groupEvents.toLocaleString("en")}, without payloads`,
      against: "-",
      unit: "bytes an event",
      samples: [bytes / events],
      floor: groupEvents === USUAL_GROUP ? most(12) : null,
    };
  });
  return {
    figures: [realFigure(folder, isQuick), ...figures],
    notes: [
      "Bytes an event: the LMDB file with groups, hashes, index and keyframes, less the byte stream. A guest that nobody waits for makes groups of tens of thousands of events; those of a thousand are what one makes that synchronises all the time, and are not deflated, because somebody waits for them.",
    ],
  };
}
