import { type Epochal, FRESH } from "../../core/own.ts";

export interface ConsoleState extends Epochal {
  /** Input that arrived and was not read: position and length, in turns, oldest first. */
  readonly input: readonly number[];
  readonly inputBytes: number;
  readonly inputEnded: boolean;
  /** All input that ever arrived, in bytes. */
  readonly arrivedBytes: number;
  readonly inputIsTerminal: boolean;
  readonly outputIsTerminal: boolean;
  readonly errorIsTerminal: boolean;
  readonly outputClosed: boolean;
  readonly errorClosed: boolean;
  readonly outputBytes: number;
  readonly errorBytes: number;
}

export const STDIN = 0;
export const STDOUT = 1;
export const STDERR = 2;

export const initialConsole: ConsoleState = {
  epoch: FRESH,
  input: [],
  inputBytes: 0,
  inputEnded: false,
  arrivedBytes: 0,
  inputIsTerminal: false,
  outputIsTerminal: false,
  errorIsTerminal: false,
  outputClosed: false,
  errorClosed: false,
  outputBytes: 0,
  errorBytes: 0,
};
