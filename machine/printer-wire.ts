/**
 * What goes between the machine's process and its printer. Numbers are in the host's own order of bytes.
 *
 * A message is a piece of output: the note to be made when it is printed (two doubles, `seq` and `done`: the first bytes of the file
 * of ReleaseCursor, as they are), its stream and its length (two words), and its bytes, at most `PIPE_BUF`.
 *
 * An answer is a note that was made, and two words: both are 0, and all up to the note is out; or the stream that the piece of that
 * note could not be written to, and the host's error number.
 */

/** What a pipe takes whole or not at all: POSIX's PIPE_BUF on Linux. A kill never finds more half-written. */
export const PIPE_BUF = 4096;

export const NOTE_BYTES = 16;
export const HEADER_BYTES = 24;
export const ANSWER_BYTES = 24;

/** The printer's file descriptors; between the first and the third are streams 1 and 2 themselves. */
export const descriptors = { messages: 0, answers: 3, note: 4 } as const;
