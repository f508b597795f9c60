/** What stands in a page of a state: the first byte of each value. */
export const tag = {
  none: 0,
  no: 1,
  yes: 2,
  whole: 3,
  negative: 4,
  text: 5,
  list: 6,
  record: 7,
  ownedRecord: 8,
  /** A page that stands on its own: by its address in canonical bytes, by its number in stored ones. */
  reference: 9,
  nulls: 10,
  /** A small page, which stands where it is used and has a list of shapes of its own. */
  inline: 11,
} as const;

export const ADDRESS_BYTES = 32;
