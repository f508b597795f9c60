/*
 * compiler (ambient|capability) CALLS: compiles so many sources, and bills each. See deputy.h.
 *
 * Given: `compiler`, an endpoint, to receive; the directory /sysx, where it keeps the bills. As `ambient` also its clients' /home.
 */
#include <ctype.h>

#include "deputy.h"

struct job {
  const char *name;
  const char *source;
  foldos_slot given; /* -1: none */
};

/* Where the output goes, or -1. The only lines in which both machines differ. */
static int output_of(const struct job *job, bool is_by_name) {
  if (is_by_name) return open(job->name, O_WRONLY | O_CREAT | O_TRUNC, 0666);
  if (job->given < 0) errno = EINVAL;
  return job->given;
}

/* A listing: numbered lines in capitals. What was refused, if so. */
static int translate(const char *source, int output) {
  char listing[1024];
  size_t length = 0;
  int line = 1;
  for (const char *at = source; *at != 0 && length + 16 < sizeof listing; line++) {
    length += (size_t)snprintf(listing + length, sizeof listing - length, "%04d  ", line);
    while (*at != 0 && *at != '\n' && length + 2 < sizeof listing) listing[length++] = (char)toupper((unsigned char)*at++);
    if (*at == '\n') at++;
    listing[length++] = '\n';
  }
  return write(output, listing, length) < 0 ? errno : 0;
}

static int serve(const struct job *job, bool is_by_name) {
  int output = output_of(job, is_by_name);
  if (output < 0) return errno;
  int error = translate(job->source, output);
  close(output);
  return error;
}

/* The bill is written before the work is done. */
static void send_bill(int bills, uint32_t client) {
  char line[64];
  int length = snprintf(line, sizeof line, "client %u owes 1\n", (unsigned)client);
  if (write(bills, line, (size_t)length) < 0) perror(BILL);
}

int main(int argc, char **argv) {
  bool is_by_name = by_name(argc, argv);
  foldos_slot endpoint = named("compiler");
  int bills = open(BILL, O_WRONLY | O_CREAT | O_APPEND, 0666);
  if (bills < 0) return perror(BILL), 1;
  for (long calls = number_argument(argc, argv, 2, 1); calls > 0; calls--) {
    char text[513];
    foldos_slot given = -1;
    struct foldos_buffer call = foldos_room(text, sizeof text - 1, &given, 1);
    must(foldos_ipc_receive(endpoint, &call, 0), "receive");
    text[call.size] = 0;
    size_t name_length = strlen(text);
    struct job job = {text, name_length < call.size ? text + name_length + 1 : "", call.slots_count > 0 ? given : -1};
    send_bill(bills, call.badge);
    int error = serve(&job, is_by_name);
    struct foldos_message answer = foldos_text(error == 0 ? "done" : strerror(error));
    if (foldos_wants_reply(&call)) foldos_ipc_reply(call.reply, &answer);
  }
  return 0;
}
