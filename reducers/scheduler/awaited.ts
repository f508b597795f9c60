/**
 * What a process can wait for besides time, as numbers: input at the console, an end of a pipe that is ready, a message at an endpoint,
 * a signal, what becomes of what it has sent, or the end of another process.
 */
const kinds = ["input", "readable", "writable", "message", "notification", "exchange", "ended"] as const;
type Kind = (typeof kinds)[number];

const KINDS = 8;
const numberOf = (kind: Kind, id: number): number => id * KINDS + kinds.indexOf(kind);

export const CONSOLE_INPUT = 0;
export const readable = (pipe: number): number => numberOf("readable", pipe);
export const writable = (pipe: number): number => numberOf("writable", pipe);
export const messageAt = (endpoint: number): number => numberOf("message", endpoint);
export const signalAt = (notification: number): number => numberOf("notification", notification);
/** What becomes of what a process has sent. */
export const exchangeOf = (pid: number): number => numberOf("exchange", pid);
export const endOf = (pid: number): number => numberOf("ended", pid);

type Awaited =
  | { readonly kind: "input" }
  | { readonly kind: "readable" | "writable"; readonly pipe: number }
  | { readonly kind: "message" | "notification"; readonly object: number }
  | { readonly kind: "exchange" | "ended"; readonly pid: number };

/** What a number says. */
export function awaitedOf(object: number): Awaited {
  const kind = kinds[object % KINDS] ?? "input";
  const id = Math.floor(object / KINDS);
  switch (kind) {
    case "input":
      return { kind };
    case "readable":
    case "writable":
      return { kind, pipe: id };
    case "message":
    case "notification":
      return { kind, object: id };
    case "exchange":
    case "ended":
      return { kind, pid: id };
  }
}
