/** The functions and globals that the transform adds to the fast module. */
import { type AddedFunction, AddedMaker, OWN_GLOBALS, type OwnGlobal } from "./added-maker.ts";
import type { AddedFunctions, AddedGlobals } from "./emit-context.ts";
import type { ModuleShape } from "./module-shape.ts";
import { controlFunctions, stackFunctions } from "./stack-functions.ts";
import { globalFunctions, referenceFunctions, segmentFunctions } from "./state-functions.ts";
import type { Survey } from "./survey-bodies.ts";

export interface Added {
  readonly globals: AddedGlobals;
  readonly functions: readonly AddedFunction[];
  /** Names of all globals, own ones and those that say what segments are dropped. */
  readonly globalNames: readonly string[];
  readonly kernelTable: number;
  readonly referenceTable: number;
}

export function addedCode(shape: ModuleShape, survey: Survey, stackBytes: number): Added {
  const kernelTable = shape.tables.length;
  const referenceTable = kernelTable + 1;
  const globalOf = (name: OwnGlobal): number => shape.globals.length + OWN_GLOBALS.indexOf(name);
  const dropNames = [...droppable(survey)];
  const globalNames = [...OWN_GLOBALS, ...dropNames];
  const make = new AddedMaker(shape, globalOf, { kernelTable, referenceTable, stackBytes });
  const functions = [
    ...stackFunctions(make),
    ...controlFunctions(make),
    ...referenceFunctions(make),
    ...globalFunctions(make),
    ...segmentFunctions(make, survey, (name) => shape.globals.length + globalNames.indexOf(name)),
  ];
  return {
    globals: {
      state: globalOf("state"),
      ticks: globalOf("ticks"),
      stackLeft: globalOf("stackLeft"),
      point: globalOf("point"),
    },
    functions,
    globalNames,
    kernelTable,
    referenceTable,
  };
}

/** Names of the globals that say whether a segment is dropped. */
function* droppable(survey: Survey): Iterable<string> {
  for (const segment of survey.dataSegments) yield `data${segment}`;
  for (const segment of survey.elementSegments) yield `element${segment}`;
}

/** Numbers of the added functions where the first has the number `first`. */
export function addedFunctions(added: Added, first: number): AddedFunctions {
  const numbers = new Map(added.functions.map(({ name }, place) => [name, first + place]));
  const of = (name: string): number => numbers.get(name) as number;
  const byPrefix = (prefix: string): [string, number][] =>
    [...numbers].flatMap(([name, number]): [string, number][] =>
      name.startsWith(prefix) ? [[name.slice(prefix.length), number]] : [],
    );
  const bySegment = (prefix: string): Map<number, number> =>
    new Map(byPrefix(prefix).map(([segment, number]) => [Number(segment), number]));
  return {
    reserve: of("reserve"),
    pop: of("pop"),
    topSlot: of("topSlot"),
    pushReference: of("pushReference"),
    popReference: of("popReference"),
    memoryInit: bySegment("memoryInit "),
    dataDrop: bySegment("dataDrop "),
    elementDrop: bySegment("elementDrop "),
    tableInit: new Map(byPrefix("tableInit ")),
  };
}
