import { isUtf8 } from "node:buffer";
import { fail, ok, type Result } from "../../core/result.ts";

/** What is wrong with a file's text, by an offset into as much of it as could be read. */
export interface TextFault {
  readonly text: string;
  readonly offset: number;
  readonly what: string;
  readonly advice: string;
}

/** A machine of 10,000 small processes fits; more is not written by hand, and is not read into memory unasked. */
export const MAX_FILE_BYTES = 2 ** 20;

const BYTE_ORDER_MARK = "\uFEFF";
const withoutMark = "save it as UTF-8 without a byte order mark";

/** The text of a machine file: UTF-8, as RFC 8259 8.1 has it. */
export function decodeText(bytes: Uint8Array): Result<string, TextFault> {
  const at = { text: "", offset: 0 };
  if (bytes.length > MAX_FILE_BYTES) {
    const what = `a file of at most ${MAX_FILE_BYTES} bytes was expected, not of ${bytes.length}`;
    return fail({ ...at, what, advice: "make several machines of it" });
  }
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff))
    return fail({ ...at, what: "UTF-8 was expected, not UTF-16", advice: withoutMark });
  if (!isUtf8(bytes)) return fail(firstWrongByte(bytes));
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
  if (!text.startsWith(BYTE_ORDER_MARK)) return ok(text);
  return fail({ ...at, what: "JSON was expected, not a byte order mark", advice: withoutMark });
}

/** A byte that is no UTF-8 decodes to U+FFFD, which encodes to others: where the two differ first is the place. */
function firstWrongByte(bytes: Uint8Array): TextFault {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  const again = new TextEncoder().encode(decoder.decode(bytes));
  let index = again.findIndex((byte, at) => byte !== bytes[at]);
  // Back to where the character begins: what is before it was right.
  while (((again[index] as number) & 0xc0) === 0x80) index -= 1;
  const text = decoder.decode(bytes.subarray(0, index));
  const byte = (bytes[index] as number).toString(16);
  const what = `UTF-8 was expected, not the byte 0x${byte} (byte ${index} of the file)`;
  return { text, offset: text.length, what, advice: "save it as UTF-8" };
}
