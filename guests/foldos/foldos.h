/*
 * foldos.h: what a program can ask of Foldos beside WASI preview 1.
 *
 * All authority is capabilities. A capability lies in a slot of the process that holds it; a slot is a small number, and the slots are
 * the descriptors of WASI: what is in slot 5 can be read with read(5, ...) if it is a file, and deleted with close(5). A program begins
 * with what it is given and nothing else; foldos_find("name", &slot) tells where that lies. Slots of another process are numbers that
 * mean nothing here: what is to be used by another one is given to it, with a message (ipc_*) or when it is started (process_spawn).
 *
 * Copies with the same or fewer rights are made with cap_copy, cap_mint, cap_lease and cap_weaken, and by giving. Each is derived from what
 * it was made of; cap_revoke(slot) takes away all that was derived from what is in the slot, wherever it lies by then. A slot that was
 * emptied so is not used again behind the back of its holder: whoever uses it is told ESTALE, until he deletes it.
 *
 * Every function returns 0, or an errno of <errno.h>; it does not set errno. What is refused has changed nothing. `out` and
 * other results are written only when 0 is returned. Errnos that each function may return, which are not repeated below:
 *
 *   EFAULT       a pointer, or a pointer with its length, is not in the memory
 *   EBADF        there is nothing in a slot
 *   ESTALE       what was in a slot has been revoked, or its lease is over
 *   EINVAL       the capability is of another kind; flags or reserved fields that are not 0
 *   ENOTCAPABLE  the capability lacks a right that is needed
 *   ENFILE       the process has no free slot (2^20)
 *   ENOMEM       the memory budget that is to pay has not enough left
 *
 * and where a capability is made of another one, or given (cap_copy, cap_mint, cap_lease, cap_weaken, cap_seal, cap_unseal, cap_wrap,
 * table_*, process_spawn, messages):
 *
 *   EPERM        of a capability to reply none can be made, nor of a lease for some uses
 *   ECANCELED    it is just being revoked
 *
 * A program that uses any of these functions takes turns with others: `foldos run` and `foldos boot` see to that.
 *
 *   clang --target=wasm32-wasi -I guests/foldos program.c -o program.wasm
 */
