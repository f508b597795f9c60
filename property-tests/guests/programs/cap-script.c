/* cap-script STEP...: what can be asked of the module foldos, one after the other, each printed with what came of it. A step is words with
 * colons between. NAME is what was given under it, or a slot that an earlier step has named:
 * send:NAME:TEXT try-send:NAME:TEXT call:NAME:TEXT receive:NAME try-receive:NAME reply:TEXT give:NAME[:RIGHTS] (with the next of these)
 * mint:NAME:AS:RIGHTS:BADGE copy:NAME:AS lease:NAME:AS:USES weaken:NAME:AS revoke:NAME delete:NAME examine:NAME cancel:NAME:BADGE
 * make:(endpoint|notification|table|brand|membrane|timer):BUDGET:AS split:BUDGET:AS:BYTES used:BUDGET
 * store:TABLE:INDEX:NAME fetch:TABLE:INDEX:AS seal:BRAND:NAME:BUDGET:AS unseal:BRAND:BOX:AS wrap:MEMBRANE:NAME:AS
 * signal:NAME wait-signal:NAME poll:NAME spawn:PROGRAM:AS[:ARGUMENTS, with + between] wait:NAME end:NAME spin:ROUNDS exit:CODE trap
 * What was received with a message is named got0, got1, ...; who received and did not reply before replies with reply. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "foldos.h"

#define MAX_NAMES 64
#define is(what) (strcmp(op, what) == 0)

static struct { char name[24]; foldos_slot slot; } names[MAX_NAMES];
static int name_count;
static struct foldos_given giving[FOLDOS_MAX_SPAWN_GIVEN];
static uint32_t giving_count;
static foldos_slot reply_slot = -1;
static char text[4096];
static volatile uint32_t sink;

/* Whatever is no name and no number is slot -1, of which there is nothing. */
static foldos_slot slot_of(const char *name) {
  for (int at = name_count - 1; at >= 0; at--)
    if (strcmp(names[at].name, name) == 0) return names[at].slot;
  foldos_slot slot = -1;
  if (name[0] >= '0' && name[0] <= '9') return atoi(name);
  return foldos_find(name, &slot) == 0 ? slot : -1;
}

static int call_it(const char *name, foldos_slot slot) {
  if (name_count < MAX_NAMES) {
    snprintf(names[name_count].name, sizeof names[0].name, "%s", name);
    names[name_count++].slot = slot;
  }
  return 0;
}

static struct foldos_message message_of(const char *words) {
  struct foldos_message message = {words, (uint32_t)strlen(words), giving, giving_count};
  giving_count = 0;
  return message;
}

static void tell_received(const struct foldos_buffer *buffer) {
  snprintf(text, sizeof text, "badge %u, %u capabilities: %.*s", (unsigned)buffer->badge, (unsigned)buffer->slots_count,
           (int)buffer->size, (const char *)buffer->data);
  for (uint32_t index = 0; index < buffer->slots_count; index++) {
    char name[8];
    snprintf(name, sizeof name, "got%u", (unsigned)index);
    call_it(name, buffer->slots[index]);
  }
}

static int message_step(const char *op, const char *a, const char *b) {
  static char data[1024];
  static foldos_slot slots[4];
  struct foldos_buffer buffer = foldos_room(data, sizeof data, slots, 4);
  int error = -1;
  if (is("send") || is("try-send")) {
    struct foldos_message message = message_of(b);
    return foldos_ipc_send(slot_of(a), &message, is("send") ? 0 : FOLDOS_NO_WAIT);
  }
  if (is("reply")) {
    struct foldos_message message = message_of(a);
    return foldos_ipc_reply(reply_slot, &message);
  }
  if (is("call")) {
    struct foldos_message message = message_of(b);
    error = foldos_ipc_call(slot_of(a), &message, &buffer);
  } else if (is("receive") || is("try-receive")) {
    error = foldos_ipc_receive(slot_of(a), &buffer, is("receive") ? 0 : FOLDOS_NO_WAIT);
    if (error == 0) reply_slot = buffer.reply;
  }
  if (error == 0) tell_received(&buffer);
  return error;
}

static int make(const char *kind, foldos_slot budget, foldos_slot *out) {
  if (strcmp(kind, "endpoint") == 0) return foldos_endpoint_create(budget, out);
  if (strcmp(kind, "notification") == 0) return foldos_notification_create(budget, out);
  if (strcmp(kind, "table") == 0) return foldos_table_create(budget, out);
  if (strcmp(kind, "brand") == 0) return foldos_brand_create(budget, out);
  if (strcmp(kind, "membrane") == 0) return foldos_membrane_create(budget, out);
  return foldos_timer_create(budget, out);
}

