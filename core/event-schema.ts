/**
 * One declaration for each kind of event: from it come the TypeScript type, the encoder, the decoder that trusts nothing,
 * and the arbitrary that properties draw from. A tag is a number on disk for ever: it is never renamed, reused or re-meant;
 * a new meaning is a new type with a new tag.
 *
 * All events have an envelope, which costs next to nothing on disk: `seq` is implied by the place in the log, `at` is a
 * difference, `pid` is written only when it changes.
 */
export interface Field<Value> {
  readonly kind:
    | "uint"
    | "sint"
    | "flag"
    | "text"
    | "choice"
    | "texts"
    | "uints"
    | "position"
    | "length"
    | "use";
  /** The words of a choice, in the order of their numbers on disk. Words are only ever added at the end. */
  readonly words?: readonly string[];
  /** Never there: it carries the type of the field's value. */
  readonly value?: Value;
}

/** The longest text in an event, in UTF-8 bytes; a path of WASI is at most 4,096. */
export const MAX_TEXT_BYTES = 1 << 20;
/** The longest list in an event. */
export const MAX_LIST = 1 << 17;

export const uint: Field<number> = { kind: "uint" };
export const sint: Field<number> = { kind: "sint" };
export const flag: Field<boolean> = { kind: "flag" };
export const text: Field<string> = { kind: "text" };
export const texts: Field<readonly string[]> = { kind: "texts" };
export const uints: Field<readonly number[]> = { kind: "uints" };
/** The id of the capability that the event's process used, at most 2^52; 0 for none. Written against those used before. */
export const use: Field<number> = { kind: "use" };
/** Where bytes begin in the recording's byte stream. Bytes that are new with this event begin at the stream's head. */
export const position: Field<number> = { kind: "position" };
/** How many bytes there are from the `position` of the same event on; declared behind it. */
export const length: Field<number> = { kind: "length" };
export const choice = <const Words extends readonly string[]>(...words: Words): Field<Words[number]> => ({
  kind: "choice",
  words,
});

export interface EventDeclaration {
  readonly tag: number;
  readonly fields: Readonly<Record<string, Field<unknown>>>;
}

export type EventDeclarations = Readonly<Record<string, EventDeclaration>>;

export const event = <const Fields extends Readonly<Record<string, Field<unknown>>>>(
  tag: number,
  fields: Fields,
) => ({
  tag,
  fields,
});

export interface Envelope {
  /** The event's index in its timeline, from 0. */
  readonly seq: number;
  /** Kernel time in whole microseconds since the machine was first booted. */
  readonly at: number;
  /** The seq of the event that led to this one; -1 for one that came from outside. */
  readonly cause: number;
  /** The process whose doing it is; 0 is the machine itself. */
  readonly pid: number;
  /** For an event that answers a guest's call: 16 bits that say which call it was. -1 for all others. */
  readonly call: number;
}

type ValueOf<F> = F extends Field<infer Value> ? Value : never;
type FieldsOf<D extends EventDeclaration> = {
  readonly [Key in keyof D["fields"]]: ValueOf<D["fields"][Key]>;
};

/** The facts that the declarations name: what a decider returns, before the log gives them their envelope. */
export type FactOf<Declarations extends EventDeclarations> = {
  [Type in keyof Declarations & string]: { readonly type: Type } & FieldsOf<Declarations[Type]>;
}[keyof Declarations & string];

/** The events that the declarations name, as they stand in the log. */
export type EventOf<Declarations extends EventDeclarations> = {
  [Type in keyof Declarations & string]: { readonly type: Type } & Envelope & FieldsOf<Declarations[Type]>;
}[keyof Declarations & string];
