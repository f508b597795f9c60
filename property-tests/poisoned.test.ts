import { afterEach, beforeEach, expect, test } from "@jest/globals";
import fc from "fast-check";
import { decide } from "../reducers/decide/decide.ts";
import { initialState } from "../reducers/kernel-state.ts";
import { Fold, step } from "../reducers/step.ts";
import { judgedAlone } from "./laws/fold-laws.ts";
import { hashOf, recordLog } from "./laws/recorded.ts";
import { replayOf } from "./laws/replay-laws.ts";
import { performAll } from "./model/guest-driver.ts";
import { PID, runSteps } from "./model/model-machine.ts";
import { stepsOf } from "./model/step-arbitraries.ts";

const poison = (what: string) => () => {
  throw new Error(`${what} was asked`);
};

const kept = { now: Date.now, random: Math.random, performance: performance.now.bind(performance) };
const cases = fc.sample(stepsOf("all", 60), { numRuns: 20, seed: 1 }).map((steps) => runSteps(steps));

beforeEach(() => {
  Date.now = poison("Date.now");
  Math.random = poison("Math.random");
  performance.now = poison("performance.now");
});

afterEach(() => {
  Date.now = kept.now;
  Math.random = kept.random;
  performance.now = kept.performance;
});

test("the poison works", () => {
  expect(() => Date.now()).toThrow("Date.now was asked");
  expect(() => Math.random()).toThrow("Math.random was asked");
  expect(() => performance.now()).toThrow("performance.now was asked");
});

test("a fold asks neither the clock nor chance, under either driver", () => {
  for (const { log, kernel } of cases) {
    const fold = new Fold(initialState());
    let state = initialState();
    for (const event of log.decoded()) {
      fold.apply(event);
      state = step(state, event);
    }
    expect(hashOf(fold.state)).toBe(hashOf(kernel.state));
    expect(hashOf(state)).toBe(hashOf(kernel.state));
  }
});

test("a decision asks neither the clock nor chance", () => {
  for (const { kernel, performed } of cases) {
    const asker = { pid: PID, at: kernel.state.at, since: kernel.state.at };
    for (const { raw } of performed) {
      const { request } = judgedAlone(raw);
      if (request !== null)
        expect(decide(kernel.state, asker, request)).toEqual(decide(kernel.state, asker, request));
    }
  }
});

test("a replay asks neither the clock nor chance", () => {
  for (const { log, kernel, performed } of cases) {
    const replay = replayOf(recordLog(log, [5, 40], 20).store);
    performAll(
      replay,
      PID,
      performed.map(({ raw }) => raw),
    );
    replay.drain();
    expect(hashOf(replay.state)).toBe(hashOf(kernel.state));
  }
});
