/** The hand-written peer on events that were decoded before: one switch, no copies, no ownership. */
import { fileType } from "../reducers/hosts/host-event.ts";
import type { KernelEvent } from "../reducers/kernel-event.ts";
import { examined, listed } from "./hand-host-facts.ts";
import type { HandMachine } from "./hand-machine.ts";

export function applyByHand(machine: HandMachine, event: KernelEvent): void {
  machine.seq = event.seq + 1;
  machine.at = event.at;
  if (event.call >= 0) machine.answered(event.pid);
  switch (event.type) {
    case "file/written":
      return machine.written(event.open, event.offset, event.position, event.length, true);
    case "file/written-at":
      return machine.written(event.open, event.offset, event.position, event.length, false);
    case "file/read":
      return machine.read(event.open, event.offset, event.length, true);
    case "file/read-at":
      return machine.read(event.open, event.offset, event.length, false);
    case "directory/read":
      return machine.read(event.open, 0, 0, false);
    case "file/seeked":
      machine.open(event.open).position = event.offset;
      return;
    default:
      return applyName(machine, event);
  }
}

function applyName(machine: HandMachine, event: KernelEvent): void {
  switch (event.type) {
    case "file/created":
      return machine.created(fileType.regular, event, event.inode, "");
    case "directory/created":
      return machine.created(fileType.directory, event, event.inode, "");
    case "symlink/created":
      return machine.created(fileType.symlink, event, event.inode, event.target);
    case "name/linked":
      return machine.linked(event, event.inode);
    case "name/unlinked":
    case "directory/removed":
      return machine.unlinked(event, event.inode);
    case "name/renamed": {
      const to = { directory: event.toDirectory, name: event.toName };
      return machine.renamed(event, to, event.inode, event.replaced);
    }
    case "file/opened":
      machine.opened(event.open, event.inode, event.flags);
      return machine.granted(event.pid, event.slot, {
        id: event.seq,
        object: "file",
        target: event.open,
        rights: event.rights,
        inheriting: event.inheriting,
        parent: event.by,
        label: "",
      });
    case "capability/closed":
      return machine.closed(event.pid, event.slot, event.object === "file", event.target);
    case "file/preopened":
      return machine.opened(event.open, event.inode, 0);
    default:
      return applyRare(machine, event);
  }
}

function applyRare(machine: HandMachine, event: KernelEvent): void {
  const micros = machine.wallBase + event.at;
  switch (event.type) {
    case "capability/granted":
      return machine.granted(event.pid, event.slot, { ...event, id: event.seq, parent: -1 });
    case "file/resized":
      machine.inode(event.inode).resize(event.size);
      return machine.inode(event.inode).modified(micros);
    case "file/chunk-consolidated":
      machine.inode(event.inode).chunks.set(event.chunk, [0, event.position, event.length]);
      return machine.takeBytes(event.position, event.length);
    case "host/content-read":
      machine.inode(event.inode).fill(event.offset, event.position, event.length);
      return machine.takeBytes(event.position, event.length);
    case "host/mounted":
      return machine.mounted(event.mount, event.inode, event.mode);
    case "host/directory-listed":
      return listed(machine, event);
    case "host/node-examined":
      return examined(machine, event);
    case "file/flags-set":
      machine.open(event.open).flags = event.flags;
      return;
    case "file/times-set": {
      const inode = machine.inode(event.inode);
      if (event.setAccessed) inode.accessedSeconds = event.accessedSeconds;
      if (event.setAccessed) inode.accessedNanos = event.accessedNanos;
      if (event.setModified) inode.modifiedSeconds = event.modifiedSeconds;
      if (event.setModified) inode.modifiedNanos = event.modifiedNanos;
      return inode.changed(micros);
    }
    default:
      return applyOther(machine, event);
  }
}

function applyOther(machine: HandMachine, event: KernelEvent): void {
  switch (event.type) {
    case "console/written":
      machine.outputBytes += event.length;
      return machine.takeBytes(event.position, event.length);
    case "entropy/drawn":
      machine.drawnBytes += event.length;
      return machine.takeBytes(event.position, event.length);
    case "machine/powered-on":
      machine.wallBase = Math.max(0, event.wall - event.at);
      return;
    case "process/started":
      return machine.started(event.pid, event.args);
    case "process/exited":
      return machine.ended(event.pid, "exited", event.code);
    case "process/killed":
      return machine.ended(event.pid, "killed", event.code);
    case "process/blocked": {
      const process = machine.processes[event.pid];
      if (process !== undefined) process.status = "waiting";
      return;
    }
    default:
      return;
  }
}