#ifndef FOLDOS_H
#define FOLDOS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#ifdef __cplusplus
extern "C" {
#define FOLDOS_ASSERT(what, why) static_assert(what, why)
#else
#define FOLDOS_ASSERT(what, why) _Static_assert(what, why)
#endif

#define FOLDOS_IMPORT(name) __attribute__((import_module("foldos"), import_name(#name)))

/* ---------------------------------------------------------------------------------------------------------------- numbers */

/* Where a capability lies. Negative: nowhere. */
typedef int32_t foldos_slot;

/* Bytes of one message, capabilities that go with one, capabilities that a new process begins with, the highest priority. */
#define FOLDOS_MAX_MESSAGE_BYTES 65536
#define FOLDOS_MAX_GIVEN 16
#define FOLDOS_MAX_SPAWN_GIVEN 64
#define FOLDOS_MAX_SPAWN_ARGUMENT_BYTES 65536
#define FOLDOS_MAX_PRIORITY 255

/*
 * In the list of what a new process is given, these stand for what one has oneself of clocks, timers and random numbers. The new process
 * has it as its own, in no slot.
 */
#define FOLDOS_OWN_REALTIME_CLOCK ((foldos_slot)-1)
#define FOLDOS_OWN_MONOTONIC_CLOCK ((foldos_slot)-2)
#define FOLDOS_OWN_TIMERS ((foldos_slot)-3)
#define FOLDOS_OWN_ENTROPY ((foldos_slot)-4)

/* Flag of ipc_send and ipc_receive: EAGAIN rather than to wait. */
#define FOLDOS_NO_WAIT 1u

/* What a capability is of: foldos_capability.kind. */
enum foldos_kind {
  FOLDOS_FILE, /* a file or a directory */
  FOLDOS_CONSOLE,
  FOLDOS_PIPE_READER,
  FOLDOS_PIPE_WRITER,
  FOLDOS_NULL,
  FOLDOS_VOID, /* no capability any more: it was revoked */
  FOLDOS_CLOCK,
  FOLDOS_ENTROPY,
  FOLDOS_TIMERS,
  FOLDOS_ENDPOINT,
  FOLDOS_NOTIFICATION,
  FOLDOS_REPLY,
  FOLDOS_PROCESS,
  FOLDOS_INTERRUPT,
  FOLDOS_CONTEXT,
  FOLDOS_BUDGET,
  FOLDOS_TABLE,
  FOLDOS_DEVICE,
  FOLDOS_BRAND,
  FOLDOS_BOX,
  FOLDOS_MEMBRANE,
  FOLDOS_PROGRAM,
  FOLDOS_TIMER
};

/*
 * Rights. Files, the console, pipes and null have those of WASI (__WASI_RIGHTS_* of <wasi/api.h>); the other kinds have a few of their
 * own. A box has none: whoever has the brand can open it.
 */
#define FOLDOS_ALL_RIGHTS UINT64_C(0x3fffffff) /* as a mask: whatever rights there are */

#define FOLDOS_ENDPOINT_SEND UINT64_C(1)
#define FOLDOS_ENDPOINT_RECEIVE UINT64_C(2)
#define FOLDOS_ENDPOINT_GRANT UINT64_C(4)       /* capabilities may go with messages */
#define FOLDOS_ENDPOINT_GRANT_REPLY UINT64_C(8) /* capabilities may come back with replies; grant says that, too */
#define FOLDOS_NOTIFICATION_SIGNAL UINT64_C(1)
#define FOLDOS_NOTIFICATION_WAIT UINT64_C(2)
#define FOLDOS_REPLY_REPLY UINT64_C(1)
#define FOLDOS_REPLY_GRANT UINT64_C(4)
#define FOLDOS_PROCESS_EXAMINE UINT64_C(1)
#define FOLDOS_PROCESS_END UINT64_C(2)
#define FOLDOS_PROCESS_SCHEDULE UINT64_C(4)
#define FOLDOS_INTERRUPT_HANDLE UINT64_C(1)
#define FOLDOS_CONTEXT_BIND UINT64_C(1)
#define FOLDOS_CONTEXT_CONFIGURE UINT64_C(2)
#define FOLDOS_BUDGET_SPEND UINT64_C(1)
#define FOLDOS_BUDGET_SPLIT UINT64_C(2)
#define FOLDOS_BUDGET_EXAMINE UINT64_C(4)
#define FOLDOS_TABLE_FETCH UINT64_C(1)
#define FOLDOS_TABLE_STORE UINT64_C(2)
#define FOLDOS_TIMER_ARM UINT64_C(1)
#define FOLDOS_BRAND_SEAL UINT64_C(1)
#define FOLDOS_BRAND_UNSEAL UINT64_C(2)
#define FOLDOS_MEMBRANE_WRAP UINT64_C(1)
#define FOLDOS_MEMBRANE_REVOKE UINT64_C(2) /* with cap_revoke: all that ever came through it */
#define FOLDOS_PROGRAM_SPAWN UINT64_C(1)
#define FOLDOS_USE UINT64_C(1) /* of clocks, entropy, timers as such, and devices */

/* ------------------------------------------------------------------------------------------------------------- structures */

/* What is told of a capability by cap_examine. */
struct foldos_capability {
  uint8_t kind;  /* enum foldos_kind */
  uint8_t flags; /* FOLDOS_IS_* */
  uint16_t reserved;
  uint32_t badge;
  uint64_t rights;
  uint64_t inheriting; /* WASI: rights for what is opened through it */
};

#define FOLDOS_IS_WEAK 1u      /* see cap_weaken */
#define FOLDOS_IS_LEASED 2u    /* for some time, or for some uses */
#define FOLDOS_IS_WRAPPED 4u   /* it has passed a membrane */
#define FOLDOS_IS_DEPENDENT 8u /* it goes when what it was leased from goes */

/* A capability that is handed on, with those of its rights, and of those that it hands on itself, that are in the mask. */
struct foldos_given {
  foldos_slot slot;
  uint32_t reserved; /* 0 */
  uint64_t rights;
};

/* A message to be sent. */
struct foldos_message {
  const void *data;
  uint32_t size;
  const struct foldos_given *given;
  uint32_t given_count;
};

/* Room for a message that is received, and then what was received. */
struct foldos_buffer {
  void *data;
  uint32_t capacity; /* what does not fit is cut off */
  uint32_t size;     /* out: bytes that are there */
  foldos_slot *slots;
  uint32_t slots_capacity; /* capabilities that do not fit are not taken */
  uint32_t slots_count;    /* out: slots that capabilities were put into, which are written to `slots` */
  uint32_t badge;          /* out: that of the capability that it was sent through; 0: none */
  foldos_slot reply;       /* out: a capability to reply through; -1: nobody waits for a reply */
};

/* What a new process begins with. */
struct foldos_spawn {
  const char *args; /* texts that each end with a NUL; the program's name is not one of them */
  uint32_t args_size;
  const struct foldos_given *given; /* they become its slots 0, 1, 2, ...: it has nothing else */
  uint32_t given_count;
};

/* In bytes. */
struct foldos_budget {
  uint64_t limit;
  uint64_t used;
};

FOLDOS_ASSERT(sizeof(struct foldos_capability) == 24, "foldos_capability is laid out as the kernel has it");
FOLDOS_ASSERT(sizeof(struct foldos_given) == 16, "foldos_given is laid out as the kernel has it");
FOLDOS_ASSERT(sizeof(struct foldos_message) == 16, "foldos_message is laid out as the kernel has it");
FOLDOS_ASSERT(sizeof(struct foldos_buffer) == 32, "foldos_buffer is laid out as the kernel has it");
FOLDOS_ASSERT(sizeof(struct foldos_spawn) == 16, "foldos_spawn is laid out as the kernel has it");
FOLDOS_ASSERT(sizeof(struct foldos_budget) == 16, "foldos_budget is laid out as the kernel has it");

/* ----------------------------------------------------------------------------------------------------------- capabilities */

/*
 * A second capability like the one in `slot`, derived from it. Needs no right.
 *
 *   foldos_slot copy;
 *   if (foldos_cap_copy(file, &copy) == 0) close(file);   // closing it leaves the copy
 */
int foldos_cap_copy(foldos_slot slot, foldos_slot *out) FOLDOS_IMPORT(cap_copy);

/*
 * A copy with fewer rights and, of an endpoint or a notification, with a badge, by which whoever receives tells who sent. `inheriting` is
 * for directories; 0 for all else. Needs no right.
 *   EPERM   rights that the capability does not have
 *   EINVAL  bits that are no right; a badge on what has one already, or on what can have none
 *
 *   // Client 7 may call, be given something with the reply, and no more.
 *   foldos_cap_mint(service, FOLDOS_ENDPOINT_SEND | FOLDOS_ENDPOINT_GRANT_REPLY, 0, 7, &for_client);
 */
int foldos_cap_mint(foldos_slot slot, uint64_t rights, uint64_t inheriting, uint32_t badge, foldos_slot *out)
    FOLDOS_IMPORT(cap_mint);

/*
 * A copy that does not last: until the monotonic clock shows `until_nanos` (0: for ever), or until it has been used `uses` times (0: as
 * often as one likes). With `with_holder` (1, else 0) it goes when what it was leased from is deleted; without, it stays then, as any copy.
 * Needs no right. Use after its end is ESTALE. A call that waits is one use, which counts when it is answered.
 *   EINVAL  a time that is over
 *
 *   foldos_cap_lease(file, 0, 3, 0, &three_reads);
 */
int foldos_cap_lease(foldos_slot slot, uint64_t until_nanos, uint32_t uses, int with_holder, foldos_slot *out)
    FOLDOS_IMPORT(cap_lease);

/*
 * A copy through which one can see and change nothing, nor can one through whatever is reached by it: what is opened or fetched through it
 * is weak, too. Needs no right.
 *
 *   foldos_cap_weaken(directory, &for_reader);
 */
int foldos_cap_weaken(foldos_slot slot, foldos_slot *out) FOLDOS_IMPORT(cap_weaken);

/*
 * Moves a capability to a slot that is empty. Needs no right; what was derived from it stays so.
 *   EEXIST  `to` is not empty
 *   EBADF   there is no slot `to`
 *
 *   foldos_cap_move(file, 10);
 */
int foldos_cap_move(foldos_slot slot, foldos_slot to) FOLDOS_IMPORT(cap_move);

/*
 * As cap_mint, but the capability itself changes: what was in `slot` is in `out` then, with what is derived from it.
 *   EPERM, EINVAL  as cap_mint
 *
 *   foldos_cap_mutate(endpoint, FOLDOS_ENDPOINT_RECEIVE, 0, 0, &endpoint);   // gives up sending for good
 */
int foldos_cap_mutate(foldos_slot slot, uint64_t rights, uint64_t inheriting, uint32_t badge, foldos_slot *out)
    FOLDOS_IMPORT(cap_mutate);

/*
 * Empties a slot, as close(slot) does. What was derived from it stays, and is then derived from what it was derived from; leases with
 * their holder are revoked. Needs no right. A slot that was revoked is free again only after this.
 */
int foldos_cap_delete(foldos_slot slot) FOLDOS_IMPORT(cap_delete);

/*
 * Takes away all that was derived from what is in the slot, from whoever has it; what is in the slot stays. Needs no right: whoever gave
 * may take back. It takes many steps where there is much; all of it has happened when it returns.
 *
 *   foldos_cap_copy(file, &lent);
 *   // ... `lent` is given to somebody ...
 *   foldos_cap_revoke(lent);   // and he is told ESTALE from now on
 */
int foldos_cap_revoke(foldos_slot slot) FOLDOS_IMPORT(cap_revoke);

/*
 * What a capability is: kind, badge, rights. Needs no right.
 *
 *   struct foldos_capability what;
 *   if (foldos_cap_examine(slot, &what) == 0 && what.kind == FOLDOS_FILE) read(slot, ...);
 */
int foldos_cap_examine(foldos_slot slot, struct foldos_capability *out) FOLDOS_IMPORT(cap_examine);

/*
 * The slot of what the process was given under a name, in UTF-8. Needs no right. See foldos_find below.
 *   ENOENT        it was given nothing of this name
 *   EILSEQ        the name is no UTF-8
 *   ENAMETOOLONG  it has more than 4,096 bytes
 */
int foldos_cap_find(const char *name, uint32_t length, foldos_slot *out) FOLDOS_IMPORT(cap_find);

/* -------------------------------------------------------------------------------------------------------- tables of them */

/*
 * A table of capabilities, which can be handed on as a whole. Needs `spend` of the budget, which pays for it until nobody holds it.
 *
 *   foldos_table_create(budget, &table);
 *   foldos_table_store(table, 0, file);
 */
int foldos_table_create(foldos_slot budget, foldos_slot *out) FOLDOS_IMPORT(table_create);

/*
 * A copy of what is at an index of a table, derived from it; through a weak table, a weak one. Needs `fetch` of the table (take-grant:
 * take).
 *   ENOENT  there is nothing at the index
 *   EINVAL  the table has no such place: it has 65,536
 */
int foldos_table_fetch(foldos_slot table, uint32_t index, foldos_slot *out) FOLDOS_IMPORT(table_fetch);

/*
 * Puts a copy of what is in `slot` at an index of a table, which is empty. Needs `store` of the table (take-grant: grant).
 *   EINVAL  the table has no such place; a table or a box, which go into no table
 *   EEXIST  there is something at the index
 */
int foldos_table_store(foldos_slot table, uint32_t index, foldos_slot slot) FOLDOS_IMPORT(table_store);

/* --------------------------------------------------------------------------------------------------- brands and membranes */

/*
 * A brand: whoever may seal with it makes boxes that only who may unseal with it can open. Needs `spend` of the budget.
 *
 *   foldos_brand_create(budget, &brand);
 *   foldos_cap_mint(brand, FOLDOS_BRAND_SEAL, 0, 0, &sealer);   // for those who make boxes
 */
int foldos_brand_create(foldos_slot budget, foldos_slot *out) FOLDOS_IMPORT(brand_create);

/* A box with a copy of what is in `slot`. Needs `seal` of the brand, and `spend` of the budget. A box can be handed on, and nothing else. */
int foldos_cap_seal(foldos_slot brand, foldos_slot slot, foldos_slot budget, foldos_slot *out) FOLDOS_IMPORT(cap_seal);

/*
 * A copy of what is in a box. Needs `unseal` of the brand that it was sealed with.
 *   EINVAL       it is no box
 *   ENOTCAPABLE  it was sealed with another brand
 *   ESTALE       what was in it has been revoked
 */
int foldos_cap_unseal(foldos_slot brand, foldos_slot box, foldos_slot *out) FOLDOS_IMPORT(cap_unseal);

/*
 * A membrane: what is wrapped by it, and all that goes through what is wrapped, is gone when the membrane is revoked. Needs `spend` of
 * the budget.
 */
int foldos_membrane_create(foldos_slot budget, foldos_slot *out) FOLDOS_IMPORT(membrane_create);

/*
 * A copy of what is in `slot`, wrapped by a membrane. Needs `wrap` of the membrane. What is sent through a wrapped endpoint, fetched from a
 * wrapped table, unsealed from a wrapped box or opened through a wrapped directory is wrapped, too. To take all of it back, cap_revoke
 * needs `revoke` of the membrane: without, only what was made of the capability itself goes.
 *   ENOTSUP    it came through another membrane
 *   ECANCELED  the membrane is being revoked
 *
 *   foldos_cap_wrap(membrane, service, &for_plugin);
 *   // ... and when the plug-in has to go:
 *   foldos_cap_revoke(membrane);
 */
int foldos_cap_wrap(foldos_slot membrane, foldos_slot slot, foldos_slot *out) FOLDOS_IMPORT(cap_wrap);

/* --------------------------------------------------------------------------------------------------------------- messages */

/*
 * A place where messages are handed over: from who sends to who receives, without a queue; both wait for each other. Needs `spend` of
 * the budget.
 *
 *   foldos_endpoint_create(budget, &endpoint);
 */
int foldos_endpoint_create(foldos_slot budget, foldos_slot *out) FOLDOS_IMPORT(endpoint_create);

/*
 * Sends a message, and waits until it is received. Needs `send`, and `grant` if capabilities go with it.
 *   EMSGSIZE   more bytes or capabilities than one message may have
 *   EAGAIN     FOLDOS_NO_WAIT, and nobody waits for it; or 4,096 wait already
 *   ECANCELED  its badge was cancelled, or the endpoint or the capability has gone meanwhile
 *   ENOTSUP    it goes through a membrane, and something that is given came through another one
 *
 *   struct foldos_message message = foldos_message_of("hello", 5);
 *   foldos_ipc_send(endpoint, &message, 0);
 */
int foldos_ipc_send(foldos_slot endpoint, const struct foldos_message *message, uint32_t flags) FOLDOS_IMPORT(ipc_send);

/*
 * Waits for a message, and takes it: of several the one that was sent first. Needs `receive`.
 *   EAGAIN     FOLDOS_NO_WAIT, and there is none
 *   ECANCELED  the endpoint or the capability has gone meanwhile
 *
 *   char text[256];
 *   foldos_slot slots[2];
 *   struct foldos_buffer room = foldos_room(text, sizeof text, slots, 2);
 *   if (foldos_ipc_receive(endpoint, &room, 0) == 0) printf("%u says %.*s\n", room.badge, (int)room.size, text);
 */
int foldos_ipc_receive(foldos_slot endpoint, struct foldos_buffer *buffer, uint32_t flags) FOLDOS_IMPORT(ipc_receive);

/*
 * Sends a message and waits for the reply to it. Whoever receives gets a capability to reply, which is good for one reply. Needs `send`,
 * and `grant` if capabilities go with it; with `grant` or `grant_reply` some may come with the reply.
 *   EMSGSIZE, EAGAIN, ENOTSUP  as ipc_send
 *   ECANCELED                  as ipc_send; or the capability to reply has gone, and nobody can reply any more
 *   EDEADLK                    it would wait for itself: whoever is to receive waits for the caller
 *
 *   struct foldos_message question = foldos_message_of("6*7", 3);
 *   struct foldos_buffer answer = foldos_room(text, sizeof text, NULL, 0);
 *   foldos_ipc_call(calculator, &question, &answer);
 */
int foldos_ipc_call(foldos_slot endpoint, const struct foldos_message *message, struct foldos_buffer *buffer)
    FOLDOS_IMPORT(ipc_call);

/*
 * Replies to a call, once: `reply` is empty then. It never waits. Needs `reply`, and `grant` if capabilities go with it.
 *   EMSGSIZE, ENOTSUP  as ipc_send
 *   ESTALE             nobody waits for it any more: the caller has ended, or has lost what it called through
 */
int foldos_ipc_reply(foldos_slot reply, const struct foldos_message *message) FOLDOS_IMPORT(ipc_reply);

/*
 * Ends the waiting of all who send to an endpoint with a badge; they are told ECANCELED. Needs `receive`. Together with revoking what has
 * the badge it makes sure that nothing of that client arrives any more, so that the badge can be given again.
 *   EPERM  the capability has a badge itself: who holds one speaks for nobody else
 */
int foldos_ipc_cancel_badged(foldos_slot endpoint, uint32_t badge) FOLDOS_IMPORT(ipc_cancel_badged);

/* ------------------------------------------------------------------------------------------ notifications, interrupts, timers */

/*
 * 32 bits that are set by who signals and taken by who waits. Needs `spend` of the budget.
 *
 *   foldos_notification_create(budget, &events);
 */
int foldos_notification_create(foldos_slot budget, foldos_slot *out) FOLDOS_IMPORT(notification_create);

/* Sets the bits that the capability has as its badge, and wakes one who waits. It never waits. Needs `signal`. */
int foldos_notification_signal(foldos_slot notification) FOLDOS_IMPORT(notification_signal);

/*
 * Waits until there are bits, and takes them all. Needs `wait`.
 *   ECANCELED  the notification or the capability has gone meanwhile
 *
 *   uint32_t bits;
 *   while (foldos_notification_wait(events, &bits) == 0) handle(bits);
 */
int foldos_notification_wait(foldos_slot notification, uint32_t *bits) FOLDOS_IMPORT(notification_wait);

/*
 * Takes the bits that there are. Needs `wait`.
 *   EAGAIN  there are none
 */
int foldos_notification_poll(foldos_slot notification, uint32_t *bits) FOLDOS_IMPORT(notification_poll);

/*
 * From now on an interrupt of this line signals the notification, with the badge of the capability that is given here. Needs `handle` of
 * the line, and `signal` of the notification.
 *   EBUSY  the line is bound already
 */
int foldos_interrupt_bind(foldos_slot line, foldos_slot notification) FOLDOS_IMPORT(interrupt_bind);

/*
 * The interrupt was handled: the line may signal again. Until then it does not. Needs `handle`.
 *
 *   foldos_interrupt_bind(line, events);
 *   while (foldos_notification_wait(events, &bits) == 0) {
 *     handle();
 *     foldos_interrupt_acknowledge(line);
 *   }
 */
int foldos_interrupt_acknowledge(foldos_slot line) FOLDOS_IMPORT(interrupt_acknowledge);

/* An alarm clock. Needs `spend` of the budget. */
int foldos_timer_create(foldos_slot budget, foldos_slot *out) FOLDOS_IMPORT(timer_create);

/*
 * Signals a notification when the monotonic clock shows `at_nanos`, never earlier; what the timer was armed for before is forgotten. Needs
 * `arm` of the timer, and `signal` of the notification.
 *
 *   struct timespec now;
 *   clock_gettime(CLOCK_MONOTONIC, &now);
 *   foldos_timer_arm(timer, events, now.tv_sec * UINT64_C(1000000000) + now.tv_nsec + 5000000);   // in 5 ms
 */
int foldos_timer_arm(foldos_slot timer, foldos_slot notification, uint64_t at_nanos) FOLDOS_IMPORT(timer_arm);

/* Forgets what a timer was armed for. Needs `arm`. */
int foldos_timer_disarm(foldos_slot timer) FOLDOS_IMPORT(timer_disarm);

/* --------------------------------------------------------------------------------------- processor time, processes, memory */

/*
 * So much time of the processor in each period, at a priority (0 to 255: more is more urgent). Needs `configure`.
 *   EINVAL  a budget of nothing or beyond the period; a priority above 255
 *
 *   foldos_context_configure(context, 2000, 10000, 200);   // 2 ms in each 10 ms
 */
int foldos_context_configure(foldos_slot context, uint64_t budget_micros, uint64_t period_micros, uint32_t priority)
    FOLDOS_IMPORT(context_configure);

/*
 * Gives a scheduling context to a process, which runs on it from now on; or to a notification, whose waiter runs on it. Needs `bind` of the
 * context, and `schedule` of the process or `wait` of the notification.
 *   EBUSY  one of both is bound already
 *   ESRCH  the process has ended
 */
int foldos_context_bind(foldos_slot context, foldos_slot to) FOLDOS_IMPORT(context_bind);

/* Takes a scheduling context away from what it is bound to. Needs `bind`. */
int foldos_context_unbind(foldos_slot context) FOLDOS_IMPORT(context_unbind);

/*
 * Sets the priority of a process, up to the ceiling of the process that `authority` is of. Needs `schedule` of both.
 *   EINVAL       a priority above 255
 *   ENOTCAPABLE  a priority above the ceiling
 *   ESRCH        a process has ended
 */
int foldos_priority_set(foldos_slot process, foldos_slot authority, uint32_t priority) FOLDOS_IMPORT(priority_set);

/*
 * Starts a process with a program and what is listed, and nothing else. `out` is a capability to it. Needs `spawn` of the program.
 *   EMSGSIZE  more than FOLDOS_MAX_SPAWN_GIVEN capabilities
 *   EEXIST    one of its own clocks, timers or random numbers twice
 *   E2BIG     more than FOLDOS_MAX_SPAWN_ARGUMENT_BYTES of arguments
 *   EILSEQ    arguments that are no UTF-8
 *
 *   struct foldos_given given[] = {foldos_give(0), foldos_give(1), foldos_give(2)};
 *   struct foldos_spawn spawn = {"one\0two", 8, given, 3};
 *   foldos_process_spawn(program, &spawn, &child);
 */
int foldos_process_spawn(foldos_slot program, const struct foldos_spawn *spawn, foldos_slot *out)
    FOLDOS_IMPORT(process_spawn);

/*
 * Waits until a process has ended, and tells its exit code: that of proc_exit, 128 and more if it was killed or trapped. Needs `examine`.
 * It may be asked as often as one likes.
 *   EDEADLK  it is the process itself
 */
int foldos_process_wait(foldos_slot process, uint32_t *code) FOLDOS_IMPORT(process_wait);

/*
 * Ends a process. Needs `end`.
 *   ESRCH  it has ended already
 */
int foldos_process_end(foldos_slot process) FOLDOS_IMPORT(process_end);

/*
 * A memory budget of so many bytes, which are taken off this one until nobody holds the new one, with 256 for the budget itself. Needs
 * `split`.
 *   ENOMEM  it has not so much left
 *
 *   foldos_budget_split(budget, 4096, &for_plugin);
 */
int foldos_budget_split(foldos_slot budget, uint64_t bytes, foldos_slot *out) FOLDOS_IMPORT(budget_split);

/* What a memory budget allows, and what of it is used. Needs `examine`. */
int foldos_budget_examine(foldos_slot budget, struct foldos_budget *out) FOLDOS_IMPORT(budget_examine);

/* ---------------------------------------------------------------------------------------------------------------- helpers */

/* cap_find of a text that ends with a NUL. */
static inline int foldos_find(const char *name, foldos_slot *out) {
  return foldos_cap_find(name, (uint32_t)strlen(name), out);
}

/* Bytes as a message that no capability goes with. */
static inline struct foldos_message foldos_message_of(const void *data, size_t size) {
  struct foldos_message message = {data, (uint32_t)size, NULL, 0};
  return message;
}

/* A text as a message, without its NUL. */
static inline struct foldos_message foldos_text(const char *text) { return foldos_message_of(text, strlen(text)); }

/* A capability with all the rights that it has, to be given. */
static inline struct foldos_given foldos_give(foldos_slot slot) {
  struct foldos_given given = {slot, 0, FOLDOS_ALL_RIGHTS};
  return given;
}

/* A capability with no more than these rights, to be given. */
static inline struct foldos_given foldos_give_only(foldos_slot slot, uint64_t rights) {
  struct foldos_given given = {slot, 0, rights};
  return given;
}

/* Room for so many bytes, and so many capabilities. */
static inline struct foldos_buffer foldos_room(void *data, size_t capacity, foldos_slot *slots, size_t slots_capacity) {
  struct foldos_buffer buffer = {data, (uint32_t)capacity, 0, slots, (uint32_t)slots_capacity, 0, 0, -1};
  return buffer;
}

/* Whether whoever sent this message waits for a reply. */
static inline bool foldos_wants_reply(const struct foldos_buffer *received) { return received->reply >= 0; }

#ifdef __cplusplus
}
#endif

#endif
