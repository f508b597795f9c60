import { findChromium, FoldPage } from "./chromium.ts";
import { type Examiner, PageExaminer, WorkerExaminer } from "./examiner.ts";
import { obtainNode22 } from "./node-22.ts";
import type { Campaign, Task } from "./task.ts";
import { type Runtime, thisRuntime, Worker } from "./worker-pool.ts";

/** What can be asked for by name. */
export const parts = ["replay", "spacing", "heap", "node22", "chromium"] as const;
export type Part = (typeof parts)[number];

interface Opening {
  readonly campaign: Campaign;
  /** Workers under this node, as many as may work side by side. They are the campaign's, which ends them. */
  readonly workers: readonly Worker[];
  readonly say: (line: string) => void;
}

type Opened =
  | { readonly examiners: readonly Examiner[]; readonly close: () => Promise<void> }
  | { readonly missing: string };

/** One way to look at every recording that must not make a difference. */
export interface Configuration {
  readonly part: Part;
  readonly title: string;
  readonly open: (opening: Opening) => Promise<Opened>;
}

const replayHere = (number: number): Task => ({ kind: "replay-here", number });
const recordAgain = (number: number, keyframeEvents: number): Task => ({
  kind: "record-again",
  number,
  keyframeEvents,
});
const USUAL_KEYFRAMES = 20_000;

type TasksFor = (number: number) => readonly Task[];

/** As many workers as the campaign has, under another node or other flags. */
function underRuntime({ campaign, workers }: Opening, runtime: Runtime, tasksFor: TasksFor): Opened {
  const others = workers.map(() => new Worker(campaign, runtime));
  return {
    examiners: others.map((worker) => new WorkerExaminer(worker, tasksFor)),
    close: async () => others.forEach((worker) => worker.end()),
  };
}

const underThisNode = ({ workers }: Opening, tasksFor: TasksFor): Opened => ({
  examiners: workers.map((worker) => new WorkerExaminer(worker, tasksFor)),
  close: async () => {},
});

const underFlags = (title: string, execArgv: readonly string[]): Configuration => ({
  part: "heap",
  title,
  open: async (opening) =>
    underRuntime(opening, { ...thisRuntime, execArgv }, (number) => [replayHere(number)]),
});

const withSpacing = (keyframeEvents: number): Configuration => ({
  part: "spacing",
  title: `recorded again, a keyframe every ${keyframeEvents} events`,
  open: async (opening) => underThisNode(opening, (number) => [recordAgain(number, keyframeEvents)]),
});

export const configurations: readonly Configuration[] = [
  {
    part: "replay",
    title: "replayed, as it was recorded",
    open: async (opening) => underThisNode(opening, (number) => [{ kind: "replay", number }]),
  },
  withSpacing(7),
  withSpacing(1000),
  underFlags("heap of 64 MB, stack of 500 KB", ["--max-old-space-size=64", "--stack-size=500"]),
  underFlags("heap of 4096 MB, stack of 3900 KB", ["--max-old-space-size=4096", "--stack-size=3900"]),
  {
    part: "node22",
    title: "Node 22",
    open: async (opening) => {
      const found = await obtainNode22(opening.say);
      if ("missing" in found) return found;
      return underRuntime(opening, { execPath: found.path, execArgv: [] }, (number) => [
        replayHere(number),
        recordAgain(number, USUAL_KEYFRAMES),
      ]);
    },
  },
  { part: "chromium", title: "Chromium, fold only", open: openPage },
];

async function openPage({ campaign, say }: Opening): Promise<Opened> {
  const path = findChromium();
  if (path === null) return { missing: "there is no Chromium on this machine: apt-get install chromium" };
  try {
    const page = await FoldPage.open(path, campaign.place);
    say(`Chromium ${page.version}`);
    return { examiners: [new PageExaminer(page)], close: () => page.close() };
  } catch (error) {
    return { missing: `${path} cannot be used: ${(error as Error).message.split("\n")[0]}` };
  }
}
