import { ChangedGraph } from "./changed-graph.ts";
import type { DeJureStep } from "./de-jure-step.ts";
import { GRANT, type ProtectionGraph, TAKE } from "./protection-graph.ts";
import { ASKED, HELD, LENT, REACHED, TAPPED, type SharingQuestion, type Visit } from "./sharing-search.ts";

/** The steps that carry a right over y along a way that was found. A step that would change nothing is left out. */
export function sharingChain(
  graph: ProtectionGraph,
  question: SharingQuestion,
  way: readonly Visit[],
): readonly DeJureStep[] {
  const chain = new SharingChain(graph, question, way);
  while (!chain.isAtEnd) chain.goOn();
  return chain.steps;
}

/** One bridge of a stretch that goes backward: who holds the right or hands it on, and who can lend him `grant` over n. */
interface Bridge {
  /** From the one that asks, along `take`. */
  readonly asked: readonly number[];
  /** From the one that lends, along `take`, to who holds `grant` over the last that was asked; none if that one lends. */
  readonly lent: readonly number[];
}

class SharingChain {
  readonly steps: DeJureStep[] = [];
  readonly #now: ChangedGraph;
  readonly #way: readonly Visit[];
  readonly #right: number;
  readonly #y: number;
  #index = 0;

  constructor(graph: ProtectionGraph, { right, y }: SharingQuestion, way: readonly Visit[]) {
    this.#now = new ChangedGraph(graph);
    this.#way = way;
    this.#right = right;
    this.#y = y;
  }

  get isAtEnd(): boolean {
    return this.#index >= this.#way.length - 1;
  }

  /** From one who holds the right to the next who does. */
  goOn(): void {
    const holder = this.#vertexAt(this.#index);
    this.#index += 1;
    switch (this.#placeAt(this.#index)) {
      case TAPPED:
        this.#take(this.#trail(TAPPED).reverse(), this.#right, this.#y);
        return;
      case REACHED: {
        const trail = this.#trail(REACHED);
        const next = this.#vertexAt(this.#index);
        this.#take(trail, GRANT, next);
        return this.#add({ kind: "grant", actor: holder, to: next, rights: this.#right, target: this.#y });
      }
      default:
        return this.#goBackward(holder);
    }
  }

  /** A stretch that goes backward: its last subject makes n, and `grant` over n goes from hand to hand to the holder. */
  #goBackward(holder: number): void {
    const bridges: Bridge[] = [];
    while (this.#placeAt(this.#index) !== HELD)
      bridges.push({ asked: this.#trail(ASKED), lent: this.#trail(LENT).reverse() });
    const maker = this.#vertexAt(this.#index);
    const made = this.#now.vertexCount;
    this.#add({ kind: "create", actor: maker, vertex: made, isSubject: false, rights: TAKE | GRANT });
    for (const { asked, lent } of bridges.reverse()) this.#cross(asked, lent, made);
    this.#add({ kind: "grant", actor: holder, to: made, rights: this.#right, target: this.#y });
    this.#add({ kind: "take", actor: maker, from: made, rights: this.#right, target: this.#y });
  }

  #cross(asked: readonly number[], lent: readonly number[], made: number): void {
    const middle = asked[asked.length - 1] as number;
    const lender = lent[0];
    if (lender !== undefined) {
      this.#take(lent, GRANT, middle);
      this.#add({ kind: "grant", actor: lender, to: middle, rights: GRANT, target: made });
    }
    this.#take(asked, GRANT, made);
  }

  /** The first of a trail takes along it what the last holds. */
  #take(trail: readonly number[], rights: number, target: number): void {
    const [actor, ...others] = trail as readonly [number, ...number[]];
    others.forEach((from, index) => {
      const next = others[index + 1];
      this.#add(
        next === undefined
          ? { kind: "take", actor, from, rights, target }
          : { kind: "take", actor, from, rights: TAKE, target: next },
      );
    });
  }

  /** The vertices at one place, from where we are on. */
  #trail(place: number): number[] {
    const trail: number[] = [];
    for (; this.#placeAt(this.#index) === place; this.#index += 1) trail.push(this.#vertexAt(this.#index));
    return trail;
  }

  #add(step: DeJureStep): void {
    if (this.#isDone(step)) return;
    this.#now.happen(step);
    this.steps.push(step);
  }

  #isDone(step: DeJureStep): boolean {
    switch (step.kind) {
      case "take":
        return this.#now.holds(step.actor, step.rights, step.target);
      case "grant":
        return this.#now.holds(step.to, step.rights, step.target);
      default:
        return false;
    }
  }

  #placeAt(index: number): number {
    return (this.#way[index] as Visit).place;
  }

  #vertexAt(index: number): number {
    return (this.#way[index] as Visit).vertex;
  }
}
