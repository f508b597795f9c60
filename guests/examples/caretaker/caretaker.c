/*
 * caretaker FILE: lends the right to write to its file, and takes it back while the borrower still holds it. See caretaker.h.
 *
 * Given: `borrower`, an endpoint, to send and grant; a directory.
 */
#include <fcntl.h>
#include <wasi/api.h>

#include "caretaker.h"

/* Has the borrower write; the errno that it met. */
static int ask(foldos_slot borrower, const char *what, const struct foldos_given *given) {
  struct foldos_message call = foldos_text(what);
  call.given = given;
  call.given_count = given == NULL ? 0 : 1;
  int error = -1;
  struct foldos_buffer answer = foldos_room(&error, sizeof error, NULL, 0);
  must(foldos_ipc_call(borrower, &call, &answer), what);
  printf("caretaker: the borrower wrote: %s\n", error == 0 ? "yes" : strerror(error));
  fflush(stdout);
  return error;
}

int main(int argc, char **argv) {
  if (argc != 2) return fprintf(stderr, "usage: caretaker FILE\n"), 2;
  foldos_slot borrower = named("borrower");
  int file = open(argv[1], O_WRONLY | O_CREAT | O_APPEND, 0666);
  if (file < 0) return perror(argv[1]), 1;

  foldos_slot lent = -1;
  must(foldos_cap_mint(file, __WASI_RIGHTS_FD_WRITE, 0, 0, &lent), "mint");
  struct foldos_given given = foldos_give(lent);
  int before = ask(borrower, TAKE, &given);
  must(foldos_cap_revoke(lent), "revoke");
  int after = ask(borrower, WRITE, NULL);

  /* Its own capability is as it was. */
  if (write(file, "caretaker\n", 10) < 0) return perror(argv[1]), 1;
  return before == 0 && after == ESTALE ? 0 : 1;
}
