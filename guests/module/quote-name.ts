const MAX_NAME = 100;

/**
 * A name out of a guest's file on one line of a message or log: nothing that moves a cursor, and not
 * endless.
 */
export function quoteName(name: string): string {
  const printable = name.slice(0, MAX_NAME).replace(UNPRINTABLE, "\u{fffd}");
  return name.length > MAX_NAME ? `${printable}...` : printable;
}

// Control characters, separators of lines, marks that turn the direction of writing, and halves of a pair.
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;
