const grouped = (count: number): string => count.toLocaleString("en-US");

/** A line on a terminal that says how far it is; nothing elsewhere. */
export function progressTo(end: number): (seq: number) => void {
  return (seq) => {
    if (process.stderr.isTTY) process.stderr.write(`\r${grouped(seq)} of ${grouped(end + 1)} events\x1b[K\r`);
  };
}
