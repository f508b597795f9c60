/*
 * server CALLS: a scribe. It has no file and no directory: who calls lends it one to write into. It knows its clients by the badges of the
 * capabilities that they call through, which the machine file gave them and which they cannot change.
 *
 * Given: `service`, an endpoint, to receive.
 */
#include <unistd.h>

#include "../example.h"

/* Writes a client's text into the file that it lent. What was refused, if so. */
static int write_for(const struct foldos_buffer *call, foldos_slot file) {
  char line[600];
  if (call->slots_count == 0) return EINVAL;
  int length = snprintf(line, sizeof line, "client %u: %.*s\n", (unsigned)call->badge, (int)call->size,
                        (const char *)call->data);
  int error = write(file, line, (size_t)length) < 0 ? errno : 0;
  /* It was lent for this once. */
  foldos_cap_delete(file);
  return error;
}

int main(int argc, char **argv) {
  foldos_slot service = named("service");
  for (long calls = number_argument(argc, argv, 1, 1); calls > 0; calls--) {
    char text[500];
    foldos_slot file = -1;
    struct foldos_buffer call = foldos_room(text, sizeof text, &file, 1);
    must(foldos_ipc_receive(service, &call, 0), "receive");
    int error = write_for(&call, file);
    struct foldos_message answer = foldos_text(error == 0 ? "written" : strerror(error));
    if (foldos_wants_reply(&call)) foldos_ipc_reply(call.reply, &answer);
  }
  say("server: all calls are served\n");
  return 0;
}
