/**
 * The hand-written peer on encoded events: what happens often is read field by field and done at once, without an object for the
 * event; what is rare is decoded by the codec and done by the switch of `hand-apply.ts`.
 */
import { ByteReader } from "../core/byte-reader.ts";
import { newCodecContext } from "../core/event-codec.ts";
import { decodeUse } from "../core/use-code.ts";
import { readUtf8 } from "../core/utf8.ts";
import { fileType } from "../reducers/hosts/host-event.ts";
import { kernelCodec, kernelEvents } from "../reducers/kernel-event.ts";
import { contextOf, type Group } from "../replay/group.ts";
import { applyByHand } from "./hand-apply.ts";
import type { HandMachine, HandName } from "./hand-machine.ts";

const HAS_CAUSE = 1;
const OTHER_PID = 2;
const ANSWERS = 4;
const tagOf = (type: keyof typeof kernelEvents): number => kernelEvents[type].tag;
const CLOCK_READ = tagOf("clock/read");
const WRITTEN = tagOf("file/written");
const WRITTEN_AT = tagOf("file/written-at");
const READ = tagOf("file/read");
const READ_AT = tagOf("file/read-at");
const SEEKED = tagOf("file/seeked");
const EXAMINED = tagOf("file/examined");
const CAPABILITY_EXAMINED = tagOf("capability/examined");
const OPENED = tagOf("file/opened");
const CREATED = tagOf("file/created");
const CLOSED = tagOf("capability/closed");
const UNLINKED = tagOf("name/unlinked");
const RENAMED = tagOf("name/renamed");

export class HandLoop {
  readonly #machine: HandMachine;
  #bytes: Uint8Array = new Uint8Array(0);
  #at = 0;
  #context = newCodecContext();

  constructor(machine: HandMachine) {
    this.#machine = machine;
  }

  /** Does what a group's events say. */
  run(group: Group): void {
    const { body } = group;
    this.#bytes = body;
    this.#at = 0;
    this.#context = contextOf(group.header);
    while (this.#at < body.length) this.#next();
  }

  #next(): void {
    const start = this.#at;
    const tag = this.#bytes[this.#at++] as number;
    const context = this.#context;
    const header = this.#uint();
    const flags = header % 8;
    if (flags & HAS_CAUSE) this.#uint();
    const at = context.at + Math.floor(header / 8);
    const pid = flags & OTHER_PID ? this.#uint() : context.pid;
    if (flags & ANSWERS) this.#at += 2;
    if (!this.#isDone(tag, pid, at)) return this.#rare(start);
    if (tag !== OPENED) this.#use();
    context.seq += 1;
    context.at = at;
    context.pid = pid;
    this.#machine.seq = context.seq;
    if (flags & ANSWERS) this.#machine.answered(pid);
  }

  /** What is rare: the codec reads it again from its start. */
  #rare(start: number): void {
    const reader = new ByteReader(this.#bytes, start);
    applyByHand(this.#machine, kernelCodec.decode(reader, this.#context));
    this.#at = reader.offset;
  }

  /** Does one event of a kind that happens often; false for another. */
  #isDone(tag: number, pid: number, at: number): boolean {
    const machine = this.#machine;
    machine.at = at;
    switch (tag) {
      case WRITTEN:
      case WRITTEN_AT:
        this.#written(tag === WRITTEN);
        return true;
      case READ:
      case READ_AT:
        machine.read(this.#uint(), this.#uint(), this.#uint(), tag === READ);
        return true;
      case CLOCK_READ:
        this.#uint();
        return true;
      case SEEKED:
        machine.open(this.#uint()).position = this.#uint();
        return true;
      case EXAMINED:
      case CAPABILITY_EXAMINED:
        this.#uint();
        return true;
      default:
        return this.#isNameDone(tag, pid);
    }
  }

  #isNameDone(tag: number, pid: number): boolean {
    const machine = this.#machine;
    switch (tag) {
      case OPENED:
        this.#opened(pid);
        return true;
      case CLOSED: {
        const slot = this.#uint();
        const object = this.#bytes[this.#at++] as number;
        machine.closed(pid, slot, object === 0, this.#uint());
        return true;
      }
      case CREATED:
        machine.created(fileType.regular, this.#name(), this.#uint(), "");
        return true;
      case UNLINKED:
        machine.unlinked(this.#name(), this.#uint());
        return true;
      case RENAMED:
        machine.renamed(this.#name(), this.#name(), this.#uint(), this.#uint());
        return true;
      default:
        return false;
    }
  }

  /** The field `by`, the capability that was used: it stands behind the others. */
  #use(): number {
    const context = this.#context;
    const code = this.#uint();
    if (code > 0) context.by = decodeUse(code, context.seq);
    return context.by;
  }

  #written(moves: boolean): void {
    const open = this.#uint();
    const offset = this.#uint();
    const zigzag = this.#uint();
    const back = zigzag % 2 === 0 ? zigzag / 2 : -((zigzag + 1) / 2);
    const position = this.#context.head - back;
    const length = this.#uint();
    if (position + length > this.#context.head) this.#context.head = position + length;
    this.#machine.written(open, offset, position, length, moves);
  }

  #opened(pid: number): void {
    this.#uint();
    const slot = this.#uint();
    const inode = this.#uint();
    const target = this.#uint();
    const rights = this.#uint();
    const inheriting = this.#uint();
    this.#machine.opened(target, inode, this.#uint());
    const parent = this.#use();
    const id = this.#context.seq;
    this.#machine.granted(pid, slot, { id, object: "file", target, rights, inheriting, parent, label: "" });
  }

  #name(): HandName {
    return { directory: this.#uint(), name: this.#text() };
  }

  #text(): string {
    const size = this.#uint();
    this.#at += size;
    return readUtf8(this.#bytes, this.#at - size, this.#at) ?? "";
  }

  #uint(): number {
    const first = this.#bytes[this.#at++] as number;
    if (first < 0x80) return first;
    let value = first & 0x7f;
    for (let scale = 128; ; scale *= 128) {
      const next = this.#bytes[this.#at++] as number;
      value += (next & 0x7f) * scale;
      if (next < 0x80) return value;
    }
  }
}
