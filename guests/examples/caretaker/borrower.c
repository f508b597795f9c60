/*
 * borrower CALLS: writes with what it was lent, as often as it is asked, and keeps it. See caretaker.h.
 *
 * Given: `lender`, an endpoint, to receive.
 */
#include "caretaker.h"

int main(int argc, char **argv) {
  foldos_slot lender = named("lender");
  foldos_slot lent = -1;
  for (long calls = number_argument(argc, argv, 1, 2); calls > 0; calls--) {
    char text[16];
    foldos_slot given = -1;
    struct foldos_buffer call = foldos_room(text, sizeof text, &given, 1);
    must(foldos_ipc_receive(lender, &call, 0), "receive");
    if (call.slots_count > 0) lent = given;
    int error = write(lent, "borrower\n", 9) < 0 ? errno : 0;
    struct foldos_message answer = foldos_message_of(&error, sizeof error);
    if (foldos_wants_reply(&call)) foldos_ipc_reply(call.reply, &answer);
  }
  /* The slot is taken until its holder lets go of what is no capability any more. */
  struct foldos_capability left;
  int error = foldos_cap_examine(lent, &left);
  printf("borrower: what it held is %s\n", error == ESTALE ? "gone" : "there");
  return foldos_cap_delete(lent) == 0 && error == ESTALE ? 0 : 1;
}
