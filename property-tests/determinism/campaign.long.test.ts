import { beforeAll, describe, expect, test } from "@jest/globals";
import { findChromium } from "./chromium.ts";
import type { Part } from "./configurations.ts";
import { installedNode22 } from "./node-22.ts";
import { type CampaignResult, runCampaign } from "./run-campaign.ts";

const RECORDINGS = 10;
const SEED = Number(process.env["FOLDOS_SEED"] ?? 1) & 0x7fffffff;
const MILLIS = 240_000;

const node22 = installedNode22();
const hasChromium = findChromium() !== null;
const here: readonly Part[] = ["replay", "spacing", "heap"];
const wanted: readonly Part[] = [
  ...here,
  ...("path" in node22 ? (["node22"] as const) : []),
  ...(hasChromium ? (["chromium"] as const) : []),
];
const why22 = "missing" in node22 ? ` (passed over: ${node22.missing}; the campaign installs it)` : "";
const whyChromium = hasChromium ? "" : " (passed over: there is no Chromium; apt-get install chromium)";

describe("ten recordings of random calls", () => {
  let result: CampaignResult | null = null;
  const rowsNamed = (title: string) => (result?.rows ?? []).filter((row) => row.title.startsWith(title));
  const expectEqual = (title: string, configurations: number): void => {
    const rows = rowsNamed(title);
    expect(result?.differences).toEqual([]);
    expect(rows.map((row) => row.missing)).toEqual(Array(configurations).fill(null));
    expect(rows.map((row) => row.equal)).toEqual(Array(configurations).fill(RECORDINGS));
  };

  beforeAll(async () => {
    result = await runCampaign({
      seed: SEED,
      numbers: Array.from({ length: RECORDINGS }, (_, number) => number),
      parts: wanted,
      jobs: 2,
      say: () => {},
      onProgress: () => {},
      isStopped: () => false,
    });
  }, MILLIS);

  test("are made, and exercise more than refusals", () => {
    expect(result?.failures).toEqual([]);
    expect(result?.recordings).toBe(RECORDINGS);
    expect(result?.events).toBeGreaterThan(RECORDINGS * 50);
  });

  test("replay equal as they were recorded", () => expectEqual("replayed", 1));
  test("are the same with keyframes elsewhere", () => expectEqual("recorded again", 2));
  test("replay equal with a small and a large heap and stack", () => expectEqual("heap", 2));
  ("path" in node22 ? test : test.skip)(`replay, and are recorded, the same under Node 22${why22}`, () =>
    expectEqual("Node 22", 1),
  );
  (hasChromium ? test : test.skip)(`fold to the same states in Chromium${whyChromium}`, () =>
    expectEqual("Chromium", 1),
  );
});
