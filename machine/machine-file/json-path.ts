/** The way from a file's root to a value: names of properties and indices of items. */
export type JsonPath = readonly (string | number)[];

/** Longer names are cut where they are shown: a message stays a line. */
const MAX_SHOWN = 80;

/** As `processes.web.args[0]` or `processes.web.env["A B"]`; `$` is the root. */
export function pathText(path: JsonPath): string {
  const text = path.map((step) => stepText(step)).join("");
  return text === "" ? "$" : text.replace(/^\./, "");
}

function stepText(step: string | number): string {
  if (typeof step === "number") return `[${step}]`;
  return /^[A-Za-z_$][\w$-]{0,79}$/.test(step) ? `.${step}` : `[${shown(step)}]`;
}

/** A value as a message shows it. */
export function shown(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object" && value !== null) return "an object";
  if (typeof value !== "string") return String(value);
  return JSON.stringify(value.length > MAX_SHOWN ? `${value.slice(0, MAX_SHOWN)}...` : value);
}
