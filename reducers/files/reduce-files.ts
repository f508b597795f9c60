import { unreachable } from "../../core/assert.ts";
import type { Own } from "../../core/own.ts";
import type { Reducer } from "../../core/reducer.ts";
import { edit, get } from "../../core/table.ts";
import { type CapabilityEvent, eachRemoved } from "../capabilities/capability-event.ts";
import type { ClockEvent } from "../clock/clock-event.ts";
import type { HostEvent } from "../hosts/host-event.ts";
import { reduceHostFacts } from "./reduce-host-facts.ts";
import { consolidateChunk, placeBytes, resize } from "./write-contents.ts";
import type { FileEvent } from "./file-event.ts";
import type { FilesState, Inode } from "./file-state.ts";
import { createNode, holdFile, letGoOfFile, openInode } from "./nodes.ts";
import { linkName, moveName, unlinkName } from "./names.ts";
import { setTimes, touchAccessed, touchModified } from "./times.ts";
import { inodesOf, opensOf } from "./owned.ts";

type FilesInput =
  | Exclude<
      FileEvent,
      { type: "file/examined" | "file/position-told" | "file/synced" | "file/advised" | "symlink/read" }
    >
  | HostEvent
  | Extract<CapabilityEvent, { type: "capability/closed" | "capability/derived" | "capability/removed" }>
  | Extract<ClockEvent, { type: "machine/powered-on" }>;

export const reduceFiles: Reducer<FilesState, FilesInput> = (files, event) => {
  switch (event.type) {
    case "file/written":
    case "file/written-at":
      touchModified(placeBytes(files, event), files.wallBase + event.at);
      if (event.type === "file/written") moveTo(files, event.open, event.offset + event.length);
      return;
    case "file/read":
      if (event.length > 0) moveTo(files, event.open, event.offset + event.length);
      touchAccessed(files, get(files.opens, event.open).inode, event.at);
      return;
    case "file/read-at":
    case "directory/read":
      return touchAccessed(files, get(files.opens, event.open).inode, event.at);
    case "file/seeked":
      return moveTo(files, event.open, event.offset);
    case "file/opened":
    case "file/preopened":
      return openInode(files, event.open, event.inode, event.type === "file/opened" ? event.flags : 0);
    case "capability/closed":
      if (event.object === "file") letGoOfFile(files, event.target);
      return;
    case "capability/derived":
      if (event.object === "file") holdFile(files, event.target);
      return;
    case "capability/removed":
      return eachRemoved(event, (kind, target) => {
        if (kind === "file") letGoOfFile(files, target);
      });
    case "file/flags-set":
      edit(opensOf(files), event.open).flags = event.flags;
      return;
    case "file/resized":
    case "file/times-set":
    case "file/chunk-consolidated":
      return reduceInode(edit(inodesOf(files), event.inode), files.wallBase + event.at, event);
    case "file/created":
    case "directory/created":
    case "symlink/created":
    case "name/linked":
    case "name/unlinked":
    case "directory/removed":
    case "name/renamed":
      return reduceNames(files, event);
    case "host/mounted":
    case "host/directory-listed":
    case "host/node-examined":
    case "host/node-vanished":
    case "host/content-read":
    case "host/read-failed":
    case "host/effect-failed":
      return reduceHostFacts(files, event);
    case "machine/powered-on":
      files.wallBase = Math.max(0, event.wall - event.at);
      if (files.nameSeed === 0) files.nameSeed = event.nameSeed;
      return;
    default:
      unreachable(event);
  }
};

function moveTo(files: Own<FilesState>, open: number, position: number): void {
  edit(opensOf(files), open).position = position;
}

type InodeInput = Extract<FileEvent, { type: "file/resized" | "file/times-set" | "file/chunk-consolidated" }>;

/** What happened to one inode at a wall-clock time, in microseconds. */
function reduceInode(inode: Own<Inode>, micros: number, event: InodeInput): void {
  switch (event.type) {
    case "file/resized":
      resize(inode, event.size);
      return touchModified(inode, micros);
    case "file/times-set":
      return setTimes(inode, event, micros);
    case "file/chunk-consolidated":
      return consolidateChunk(inode, event);
    default:
      return unreachable(event);
  }
}

type NamesInput = Extract<FileEvent, { type: `${string}/created` | `${string}/removed` | `name/${string}` }>;

/** What happened to the names of files: they were made, moved or taken away. */
const reduceNames: Reducer<FilesState, NamesInput> = (files, event) => {
  switch (event.type) {
    case "file/created":
    case "directory/created":
    case "symlink/created":
      return createNode(files, event);
    case "name/linked":
      return linkName(files, event);
    case "name/unlinked":
    case "directory/removed":
      return unlinkName(files, event);
    case "name/renamed":
      return moveName(files, event);
    default:
      unreachable(event);
  }
};
