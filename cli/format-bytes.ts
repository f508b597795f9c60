const ROW_BYTES = 16;

/** Bytes as hexadecimal numbers and text, 16 a line, as `hexdump -C` shows them. */
export function* formatBytes(bytes: Uint8Array, address: number): Generator<string> {
  for (let at = 0; at < bytes.length; at += ROW_BYTES) {
    const row = [...bytes.subarray(at, at + ROW_BYTES)];
    const numbers = row.map((byte) => byte.toString(16).padStart(2, "0"));
    const halves = [numbers.slice(0, 8).join(" "), numbers.slice(8).join(" ")];
    const text = row.map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : ".")).join("");
    yield `${(address + at).toString(16).padStart(8, "0")}  ${halves.join("  ").padEnd(49)} |${text}|`;
  }
}
