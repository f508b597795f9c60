import { invariant } from "../../core/assert.ts";
import { type DeJureStep, describeStep, type StepWords } from "./de-jure-step.ts";
import type { ProtectionGraph } from "./protection-graph.ts";
import { ProtectionGraphBuilder } from "./protection-graph-builder.ts";

const letters = ["t", "g", "r", "w"] as const;

/** The bit of a right by its letter: take, grant, read, write. */
export const bitOf = (letter: (typeof letters)[number]): number => 1 << letters.indexOf(letter);

const lettersOf = (rights: number): string =>
  letters.filter((_, index) => (rights & (1 << index)) !== 0).join("");

/** A small graph for tests, as it is drawn in textbooks: "u -t> a, u <g- v"; capitals are objects. */
export class SampleGraph {
  readonly graph: ProtectionGraph;
  readonly #names: string[] = [];

  constructor(drawn: string) {
    const builder = new ProtectionGraphBuilder();
    const vertex = (name: string): number => {
      const known = this.#names.indexOf(name);
      if (known >= 0) return known;
      this.#names.push(name);
      return /^[A-Z]/.test(name) ? builder.addObject() : builder.addSubject();
    };
    for (const part of drawn.split(",").map((text) => text.trim())) {
      const [left = "", edge, right] = part.split(" ");
      const one = vertex(left);
      if (edge === undefined || right === undefined) continue;
      const other = vertex(right);
      const rights = letters.reduce((set, letter) => (edge.includes(letter) ? set | bitOf(letter) : set), 0);
      builder.addEdge(
        edge.endsWith(">") ? { source: one, target: other, rights } : { source: other, target: one, rights },
      );
    }
    this.graph = builder.build();
  }

  vertex(name: string): number {
    const known = this.#names.indexOf(name);
    invariant(known >= 0, `the drawing has ${name}`);
    return known;
  }

  /** What is created is called N, N2 and so on. */
  get words(): StepWords {
    const created = (index: number): string => (index === 0 ? "N" : `N${index + 1}`);
    return {
      nameOf: (vertex) => this.#names[vertex] ?? created(vertex - this.#names.length),
      wordsOf: lettersOf,
    };
  }

  told(steps: readonly DeJureStep[]): readonly string[] {
    return steps.map((step) => describeStep(step, this.words));
  }
}
