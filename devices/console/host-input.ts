import type { Readable } from "node:stream";
import { concatMap, Observable } from "rxjs";
import type { ConsoleInput } from "../device.ts";

/** Standard input, one piece for each request: what nobody asked for stays with the host. */
export const hostInput = (stream: Readable, requests: Observable<void>): Observable<ConsoleInput> =>
  requests.pipe(concatMap(() => nextPiece(stream)));

const nextPiece = (stream: Readable): Observable<ConsoleInput> =>
  new Observable((subscriber) => {
    const answer = (input: ConsoleInput): void => {
      subscriber.next(input);
      subscriber.complete();
    };
    const end = (): void => answer({ kind: "ended" });
    const read = (): void => {
      const bytes = stream.read() as Buffer | null;
      if (bytes !== null) answer({ kind: "bytes", bytes: new Uint8Array(bytes) });
      else if (stream.readableEnded || stream.destroyed) end();
    };
    stream.on("readable", read).on("end", end).on("error", end).on("close", end);
    read();
    return () => {
      stream.off("readable", read).off("end", end).off("error", end).off("close", end);
    };
  });
