/** A budget of processor time that is used up signals what its machine file says: in the log, in a replay, and by whose right. */
import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, jest, test } from "@jest/globals";
import type { KernelEvent } from "../../reducers/kernel-event.ts";
import { checkLog } from "../../replay/authority/check/log-checker.ts";
import { Explainer } from "../../replay/authority/explainer.ts";
import { endOf, eventsBetween } from "../../replay/log-reader.ts";
import { RecordingStore } from "../../replay/recording-store.ts";
import { Timeline } from "../../replay/timeline.ts";
import { foldos, guest, inFreshDirectory } from "./foldos-command.ts";

jest.setTimeout(240_000);

const example = (name: string): string => resolve(`guests/examples/prebuilt/${name}.wasm`);
const late = { notification: "late" };

/** One handles interrupts with far too small a budget, one never rests, and one waits to hear that the first was late. */
const machine = {
  version: 1,
  processes: {
    urgent: {
      program: example("urgent"),
      args: ["3"],
      capabilities: { line: { interrupt: "tick" }, budget: { budget: "4KiB" } },
      scheduling: { priority: 200, budget: "1us", period: "50ms", timeout: { ...late, badge: 4 } },
    },
    hog: { program: example("cpu-hog"), args: ["2000000"], scheduling: { priority: 10 } },
    monitor: { program: guest("cap-script"), args: ["wait-signal:late"], capabilities: { late } },
  },
  notifications: { late: {} },
  interrupts: { tick: { period: "10ms" } },
};

test("a budget that is used up signals what the machine file says, in the same group, and why is verified", () =>
  inFreshDirectory(async (cwd) => {
    writeFileSync(join(cwd, "machine.json"), JSON.stringify(machine));
    const { code, out } = await foldos(["boot", "--record", "rec", "machine.json"], { cwd });
    expect([code, out]).toEqual([0, expect.stringContaining("wait-signal:late -> ok: 4\n")]);
    expect((await foldos(["replay", "rec"], { cwd })).code).toBe(0);
    const store = RecordingStore.open(join(cwd, "rec"), { write: false });
    try {
      const events: readonly KernelEvent[] = [...eventsBetween(store, 0, endOf(store).seq)];
      const used = events.findIndex(({ type }) => type === "context/exhausted");
      expect(events.slice(used, used + 2)).toMatchObject([
        { signals: true },
        { type: "notification/signalled", bits: 4, cause: used },
      ]);
      expect(checkLog(events)).toBeNull();
      const explainer = new Explainer(new Timeline(store));
      expect(explainer.why(used + 1)).toMatchObject({
        kind: "capability",
        steps: [{ object: "notification" }, {}],
      });
      expect(events.filter(({ seq }) => explainer.why(seq)?.kind === "refused")).toEqual([]);
    } finally {
      store.close();
    }
  }));
