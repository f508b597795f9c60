/*
 * client FILE TEXT: has a text written into its file by the server, which it lends no more than writing to this one file for.
 *
 * Given: `service`, an endpoint, to send and grant, with a badge of its own; a directory.
 */
#include <fcntl.h>
#include <unistd.h>
#include <wasi/api.h>

#include "../example.h"

int main(int argc, char **argv) {
  if (argc != 3) return fprintf(stderr, "usage: client FILE TEXT\n"), 2;
  foldos_slot service = named("service");
  int file = open(argv[1], O_WRONLY | O_CREAT | O_APPEND, 0666);
  if (file < 0) return perror(argv[1]), 1;

  struct foldos_given lent = foldos_give_only(file, __WASI_RIGHTS_FD_WRITE);
  struct foldos_message call = foldos_text(argv[2]);
  call.given = &lent;
  call.given_count = 1;
  char text[100];
  struct foldos_buffer answer = foldos_room(text, sizeof text, NULL, 0);
  must(foldos_ipc_call(service, &call, &answer), "call");
  printf("client: %.*s\n", (int)answer.size, text);
  close(file);
  return answer.size == strlen("written") ? 0 : 1;
}
