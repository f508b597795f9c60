import { createHash } from "node:crypto";
import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { firstUnequal } from "./examiner.ts";
import { reportOf } from "./report.ts";
import { plainSha256 } from "./sha-256.ts";

test("the page's SHA-256 is node's", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      const expected = createHash("sha256").update(bytes).digest("hex");
      expect(Buffer.from(plainSha256(bytes)).toString("hex")).toBe(expected);
    }),
  );
});

test("the first event that folds otherwise is found by halves, also where a fold does not answer", async () => {
  const expectedAt = async (seq: number): Promise<string> => String(seq);
  for (const differing of [0, 1, 49, 98, 99]) {
    const gotAt = async (seq: number): Promise<string> => {
      if (seq > differing) throw new Error("the fold failed");
      return String(seq);
    };
    expect(await firstUnequal(100, expectedAt, gotAt)).toBe(differing);
  }
});

test("a report names each difference and the command that shows it again", () => {
  const report = reportOf(
    {
      recordings: 2,
      events: 900,
      recordingSeconds: 1,
      rows: [{ title: "Node 22", equal: 1, different: 1, missing: null, seconds: 2 }],
      differences: [{ part: "node22", title: "Node 22", number: 1, what: "event 3: ..." }],
      failures: [],
      kept: "/tmp/place",
    },
    77,
  );
  expect(report).toContain("| Node 22 | 2 | 1 | 1 | 2 |");
  expect(report).toContain("recording 1 differs, Node 22: event 3");
  expect(report).toContain("--seed 77 --recording 1 --only node22");
});
