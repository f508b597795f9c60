import { median } from "./figure.ts";

/** One contender: does its work once and gives what it cost, in any unit that its peers share. */
type Turn = () => number;

/** What each contender's turns cost, by round. */
export type Costs<Name extends string> = Readonly<Record<Name, readonly number[]>>;

/** Lets every contender have a turn in every round, each time another one first, so that what disturbs one disturbs all. */
export function interleaved<Name extends string>(
  rounds: number,
  contenders: Readonly<Record<Name, Turn>>,
): Costs<Name> {
  const names = Object.keys(contenders) as Name[];
  const costs = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>;
  for (let round = 0; round < rounds; round += 1) {
    for (let place = 0; place < names.length; place += 1) {
      const name = names[(round + place) % names.length] as Name;
      costs[name].push(contenders[name]());
    }
  }
  return costs;
}

/** The quotients of two contenders, round by round. */
export const ratios = (above: readonly number[], below: readonly number[]): number[] =>
  above.map((cost, round) => cost / (below[round] ?? Number.NaN));

/** Milliseconds of user and system time that this process, all its threads, takes for some work. */
export function cpuMillis(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

export function wallMillis(work: () => void): number {
  const before = performance.now();
  work();
  return performance.now() - before;
}

const SPIN_MILLIS = 40;

/**
 * How much of a core this process gets: 1 on a quiet machine. Measured by spinning, so it tells how far wall-clock figures are to be
 * trusted.
 */
export function coreShare(): number {
  const shares: number[] = [];
  for (let round = 0; round < 5; round += 1) {
    const start = performance.now();
    const cpu = cpuMillis(() => {
      while (performance.now() - start < SPIN_MILLIS);
    });
    shares.push(cpu / (performance.now() - start));
  }
  return Math.min(1, median(shares));
}
