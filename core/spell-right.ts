/** The name of a right in its one spelling, that of WASI preview 1: of `fdWrite` as of `fd_write` it is `fd_write`. */
export const spellRight = (name: string): string =>
  name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
