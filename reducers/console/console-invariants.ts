import { pieceBytes } from "../../core/pieces.ts";
import type { ConsoleState } from "./console-state.ts";

type Statement = (console: ConsoleState) => boolean;

export const unreadInputIsCounted: Statement = ({ input, inputBytes, arrivedBytes }) =>
  pieceBytes(input) === inputBytes && inputBytes <= arrivedBytes;

export const consoleInvariants: Readonly<Record<string, Statement>> = { unreadInputIsCounted };
