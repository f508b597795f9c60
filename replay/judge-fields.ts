/** Judges of values out of JSON that nobody vouches for, put together field by field. */
export type Judge = (value: unknown) => boolean;

export const isWhole: Judge = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
export const isBelow =
  (bound: number): Judge =>
  (value) =>
    isWhole(value) && (value as number) < bound;
export const isFlag: Judge = (value) => typeof value === "boolean";
export const isText: Judge = (value) => typeof value === "string";
export const isOneOf =
  (...words: readonly string[]): Judge =>
  (value) =>
    words.includes(value as string);
export const isNullOr =
  (judge: Judge): Judge =>
  (value) =>
    value === null || judge(value);
export const isMissingOr =
  (judge: Judge): Judge =>
  (value) =>
    value === undefined || judge(value);
export const isListOf =
  (judge: Judge, most: number): Judge =>
  (value) =>
    Array.isArray(value) && value.length <= most && value.every(judge);

/** An object with these fields and no other. */
export const isFields =
  (fields: Readonly<Record<string, Judge>>): Judge =>
  (value) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
    const given = value as Readonly<Record<string, unknown>>;
    const hasOthers = Object.keys(given).some((key) => !Object.hasOwn(fields, key));
    return !hasOthers && Object.entries(fields).every(([key, judge]) => judge(given[key]));
  };
