/** What a process can wait for besides time, as numbers: input at the console, or an end of a pipe that is ready. */
export const CONSOLE_INPUT = 0;
/** Pipes have ids from 1 on. */
export const readable = (pipe: number): number => pipe * 2;
export const writable = (pipe: number): number => pipe * 2 + 1;

type Awaited = { readonly kind: "input" } | { readonly kind: "readable" | "writable"; readonly pipe: number };

/** What a number says. */
export function awaitedOf(object: number): Awaited {
  if (object === CONSOLE_INPUT) return { kind: "input" };
  return { kind: object % 2 === 0 ? "readable" : "writable", pipe: Math.floor(object / 2) };
}
