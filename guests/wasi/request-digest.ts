import type { Given } from "../../reducers/decide/foldos-request.ts";
import type { Request } from "../../reducers/decide/request.ts";
import type { RawArguments } from "./wasi-call.ts";

const mix = (hash: number, word: number): number => {
  const mixed = Math.imul(hash ^ word, 0x9e3779b1);
  return mixed ^ (mixed >>> 15);
};

const mixText = (hash: number, text: string): number => {
  let mixed = hash;
  for (let index = 0; index < text.length; index += 1) mixed = mix(mixed, text.charCodeAt(index));
  return mixed;
};

/** A 64-bit argument as two words, without making a bigint for each. */
const wide = new BigInt64Array(1);
const words = new Int32Array(wide.buffer);

/**
 * 16 bits of a call: its number, its arguments (pointers too) and the part of its memory that was judged. With every answer in
 * the log, a replay sees at once when a guest asks for something else; bytes that are written are compared whole besides.
 */
export function requestDigest(number: number, args: RawArguments, request: Request | null): number {
  let hash = number + 1;
  for (const argument of args) {
    if (typeof argument === "number") hash = mix(hash, argument);
    else {
      wide[0] = argument;
      hash = mix(mix(hash, words[0] as number), words[1] as number);
    }
  }
  if (request !== null) hash = mixJudged(hash, request);
  return (hash ^ (hash >>> 16)) & 0xffff;
}

/** What was read from the guest's memory. The calls that are made most often are told apart first. */
function mixJudged(hash: number, request: Request): number {
  switch (request.call) {
    case "fd_read":
    case "fd_write":
    case "fd_pread":
    case "fd_pwrite":
      return mix(hash, request.size);
    case "clock_time_get":
    case "fd_seek":
      return hash;
    case "poll_oneoff":
      return mixText(hash, JSON.stringify(request.subscriptions));
    default:
      return mixFields(hash, request);
  }
}

function mixFields(hash: number, request: Request): number {
  let mixed = hash;
  if ("size" in request) mixed = mix(mixed, request.size);
  if ("path" in request) mixed = mixText(mixed, request.path);
  if ("toPath" in request) mixed = mixText(mixed, request.toPath);
  if ("target" in request) mixed = mixText(mixed, request.target);
  if ("given" in request) mixed = mixGiven(mixed, request.given);
  if ("capacity" in request) mixed = mix(mix(mixed, request.capacity), request.slots);
  if ("args" in request) mixed = mixTexts(mixed, request.args);
  return mixed;
}

const mixGiven = (hash: number, given: readonly Given[]): number =>
  given.reduce((mixed, { slot, rights }) => mix(mix(mixed, slot), rights), mix(hash, given.length));

/** Each with its length: two texts are not one that is as long. */
const mixTexts = (hash: number, texts: readonly string[]): number =>
  texts.reduce((mixed, text) => mixText(mix(mixed, text.length), text), mix(hash, texts.length));
