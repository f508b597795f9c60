/** A state without the stamps of the folds that made it. */
export const withoutStamps = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(withoutStamps);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, below]) => (key === "epoch" ? [] : [[key, withoutStamps(below)]])),
  );
};
