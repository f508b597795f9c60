import { unreachable } from "../../core/assert.ts";
import { own } from "../../core/own.ts";
import type { Reducer } from "../../core/reducer.ts";
import { edit, get } from "../../core/table.ts";
import type { CapabilityEvent } from "../capabilities/capability-event.ts";
import type { ClockEvent } from "../clock/clock-event.ts";
import type { HostEvent } from "../hosts/host-event.ts";
import { reduceHostFacts } from "./reduce-host-facts.ts";
import { consolidateChunk, placeBytes, resize } from "./write-contents.ts";
import type { FileEvent } from "./file-event.ts";
import type { FilesState } from "./file-state.ts";
import { closeFile, createNode, openInode } from "./nodes.ts";
import { linkName, moveName, unlinkName } from "./names.ts";
import { setTimes, touchAccessed, touchModified } from "./times.ts";

export type FilesInput =
  | FileEvent
  | HostEvent
  | Extract<CapabilityEvent, { type: "capability/closed" }>
  | Extract<ClockEvent, { type: "machine/powered-on" }>;

export const reduceFiles: Reducer<FilesState, FilesInput> = (files, event) => {
  switch (event.type) {
    case "file/written":
    case "file/written-at": {
      const inode = placeBytes(files, event);
      touchModified(inode, files.wallBase + event.at);
      if (event.type === "file/written") {
        edit(own(files, "opens"), event.open).position = event.offset + event.length;
      }
      return;
    }
    case "file/read":
      if (event.length > 0) edit(own(files, "opens"), event.open).position = event.offset + event.length;
      touchAccessed(files, get(files.opens, event.open).inode, event.at);
      return;
    case "file/read-at":
    case "directory/read":
      touchAccessed(files, get(files.opens, event.open).inode, event.at);
      return;
    case "file/seeked":
      edit(own(files, "opens"), event.open).position = event.offset;
      return;
    case "file/opened":
    case "file/preopened":
      openInode(files, event.open, event.inode, event.type === "file/opened" ? event.flags : 0);
      return;
    case "capability/closed":
      if (event.object === "file") closeFile(files, event.target);
      return;
    case "file/flags-set":
      edit(own(files, "opens"), event.open).flags = event.flags;
      return;
    case "file/resized":
      resize(edit(own(files, "inodes"), event.inode), event.size);
      touchModified(edit(own(files, "inodes"), event.inode), files.wallBase + event.at);
      return;
    case "file/times-set":
      setTimes(edit(own(files, "inodes"), event.inode), event, files.wallBase + event.at);
      return;
    case "file/chunk-consolidated":
      consolidateChunk(edit(own(files, "inodes"), event.inode), event);
      return;
    case "file/created":
    case "directory/created":
    case "symlink/created":
      createNode(files, event);
      return;
    case "name/linked":
      linkName(files, event);
      return;
    case "name/unlinked":
    case "directory/removed":
      unlinkName(files, event);
      return;
    case "name/renamed":
      moveName(files, event);
      return;
    case "host/mounted":
    case "host/directory-listed":
    case "host/node-examined":
    case "host/node-vanished":
    case "host/content-read":
    case "host/read-failed":
    case "host/effect-failed":
      reduceHostFacts(files, event);
      return;
    case "machine/powered-on":
      files.wallBase = Math.max(0, event.wall - event.at);
      if (files.nameSeed === 0) files.nameSeed = event.nameSeed;
      return;
    case "file/examined":
    case "file/position-told":
    case "file/synced":
    case "file/advised":
    case "symlink/read":
      return;
    default:
      unreachable(event);
  }
};

