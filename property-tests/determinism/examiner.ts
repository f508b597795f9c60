import type { FoldPage } from "./chromium.ts";
import type { Answer, Task } from "./task.ts";
import type { Worker } from "./worker-pool.ts";

/** Looks at a recording under one configuration. */
export interface Examiner {
  /** What it found; equal to the reference if events and hash are the reference's and it saw no difference. */
  examine(number: number): Promise<Answer>;
  /** The hash of the state before an event, as it folds. */
  hashAt(number: number, seq: number): Promise<string>;
}

/** Has a worker perform the tasks of a configuration, up to the first that finds a difference. */
export class WorkerExaminer implements Examiner {
  readonly #worker: Worker;
  readonly #tasksFor: (number: number) => readonly Task[];

  constructor(worker: Worker, tasksFor: (number: number) => readonly Task[]) {
    this.#worker = worker;
    this.#tasksFor = tasksFor;
  }

  async examine(number: number): Promise<Answer> {
    let first: Answer | null = null;
    for (const task of this.#tasksFor(number)) {
      const answer = await this.#worker.perform(task);
      if (answer.difference !== null) return answer;
      if (first !== null && (answer.hash !== first.hash || answer.events !== first.events)) return answer;
      first ??= answer;
    }
    return first ?? { events: 0, hash: "", difference: "nothing was asked for" };
  }

  async hashAt(number: number, seq: number): Promise<string> {
    return (await this.#worker.perform({ kind: "hash-at", number, seq })).hash;
  }
}

/** Has a page fold the recording. */
export class PageExaminer implements Examiner {
  readonly #page: FoldPage;

  constructor(page: FoldPage) {
    this.#page = page;
  }

  async examine(number: number): Promise<Answer> {
    try {
      return { ...(await this.#page.fold(number)), difference: null };
    } catch (error) {
      return { events: 0, hash: "", difference: (error as Error).message };
    }
  }

  async hashAt(number: number, seq: number): Promise<string> {
    return (await this.#page.fold(number, seq)).hash;
  }
}

/**
 * The event behind which two folds first differ, by halves: the states before event 0 are equal, those before `end` are not.
 * A fold that does not answer counts as one that differs.
 */
export async function firstUnequal(
  end: number,
  expectedAt: (seq: number) => Promise<string>,
  gotAt: (seq: number) => Promise<string>,
): Promise<number> {
  let equal = 0;
  let unequal = end;
  while (unequal - equal > 1) {
    const middle = Math.floor((equal + unequal) / 2);
    const [expected, got] = [await expectedAt(middle), await gotAt(middle).catch(() => "")];
    if (expected === got) equal = middle;
    else unequal = middle;
  }
  return unequal - 1;
}
