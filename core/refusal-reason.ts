/**
 * Why a call was refused, where its errno has several causes or does not say what to do: one word for the log, one sentence for people
 * (what was wrong; what to do next). Each word is a number on disk, by its place: words are only ever added at the end, and none is
 * renamed. `none` is for what the errno says by itself, as ENOENT does.
 */
export const refusalSentences = {
  none: "",
  // What a slot holds.
  "no-slot": "there is no slot with such a number; use one that a call or the start gave",
  "empty-slot": "no such descriptor; use one that was given and is not closed",
  "taken-back":
    "the capability was taken back, or its lease is over; delete it, and ask whoever gave it for another",
  "lease-over": "the lease has come to its time; ask for a new one",
  "lease-used-up": "the lease was used as often as it may be; ask for a new one",
  "being-revoked": "it is being taken back, so nothing is made of it any more; use another capability",
  "wrong-kind": "the call is not for an object of this kind; name one that it is for",
  "lacks-right": "a right is missing; ask for a capability that has it",
  "no-service": "the process was not granted this; grant it where the process is started",
  "table-full": "every slot of the process is in use; close one",
  // What is made of a capability.
  "is-reply": "a right to reply cannot be copied or given; use it, or delete it",
  "counted-lease":
    "what may be used only so often cannot be copied or given; use it, or give what it was made of",
  "would-widen": "what is made of a capability has no more rights than it; ask for fewer",
  "unknown-rights": "there are no such rights on an object of this kind; ask for those that it knows",
  "takes-no-badge": "only endpoints and notifications have badges; ask for the badge 0",
  "already-badged": "it has a badge, and that is never changed; mint from a capability without one",
  "time-past": "the lease would be over already; give it a time to come",
  "slot-in-use": "the slot is in use; delete what is in it, or name an empty one",
  "no-such-name": "nothing was given under this name; see what the process was granted",
  // Tables, boxes, membranes, budgets.
  "no-place": "the table has no place with such a number; use one below 65,536",
  "empty-place": "nothing is in this place; store something there first",
  "place-in-use": "the place is in use; name an empty one",
  "contents-gone":
    "what was kept there was taken back, or its lease is over; ask whoever put it there for another",
  "keeps-others": "neither tables nor boxes go into a table; store what is in them",
  "other-brand": "the box was sealed with another brand; unseal it with that one",
  "other-membrane": "it came through another membrane, and goes through one only; hand on what did not",
  "membrane-revoked": "all that came through the membrane is being taken back; use another membrane",
  "original-gone": "what the membrane wrapped is gone, so it cannot go back; hand on something else",
  "budget-spent": "the memory budget has too little left; delete objects that it paid for, or use another",
  // Messages and signals.
  "message-too-long": "a message has 65,536 bytes at most; send it in parts",
  "too-many-given": "too many capabilities at once; give at most 16 with a message, 64 to a new process",
  "needs-grant":
    "capabilities go with a message only by the right grant; send it without them, or ask for grant",
  "cyclic-donation": "who serves this endpoint waits for the sender already; reply before sending there",
  "queue-full": "as many wait at the endpoint as may, 4,096; try again when some were received",
  "nobody-waits": "nobody waits for a message; let the send wait, or try again later",
  "nothing-sent": "no message is there; let the receive wait, or try again later",
  "message-taken-back":
    "the message was taken back before its answer came; send it through another capability",
  "holds-badge": "who holds a badge speaks for no other; use an endpoint without a badge",
  "no-signal": "nothing was signalled; wait for it, or try again later",
  // Interrupts, scheduling contexts, priorities.
  "no-line": "the machine has no such interrupt line; name one in its machine file",
  "already-bound": "it is bound already; unbind it first",
  "has-one-bound": "something else is bound there already; unbind that first",
  "not-in-service": "no interrupt of this line is being handled; wait for one first",
  "no-turns": "in this machine nobody takes turns; start it with foldos boot",
  "no-budget": "a context needs a budget; give it at least one microsecond",
  "budget-above-period": "the budget is above its period; make it no longer than that",
  "period-too-long": "the period is too long; use at most 2^40 microseconds, twelve days",
  "no-such-priority": "there is no such priority; use one from 0 to 255",
  "above-ceiling": "the priority is above the ceiling of whose authority is used; ask for a lower one",
  "not-configured": "the context was never configured; give it a budget and a period first",
  "not-bound": "the context is bound to nothing; bind it first",
  // Processes.
  "process-ended": "the process has ended; nothing can be done to it any more",
  "too-many-processes": "as many processes live as may, 10,000; wait until some have ended",
  "no-pids-left": "every pid was given; record a new machine",
  "given-twice": "a clock, timers and entropy are given once each; name each once",
  "waits-for-itself": "a process cannot wait for its own end; name another one",
  // WASI.
  "leads-out": "the path leads out of the directory; start from one that is above what is meant",
  "not-preopened": "it is none of the directories that the program was started with; go on without it",
  "ends-with-other": "it ends with what it would replace; move it elsewhere first",
  "unknown-flags": "there are no such flags; set those of foldos.h only",
} as const;

export type RefusalReason = keyof typeof refusalSentences;

/** In the order of their numbers on disk. */
export const refusalReasons = Object.keys(refusalSentences) as readonly RefusalReason[];
