import { invariant } from "../../core/assert.ts";
import type { DeJureStep } from "./de-jure-step.ts";
import {
  eachEdge,
  edgeAt,
  GRANT,
  isSubject,
  type ProtectionGraph,
  rightsBetween,
  TAKE,
} from "./protection-graph.ts";
import { ProtectionGraphBuilder } from "./protection-graph-builder.ts";

/** The pair of two vertices is one number. */
const MOST_VERTICES = 2 ** 26;

/** A protection graph and what steps have changed since; the graph itself stays as it is, however large. */
export class ChangedGraph {
  readonly #graph: ProtectionGraph;
  /** What is held now, by pair, where that has changed. */
  readonly #changed = new Map<number, number>();
  /** Whether each vertex that was created is a subject. */
  readonly #created: boolean[] = [];

  constructor(graph: ProtectionGraph) {
    invariant(graph.vertexCount < MOST_VERTICES / 2, "a protection graph has fewer than 2^25 vertices");
    this.#graph = graph;
  }

  get vertexCount(): number {
    return this.#graph.vertexCount + this.#created.length;
  }

  isSubject(vertex: number): boolean {
    const { vertexCount } = this.#graph;
    return vertex < vertexCount
      ? isSubject(this.#graph, vertex)
      : (this.#created[vertex - vertexCount] ?? false);
  }

  rightsBetween(source: number, target: number): number {
    const changed = this.#changed.get(source * MOST_VERTICES + target);
    if (changed !== undefined) return changed;
    const { vertexCount } = this.#graph;
    return source < vertexCount && target < vertexCount ? rightsBetween(this.#graph, source, target) : 0;
  }

  /** Whether one vertex holds all of these rights over another. */
  holds(source: number, rights: number, target: number): boolean {
    return (rights & ~this.rightsBetween(source, target)) === 0;
  }

  /** Why the rules do not allow a step, as a statement that does not hold; null if they do. */
  refusalOf(step: DeJureStep): string | null {
    const isVertex = (vertex: number): boolean => vertex >= 0 && vertex < this.vertexCount;
    const { actor, rights } = step;
    if (!isVertex(actor) || !this.isSubject(actor)) return "the actor is a subject";
    if (step.kind === "create")
      return step.vertex === this.vertexCount ? null : "a created vertex has the next number";
    if (!isVertex(step.target)) return "the target is a vertex";
    if (rights === 0) return "there are rights to hand on";
    switch (step.kind) {
      case "take":
        if (!isVertex(step.from) || !this.holds(actor, TAKE, step.from))
          return "the actor may take from there";
        return this.holds(step.from, rights, step.target) ? null : "the rights are held where they are taken";
      case "grant":
        if (!isVertex(step.to) || !this.holds(actor, GRANT, step.to)) return "the actor may grant to there";
        return this.holds(actor, rights, step.target) ? null : "the actor holds what he grants";
      case "remove":
        return this.holds(actor, rights, step.target) ? null : "the actor holds what he gives up";
    }
  }

  /** Lets a step happen that was not refused. */
  happen(step: DeJureStep): void {
    switch (step.kind) {
      case "take":
        return this.#add(step.actor, step.rights, step.target);
      case "grant":
        return this.#add(step.to, step.rights, step.target);
      case "create":
        this.#created.push(step.isSubject);
        return this.#add(step.actor, step.rights, step.vertex);
      case "remove":
        return this.#set(step.actor, this.rightsBetween(step.actor, step.target) & ~step.rights, step.target);
    }
  }

  /** A graph of its own of all that is held now. */
  toGraph(): ProtectionGraph {
    const builder = new ProtectionGraphBuilder();
    for (let vertex = 0; vertex < this.vertexCount; vertex += 1) {
      if (this.isSubject(vertex)) builder.addSubject();
      else builder.addObject();
    }
    eachEdge(this.#graph, (source, place) => {
      const edge = edgeAt(this.#graph, source, place);
      if (!this.#changed.has(source * MOST_VERTICES + edge.target)) builder.addEdge(edge);
    });
    for (const [pair, rights] of this.#changed)
      builder.addEdge({ source: Math.floor(pair / MOST_VERTICES), target: pair % MOST_VERTICES, rights });
    return builder.build();
  }

  #add(source: number, rights: number, target: number): void {
    this.#set(source, this.rightsBetween(source, target) | rights, target);
  }

  #set(source: number, rights: number, target: number): void {
    this.#changed.set(source * MOST_VERTICES + target, rights >>> 0);
  }
}
