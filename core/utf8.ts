/** UTF-8 (RFC 3629) without the host's TextEncoder, which the pure folders cannot see. */

/** How many bytes the text takes. Lone surrogates count as U+FFFD. */
export function utf8Length(text: string): number {
  let length = 0;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code < 0x80) length += 1;
    else if (code < 0x800) length += 2;
    else if (isHighSurrogate(code) && isLowSurrogate(text.charCodeAt(index + 1))) {
      length += 4;
      index += 1;
    } else length += 3;
  }
  return length;
}

const isHighSurrogate = (code: number): boolean => code >= 0xd800 && code < 0xdc00;
const isLowSurrogate = (code: number): boolean => code >= 0xdc00 && code < 0xe000;
const isSurrogate = (code: number): boolean => code >= 0xd800 && code < 0xe000;

/** Writes the text at the offset, where there must be room, and returns the offset behind it. */
export function writeUtf8(text: string, bytes: Uint8Array, offset: number): number {
  let at = offset;
  for (let index = 0; index < text.length; index += 1) {
    let code = text.charCodeAt(index);
    if (code < 0x80) {
      bytes[at++] = code;
      continue;
    }
    if (isHighSurrogate(code) && isLowSurrogate(text.charCodeAt(index + 1))) {
      code = 0x10000 + ((code - 0xd800) << 10) + (text.charCodeAt(index + 1) - 0xdc00);
      index += 1;
    } else if (isSurrogate(code)) code = 0xfffd;
    if (code < 0x800) bytes[at++] = 0xc0 | (code >> 6);
    else {
      if (code < 0x10000) bytes[at++] = 0xe0 | (code >> 12);
      else {
        bytes[at++] = 0xf0 | (code >> 18);
        bytes[at++] = 0x80 | ((code >> 12) & 0x3f);
      }
      bytes[at++] = 0x80 | ((code >> 6) & 0x3f);
    }
    bytes[at++] = 0x80 | (code & 0x3f);
  }
  return at;
}

export function encodeUtf8(text: string): Uint8Array {
  const bytes = new Uint8Array(utf8Length(text));
  writeUtf8(text, bytes, 0);
  return bytes;
}

/** UTF-16 code units that become text in one go: a string that is made letter by letter is copied as often. */
const STRETCH = 1024;

/** The text of well-formed UTF-8, or null: no overlong form, no surrogate, nothing above U+10FFFF, nothing cut off. */
export function readUtf8(bytes: Uint8Array, start: number, end: number): string | null {
  let text = "";
  let units: number[] = [];
  for (let at = start; at < end; ) {
    const lead = bytes[at] as number;
    if (lead < 0x80) {
      units.push(lead);
      at += 1;
    } else {
      const code = readSequence(bytes, at, end);
      if (code < 0) return null;
      if (code > 0xffff) units.push(0xd7c0 + (code >> 10), 0xdc00 + (code & 0x3ff));
      else units.push(code);
      at += lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    }
    if (units.length < STRETCH) continue;
    text += String.fromCharCode(...units);
    units = [];
  }
  return text === "" ? String.fromCharCode(...units) : text + String.fromCharCode(...units);
}

/** The code point of two to four bytes; -1 if they are not well-formed. */
function readSequence(bytes: Uint8Array, at: number, end: number): number {
  const lead = bytes[at] as number;
  const extra = lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : 1;
  if (lead < 0xc2 || lead > 0xf4 || at + extra >= end) return -1;
  let code = lead & (0x3f >> extra);
  for (let step = 1; step <= extra; step += 1) {
    const next = bytes[at + step] as number;
    if ((next & 0xc0) !== 0x80) return -1;
    code = (code << 6) | (next & 0x3f);
  }
  const isOverlong = (extra === 2 && code < 0x800) || (extra === 3 && code < 0x10000);
  return isOverlong || isSurrogate(code) || code > 0x10ffff ? -1 : code;
}
