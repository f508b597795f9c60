/** A number of 32 bits as LEB128, as short as can be (WebAssembly core 5.2.2). */
export function encodeU32(value: number): readonly number[] {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 0x80) {
    bytes.push((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  return [...bytes, rest];
}
