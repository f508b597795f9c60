import type { JsonPath } from "./json-path.ts";
import type { MachineFile, MachineProcess } from "./machine-file.ts";

/** An end of a pipe that a process has, and where the file says so. */
export interface PipeEnd {
  readonly process: string;
  readonly pipe: string;
  readonly end: "read" | "write";
  /** Leads to the pipe's name. */
  readonly path: JsonPath;
}

export const streamNames = ["stdin", "stdout", "stderr"] as const;

/** All ends that processes have, also of pipes that there are not. */
export const pipeEnds = ({ processes }: MachineFile): readonly PipeEnd[] => processes.flatMap(endsOf);

function endsOf({ name, streams, descriptors }: MachineProcess): readonly PipeEnd[] {
  const ends: PipeEnd[] = [];
  for (const [fd, stream] of streams.entries()) {
    if (stream.kind !== "pipe") continue;
    const path = ["processes", name, streamNames[fd] as string, "pipe"];
    ends.push({ process: name, pipe: stream.pipe, end: fd === 0 ? "read" : "write", path });
  }
  for (const { fd, pipe, end } of descriptors)
    ends.push({ process: name, pipe, end, path: ["processes", name, "descriptors", String(fd), "pipe"] });
  return ends;
}
