/**
 * What leaves the machine: bytes to a console, changes to the host's directories. An effect follows from an event and the state
 * after it, is released only when the event is durable, and carries the event's seq, by which it is released once. One that
 * stands for several events ends before `endSeq`.
 */
export type Effect = { readonly seq: number; readonly endSeq: number } & (
  | { readonly kind: "print"; readonly stream: number; readonly position: number; readonly length: number }
  | HostEffect
);

/** A change of the host's files. Paths are the host's own; `inode` is the one that a failure is noted on. */
export type HostEffect = { readonly inode: number; readonly path: string } & (
  | { readonly kind: "create-file" | "create-directory" | "remove-file" | "remove-directory" }
  | { readonly kind: "create-symlink"; readonly target: string }
  | { readonly kind: "link"; readonly existing: string }
  | { readonly kind: "rename"; readonly from: string }
  | { readonly kind: "write"; readonly offset: number; readonly position: number; readonly length: number }
  | { readonly kind: "resize"; readonly size: number }
  | {
      readonly kind: "set-times";
      /** Seconds since 1970 with their fraction; null leaves the time as it is. */
      readonly accessed: number | null;
      readonly modified: number | null;
    }
  | { readonly kind: "sync" }
);
