/** Recordings of turns that were changed, which a replay tells, and that were cut off, which a resume goes on with. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, jest, test } from "@jest/globals";
import type { KernelEvent } from "../../reducers/kernel-event.ts";
import { foldos, guest, inFreshDirectory } from "./foldos-command.ts";
import { rerecord } from "./rerecord.ts";

jest.setTimeout(240_000);

const TEXT = Array.from({ length: 60 }, (_, line) => `${line} the quick brown fox\n`).join("");

/** One that reads a file and one that prints what comes through a pipe, which is full after each write. */
async function bootPipeline(cwd: string): Promise<void> {
  mkdirSync(join(cwd, "files"));
  writeFileSync(join(cwd, "files/text"), TEXT);
  const machine = {
    version: 1,
    clock: "virtual",
    seed: 7,
    scheduler: { quantum: 20, seed: 3 },
    processes: {
      reader: { program: guest("cat"), stdin: { pipe: "p" } },
      writer: {
        program: guest("cat"),
        args: ["/text"],
        directories: [{ guest: "/", host: "files", mode: "read-only" }],
        stdout: { pipe: "p" },
      },
    },
    pipes: { p: { capacity: "100B" } },
  };
  writeFileSync(join(cwd, "machine.json"), JSON.stringify(machine));
  const { code, out } = await foldos(["boot", "--record", "rec", "machine.json"], { cwd });
  expect([code, out]).toEqual([0, TEXT]);
}

type Counted = Extract<KernelEvent, { readonly ticks: number }>;
const isCounted = (event: KernelEvent): event is Counted =>
  event.type === "process/preempted" ||
  event.type === "process/suspended" ||
  event.type === "process/accounted";

interface Told {
  readonly code: number | null;
  readonly out: string;
}

/** What a replay of the recording says when the ticks of one event, which is chosen, are others. */
async function replayWith(
  cwd: string,
  choose: (events: readonly Counted[]) => Counted | undefined,
  by: number,
): Promise<Told & { readonly seq: number }> {
  let seq = -1;
  rerecord(join(cwd, "rec"), join(cwd, "doctored"), (events) => {
    seq = choose(events.filter(isCounted))?.seq ?? -1;
    return events.map((event) =>
      event.seq === seq && isCounted(event) ? { ...event, ticks: event.ticks + by } : event,
    );
  });
  return { ...(await foldos(["replay", "doctored"], { cwd })), seq };
}

describe("a replay compares the ticks", () => {
  test("of a copy that says what the recording says, and finds them equal", () =>
    inFreshDirectory(async (cwd) => {
      await bootPipeline(cwd);
      const { code, out } = await replayWith(cwd, () => undefined, 0);
      expect([code, out]).toEqual([0, expect.stringMatching(/^([\d,]+) events, \1 equal\n$/)]);
    }));

  test.each([
    ["process/preempted", 0, 1],
    ["process/preempted", -1, -1],
    ["process/suspended", 0, -1],
    ["process/suspended", -1, 1],
    ["process/accounted", 0, 1],
    ["process/accounted", 0, -1],
    ["process/accounted", -1, 1],
  ] as const)("of %s, number %d of them: %d more is a divergence there", (type, place, by) =>
    inFreshDirectory(async (cwd) => {
      await bootPipeline(cwd);
      const { code, out, seq } = await replayWith(
        cwd,
        (events) => events.filter((event) => event.type === type && event.ticks + by >= 0).at(place),
        by,
      );
      expect(seq).toBeGreaterThan(0);
      expect([code, out]).toEqual([3, expect.stringContaining(seq.toLocaleString("en"))]);
    }),
  );

  test("of a program that never ends by itself, and ends where the log says that it was stopped", () =>
    inFreshDirectory(async (cwd) => {
      const words = ["run", "--record", "rec", "--quantum", "1000", "--max-ticks", "1000000", guest("spin")];
      expect((await foldos(words, { cwd })).code).toBe(152);
      const { code, seq } = await replayWith(cwd, (events) => events[0], -1);
      expect([code, seq > 0]).toEqual([3, true]);
    }));
});

/** Whether the power may go behind the event, and nobody is awake yet whom it wakes: no decision is cut in two. */
const isBeforeItsWake = (event: KernelEvent, next: KernelEvent | undefined): boolean =>
  event.call >= 0 && next?.type === "process/woken" && next.cause === event.seq;

test.each(["pipe/written", "pipe/read"] as const)(
  "a machine goes on to its end when its power was cut between a %s and the wake that it led to",
  (type) =>
    inFreshDirectory(async (cwd) => {
      await bootPipeline(cwd);
      for (const place of [0, -1]) {
        const cut = `cut${place}`;
        let woken = 0;
        let end = 0;
        rerecord(join(cwd, "rec"), join(cwd, cut), (events) => {
          const last = events
            .filter((event) => event.type === type && isBeforeItsWake(event, events[event.seq + 1]))
            .at(place) as KernelEvent;
          end = last.seq + 1;
          woken = (events[end] as KernelEvent).pid;
          return events.slice(0, end);
        });
        const { code, out, err } = await foldos(["resume", cut], { cwd });
        expect([code, out, err]).toEqual([0, TEXT, ""]);
        const log = (await foldos(["log", cut, "--json", "--from", `${end}`, "--to", `${end + 1}`], { cwd }))
          .out;
        const events = log
          .trim()
          .split("\n")
          .map((line) => JSON.parse(line) as KernelEvent);
        expect(events.map((event) => [event.type, event.pid])).toEqual([
          ["machine/powered-on", 0],
          ["process/woken", woken],
        ]);
        expect((await foldos(["replay", cut], { cwd })).code).toBe(0);
      }
    }),
);
