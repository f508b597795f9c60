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

/**
 * 16 bits of a call: its number, its arguments (pointers too) and the part of its memory that was judged. With every answer in
 * the log, a replay sees at once when a guest asks for something else; bytes that are written are compared whole besides.
 */
export function requestDigest(number: number, args: RawArguments, request: Request | null): number {
  let hash = number + 1;
  for (const argument of args) {
    if (typeof argument === "number") hash = mix(hash, argument);
    else hash = mix(mix(hash, Number(argument & 0xffffffffn)), Number((argument >> 32n) & 0xffffffffn));
  }
  if (request !== null) {
    if ("size" in request) hash = mix(hash, request.size);
    if ("path" in request) hash = mixText(hash, request.path);
    if ("toPath" in request) hash = mixText(hash, request.toPath);
    if ("target" in request) hash = mixText(hash, request.target);
    if (request.call === "poll_oneoff") hash = mixText(hash, JSON.stringify(request.subscriptions));
  }
  return (hash ^ (hash >>> 16)) & 0xffff;
}
