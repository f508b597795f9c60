import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Answer, Campaign, FromWorker, Task, ToWorker } from "./task.ts";

/** Which node runs a worker, and how. */
export interface Runtime {
  readonly execPath: string;
  readonly execArgv: readonly string[];
}

export const thisRuntime: Runtime = { execPath: process.execPath, execArgv: [] };

/** A task that takes longer is one that never ends. */
const TASK_MILLIS = 120_000;

/** A process that performs tasks, one after the other; another takes its place when it ends. */
export class Worker {
  readonly #campaign: Campaign;
  readonly #runtime: Runtime;
  #child: ChildProcess | null = null;
  #settle: (message: FromWorker) => void = () => {};

  constructor(campaign: Campaign, runtime: Runtime) {
    this.#campaign = campaign;
    this.#runtime = runtime;
  }

  /** What came of a task. A worker that fails or ends is a difference: it did what the reference did not. */
  perform(task: Task): Promise<Answer> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#fail(`no answer after ${TASK_MILLIS / 1000} s`), TASK_MILLIS);
      this.#settle = (message) => {
        clearTimeout(timer);
        resolve("answer" in message ? message.answer : { events: 0, hash: "", difference: message.error });
      };
      this.#child ??= this.#start();
      this.#tell({ task });
    });
  }

  end(): void {
    const child = this.#child;
    this.#child = null;
    child?.removeAllListeners();
    child?.kill("SIGKILL");
  }

  #start(): ChildProcess {
    const { execPath, execArgv } = this.#runtime;
    // The programs print what they like, and have nothing to read.
    const child = fork(fileURLToPath(new URL("worker.js", import.meta.url)), {
      execPath,
      execArgv: [...execArgv],
      env: { ...process.env, NODE_OPTIONS: "" },
      stdio: ["ignore", "ignore", "ignore", "ipc"],
    });
    child.on("message", (message: FromWorker) => this.#settle(message));
    child.on("error", (error) => this.#fail(`the worker cannot be used: ${error.message}`));
    child.on("exit", (code, signal) => this.#fail(`the worker ended (${signal ?? `code ${code}`})`));
    this.#child = child;
    this.#tell({ campaign: this.#campaign });
    return child;
  }

  #fail(why: string): void {
    this.end();
    this.#settle({ error: why });
  }

  #tell(message: ToWorker): void {
    this.#child?.send(message, (error) => {
      if (error !== null) this.#fail(error.message);
    });
  }
}

/** Runs a job for each number, one at a time on each performer; begins no further when it is told to stop. */
export async function runJobs<Performer>(
  performers: readonly Performer[],
  numbers: readonly number[],
  run: (performer: Performer, number: number) => Promise<void>,
  isStopped: () => boolean,
): Promise<void> {
  let next = 0;
  const take = async (performer: Performer): Promise<void> => {
    while (next < numbers.length && !isStopped()) {
      const number = numbers[next] as number;
      next += 1;
      await run(performer, number);
    }
  };
  await Promise.all(performers.map(take));
}
