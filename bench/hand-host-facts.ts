/** The part of the hand-written peer that hears what the host's directories said. */
import { fileType, type HostEvent } from "../reducers/hosts/host-event.ts";
import { HandInode, type HandMachine } from "./hand-machine.ts";

type Fact<Type extends HostEvent["type"]> = Omit<
  Extract<HostEvent, { type: Type }>,
  "type" | "seq" | "at" | "cause" | "pid" | "call"
>;

export function listed(machine: HandMachine, fact: Fact<"host/directory-listed">): void {
  const inode = machine.inode(fact.inode);
  const entries = inode.entries as NonNullable<typeof inode.entries>;
  for (let index = 0; index < fact.names.length; index += 1) {
    const name = fact.names[index] as string;
    if (!entries.has(name))
      entries.set(name, { inode: fact.firstInode + index, kind: fact.kinds[index] ?? 0 });
  }
  inode.isListed = fact.complete;
  machine.nextInode = Math.max(machine.nextInode, fact.firstInode + fact.names.length);
}

export function examined(machine: HandMachine, fact: Fact<"host/node-examined">): void {
  if (fact.directory !== 0) learnName(machine, fact);
  const inode = machine.inode(fact.inode);
  inode.size = fact.size;
  inode.hostSize = fact.kind === fileType.regular ? fact.size : 0;
  inode.readable = fact.readable;
  inode.writable = fact.writable === "yes";
  inode.accessedSeconds = fact.accessedSeconds;
  inode.accessedNanos = fact.accessedNanos;
  inode.modifiedSeconds = fact.modifiedSeconds;
  inode.modifiedNanos = fact.modifiedNanos;
  inode.changedSeconds = fact.changedSeconds;
  inode.changedNanos = fact.changedNanos;
  inode.target = fact.target;
}

function learnName(machine: HandMachine, fact: Fact<"host/node-examined">): void {
  const parent = machine.inode(fact.directory);
  const entry = parent.entries?.get(fact.name);
  if (entry !== undefined) entry.kind = fact.kind;
  const inode = new HandInode(fact.kind, parent.mount);
  inode.names.push({ directory: fact.directory, name: fact.name });
  if (machine.mounts.get(parent.mount)?.isCopy === true)
    inode.origin = parent.origin === "" ? fact.name : `${parent.origin}/${fact.name}`;
  machine.inodes.set(fact.inode, inode);
}
