/**
 * The words that a process has heard from another: runs of bytes between such as separate names in messages. A name that stands in a
 * message is found by its words, which must stand there as they do in the name; a word may come in several pieces.
 */
const SEPARATORS = " \"'`/\\:,;=<>|()[]{}&?*!\u007f";
/** Longer than any name. What is longer is not one. */
const MAX_WORD_BYTES = 255;
/** Words remembered of what one has heard from another; the oldest go first. */
const MAX_WORDS = 1 << 16;
/** Places of a word that are remembered, the last ones. */
const MAX_PLACES = 8;

const separates: readonly boolean[] = Array.from(
  { length: 256 },
  (_, byte) => byte < 0x20 || (byte < 0x80 && SEPARATORS.includes(String.fromCharCode(byte))),
);

interface Word {
  readonly text: string;
  readonly offset: number;
}

/** A place where a word was heard: by which event, and how far behind the beginning. */
interface Heard {
  readonly seq: number;
  readonly offset: number;
}

const asText = (bytes: readonly number[]): string => String.fromCharCode(...bytes);
/** A dot at the end belongs to the sentence as often as to the name. */
const withoutDots = (text: string): string => text.replace(/\.+$/, "");

/** The words of a name or path. */
export function wordsIn(name: string): readonly Word[] {
  const words: Word[] = [];
  let word: number[] = [];
  const bytes = Buffer.from(`${name}/`, "utf8");
  bytes.forEach((byte, at) => {
    if (separates[byte] !== true) return void word.push(byte);
    if (word.length > 0) words.push({ text: asText(word), offset: at - word.length });
    word = [];
  });
  return words;
}

export class HeardWords {
  readonly #words = new Map<string, Heard[]>();
  #word: number[] = [];
  #offset = 0;
  #seq = -1;

  /** Hears more, by an event. */
  hear(bytes: Uint8Array, seq: number): void {
    for (const byte of bytes) {
      if (separates[byte] === true) this.#endWord();
      else if (this.#word.length <= MAX_WORD_BYTES) this.#word.push(byte);
      this.#offset += 1;
      this.#seq = seq;
    }
  }

  #endWord(): void {
    const { length } = this.#word;
    if (length > 0 && length <= MAX_WORD_BYTES) {
      const text = asText(this.#word);
      const heard = { seq: this.#seq, offset: this.#offset - length };
      this.#keep(text, heard);
      const plain = withoutDots(text);
      if (plain !== text && plain !== "") this.#keep(plain, heard);
    }
    this.#word = [];
  }

  #keep(text: string, heard: Heard): void {
    const places = this.#words.get(text) ?? [];
    this.#words.delete(text);
    places.push(heard);
    if (places.length > MAX_PLACES) places.shift();
    this.#words.set(text, places);
    if (this.#words.size > MAX_WORDS) this.#words.delete(this.#words.keys().next().value as string);
  }

  #placesOf(text: string): readonly Heard[] {
    const places = this.#words.get(text) ?? [];
    const { length } = this.#word;
    if (length === 0) return places;
    // A message may end where its last word does.
    const unfinished = asText(this.#word);
    const isIt = unfinished === text || withoutDots(unfinished) === text;
    return isIt ? [...places, { seq: this.#seq, offset: this.#offset - length }] : places;
  }

  /** The event by which a name was heard last, before a seq; -1 if it was not. */
  heard(name: string, before: number): number {
    const [first, ...others] = wordsIn(name);
    if (first === undefined) return -1;
    let last = -1;
    for (const { seq, offset } of this.#placesOf(first.text)) {
      const base = offset - first.offset;
      const isWhole = others.every((word) =>
        this.#placesOf(word.text).some((place) => place.offset === base + word.offset && place.seq < before),
      );
      if (isWhole && seq < before) last = Math.max(last, seq);
    }
    return last;
  }
}
