/**
 * All functions that a guest can import, of both modules, under the numbers that recordings have: those of WASI preview 1 first, then
 * those of `foldos`.
 */
import { invariant } from "../core/assert.ts";
import { FOLDOS_MODULE, foldosCalls, foldosNames } from "./foldos/foldos-table.ts";
import type { WasiCall } from "./wasi/wasi-call.ts";
import { WASI_MODULE, wasiCalls, wasiNames } from "./wasi/wasi-table.ts";

interface Offered {
  readonly module: string;
  readonly name: string;
  readonly call: WasiCall;
}

const offered: readonly Offered[] = [
  ...wasiNames.map((name) => ({ module: WASI_MODULE, name, call: wasiCalls[name] as WasiCall })),
  ...foldosNames.map((name) => ({ module: FOLDOS_MODULE, name, call: foldosCalls[name] as WasiCall })),
];

const numbers: ReadonlyMap<string, ReadonlyMap<string, number>> = new Map(
  [WASI_MODULE, FOLDOS_MODULE].map((module) => [
    module,
    new Map(offered.flatMap((one, number) => (one.module === module ? [[one.name, number]] : []))),
  ]),
);

/** The number of a function that a module imports; -1 if there is none. */
export const callNumber = (module: string, name: string): number => numbers.get(module)?.get(name) ?? -1;

/** The names that a module has to import; none if there is no such module. */
export const callNames = (module: string): readonly string[] => [...(numbers.get(module)?.keys() ?? [])];

export function callAt(number: number): WasiCall {
  const found = offered[number];
  invariant(found !== undefined, "a call has a number of the table");
  return found.call;
}

/** The name of the function with a number, for people; a recording of a newer Foldos may have numbers that this one does not know. */
export const callName = (number: number): string => offered[number]?.name ?? `function ${number}`;
