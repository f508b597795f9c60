/** Reads the pages of a state, from bytes that nobody vouches for. */
import { ByteReader } from "./byte-reader.ts";
import { FRESH } from "./own.ts";
import { tag } from "./state-tags.ts";
import { type AddressPlace, canonicalBytes } from "./stored-page.ts";

/** State is nested by its types, not by its data: 64 levels are never reached by an honest state. */
const MAX_DEPTH = 64;

/** A page that was read. */
export interface LoadedPage {
  readonly page: object;
  readonly address: Uint8Array;
}

/** The page of a number; null if there is none. */
type LoadPage = (number: number) => LoadedPage | null;

export interface ReadPage {
  readonly page: object;
  /** The canonical bytes, whose hash is the page's address. */
  readonly canonical: Uint8Array;
}

/** A page from the bytes that a store keeps under a number; `load` gives the pages below. Throws MalformedBytes. */
export function readStatePage(bytes: Uint8Array, number: number, load: LoadPage): ReadPage {
  const places: AddressPlace[] = [];
  const page = new PageReader({ reader: new ByteReader(bytes), number, load, places }).whole();
  return { page, canonical: canonicalBytes(bytes, places) };
}

/** The longest name of a field. */
const MAX_NAME_BYTES = 100;
/** Shapes in one page, and names in one shape: more than a state has, few enough to be no burden. */
const MAX_SHAPES = 256;

/** What a page's reader shares with those of the small pages within it. */
interface Reading {
  readonly reader: ByteReader;
  readonly number: number;
  readonly load: LoadPage;
  readonly places: AddressPlace[];
}

/** Reads one page; an inline page within it has a reader of its own over the same bytes. */
class PageReader {
  readonly #reading: Reading;
  readonly #reader: ByteReader;
  readonly #shapes: (readonly string[])[] = [];

  constructor(reading: Reading) {
    this.#reading = reading;
    this.#reader = reading.reader;
  }

  whole(): object {
    const reader = this.#reader;
    const value = this.value(0);
    if (reader.offset === reader.end && typeof value === "object" && value !== null) return value;
    return reader.refuse("one whole record");
  }

  value(depth: number): unknown {
    const reader = this.#reader;
    if (depth > MAX_DEPTH) reader.refuse(`at most ${MAX_DEPTH} levels`);
    const kind = reader.byte();
    switch (kind) {
      case tag.none:
        return null;
      case tag.no:
        return false;
      case tag.yes:
        return true;
      case tag.whole:
        return reader.uint();
      case tag.negative:
        return -reader.uint();
      case tag.text:
        return reader.text(1 << 20);
      case tag.list:
        return this.#items(depth);
      case tag.record:
      case tag.ownedRecord:
        return this.#record(depth, kind === tag.ownedRecord);
      case tag.inline:
        return new PageReader(this.#reading).value(depth + 1);
      case tag.reference:
        return this.#reference();
      default:
        return reader.refuse("a value");
    }
  }

  #reference(): object {
    const { reader, number, load, places } = this.#reading;
    const start = reader.offset;
    const back = reader.uint();
    const below = back > 0 && back <= number ? load(number - back) : null;
    if (below === null) return reader.refuse("the number of a page that is there");
    places.push({ start, end: reader.offset, address: below.address });
    return below.page;
  }

  #items(depth: number): unknown[] {
    const reader = this.#reader;
    const count = reader.uint();
    if (count > 1 << 22) reader.refuse("a list of a state's size");
    const items: unknown[] = [];
    while (items.length < count) {
      if (reader.bytes[reader.offset] !== tag.nulls) items.push(this.value(depth + 1));
      else {
        reader.byte();
        const nulls = reader.uint();
        if (nulls > count - items.length) reader.refuse("nulls within their list");
        for (let index = 0; index < nulls; index += 1) items.push(null);
      }
    }
    return items;
  }

  #record(depth: number, isOwned: boolean): object {
    const record: Record<string, unknown> = isOwned ? { epoch: FRESH } : {};
    for (const name of this.#names()) record[name] = this.value(depth + 1);
    return record;
  }

  /** The field names of the record that follows: spelled out, or by the number of their shape in this page. */
  #names(): readonly string[] {
    const reader = this.#reader;
    const number = reader.uint();
    if (number > 0) return this.#shapes[number - 1] ?? reader.refuse("a shape that was spelled out before");
    const count = reader.uint();
    if (count > MAX_SHAPES || this.#shapes.length >= MAX_SHAPES)
      reader.refuse(`at most ${MAX_SHAPES} names and shapes`);
    const names: string[] = [];
    while (names.length < count) {
      const name = reader.text(MAX_NAME_BYTES);
      if (name === "__proto__") reader.refuse("a field of a state");
      names.push(name);
    }
    this.#shapes.push(names);
    return names;
  }
}