/* Steps that make a capability, and what it is to be called; -1: it is none of these. */
static int making_step(const char *op, char **a) {
  foldos_slot made = -1;
  const char *as = a[1];
  int error = -1;
  if (is("mint")) error = foldos_cap_mint(slot_of(a[0]), strtoull(a[2], 0, 0), 0, (uint32_t)strtoul(a[3], 0, 0), &made);
  else if (is("copy")) error = foldos_cap_copy(slot_of(a[0]), &made);
  else if (is("lease")) error = foldos_cap_lease(slot_of(a[0]), 0, (uint32_t)atoi(a[2]), 0, &made);
  else if (is("weaken")) error = foldos_cap_weaken(slot_of(a[0]), &made);
  else if (is("split")) error = foldos_budget_split(slot_of(a[0]), strtoull(a[2], 0, 0), &made);
  else if (is("make")) error = make(a[0], slot_of(a[1]), &made), as = a[2];
  else if (is("fetch")) error = foldos_table_fetch(slot_of(a[0]), (uint32_t)atoi(a[1]), &made), as = a[2];
  else if (is("seal")) error = foldos_cap_seal(slot_of(a[0]), slot_of(a[1]), slot_of(a[2]), &made), as = a[3];
  else if (is("unseal")) error = foldos_cap_unseal(slot_of(a[0]), slot_of(a[1]), &made), as = a[2];
  else if (is("wrap")) error = foldos_cap_wrap(slot_of(a[0]), slot_of(a[1]), &made), as = a[2];
  else if (is("spawn")) {
    char *end = a[2] + strlen(a[2]);
    if (a[3] > end) *end = ':';
    uint32_t size = (uint32_t)strlen(a[2]);
    for (uint32_t at = 0; at < size; at++)
      if (a[2][at] == '+') a[2][at] = 0;
    struct foldos_spawn spawn = {a[2], size + (size > 0), giving, giving_count};
    giving_count = 0;
    error = foldos_process_spawn(slot_of(a[0]), &spawn, &made);
  }
  return error == 0 ? call_it(as, made) : error;
}

static int other_step(const char *op, char **a) {
  foldos_slot slot = slot_of(a[0]);
  uint32_t word = 0;
  if (is("give")) {
    giving[giving_count++] = foldos_give_only(slot, a[1][0] == 0 ? FOLDOS_ALL_RIGHTS : strtoull(a[1], 0, 0));
    return 0;
  }
  if (is("examine")) {
    struct foldos_capability what;
    int error = foldos_cap_examine(slot, &what);
    if (error == 0)
      snprintf(text, sizeof text, "kind %u, rights %llx, badge %u, flags %u", (unsigned)what.kind,
               (unsigned long long)what.rights, (unsigned)what.badge, (unsigned)what.flags);
    return error;
  }
  if (is("used")) {
    struct foldos_budget budget;
    int error = foldos_budget_examine(slot, &budget);
    if (error == 0)
      snprintf(text, sizeof text, "%llu of %llu", (unsigned long long)budget.used, (unsigned long long)budget.limit);
    return error;
  }
  if (is("revoke")) return foldos_cap_revoke(slot);
  if (is("delete")) return foldos_cap_delete(slot);
  if (is("cancel")) return foldos_ipc_cancel_badged(slot, (uint32_t)atoi(a[1]));
  if (is("store")) return foldos_table_store(slot, (uint32_t)atoi(a[1]), slot_of(a[2]));
  if (is("signal")) return foldos_notification_signal(slot);
  if (is("end")) return foldos_process_end(slot);
  if (is("wait-signal") || is("poll") || is("wait")) {
    int error = is("wait") ? foldos_process_wait(slot, &word)
                : is("poll") ? foldos_notification_poll(slot, &word)
                             : foldos_notification_wait(slot, &word);
    if (error == 0) snprintf(text, sizeof text, "%u", (unsigned)word);
    return error;
  }
  if (is("spin")) {
    for (long left = atol(a[0]); left > 0; left--) sink += (uint32_t)left;
    return 0;
  }
  if (is("exit")) exit(atoi(a[0]));
  if (is("trap")) __builtin_trap();
  return -1;
}

int main(int argc, char **argv) {
  for (int at = 1; at < argc; at++) {
    char step[256];
    char *a[5];
    snprintf(step, sizeof step, "%s", argv[at]);
    char *rest = step;
    for (int index = 0; index < 5; index++) {
      a[index] = rest;
      char *colon = index < 4 ? strchr(rest, ':') : NULL;
      rest = colon == NULL ? rest + strlen(rest) : colon + 1;
      if (colon != NULL) *colon = 0;
    }
    text[0] = 0;
    int error = message_step(a[0], a[1], a[2]);
    if (error == -1) error = making_step(a[0], a + 1);
    if (error == -1) error = other_step(a[0], a + 1);
    const char *what = error == -1 ? "no such step" : error == 0 ? "ok" : strerror(error);
    printf("%s -> %s%s%s\n", argv[at], what, text[0] == 0 ? "" : ": ", text);
    fflush(stdout);
  }
  return 0;
}
