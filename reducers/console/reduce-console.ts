import { unreachable } from "../../core/assert.ts";
import { appendPiece, dropBytes } from "../../core/pieces.ts";
import type { Reducer } from "../../core/reducer.ts";
import type { ConsoleEvent } from "./console-event.ts";
import { type ConsoleState, STDERR } from "./console-state.ts";

export const reduceConsole: Reducer<ConsoleState, ConsoleEvent> = (console, event) => {
  switch (event.type) {
    case "console/written":
      if (event.stream === STDERR) console.errorBytes += event.length;
      else console.outputBytes += event.length;
      return;
    case "console/read":
      console.input = dropBytes(console.input, event.length);
      console.inputBytes -= event.length;
      return;
    case "console/input-arrived":
      console.input = appendPiece(console.input, event.position, event.length);
      console.inputBytes += event.length;
      console.arrivedBytes += event.length;
      return;
    case "console/input-ended":
      console.inputEnded = true;
      return;
    case "console/output-closed":
      if (event.stream === STDERR) console.errorClosed = true;
      else console.outputClosed = true;
      return;
    case "console/attached":
      console.inputIsTerminal = event.input;
      console.outputIsTerminal = event.output;
      console.errorIsTerminal = event.error;
      return;
    default:
      unreachable(event);
  }
};
