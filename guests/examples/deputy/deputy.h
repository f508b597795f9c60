/*
 * The Confused Deputy (Norm Hardy, 1988). A compiler writes where its client tells it to, and keeps a file of bills in a directory that its
 * clients may not write to. If clients say *names*, the compiler opens them with its own authority, and a client that names the file
 * of bills has the compiler destroy it: nothing tells whose authority the name was to be used with. If clients give *capabilities*,
 * what is designated and the authority to write it come together, and the name of the bills is a word without power.
 *
 * Both machines run the same programs; their first argument says which way outputs are designated.
 */
#ifndef DEPUTY_H
#define DEPUTY_H

#include <fcntl.h>
#include <stdbool.h>
#include <unistd.h>
#include <wasi/api.h>

#include "../example.h"

#define BILL "/sysx/bill"

/* Whether outputs are designated by their names. */
static inline bool by_name(int argc, char **argv) { return argc > 1 && strcmp(argv[1], "ambient") == 0; }

/* Asks the compiler: the name of the output, NUL, the source; and the output itself, unless it is negative. True if it says `done`. */
static inline bool compile(foldos_slot compiler, const char *name, const char *source, foldos_slot output) {
  char text[512];
  int length = snprintf(text, sizeof text, "%s%c%s", name, 0, source);
  struct foldos_given given = foldos_give_only(output, __WASI_RIGHTS_FD_WRITE | __WASI_RIGHTS_FD_FILESTAT_SET_SIZE);
  struct foldos_message call = foldos_message_of(text, (size_t)length);
  call.given = &given;
  call.given_count = output < 0 ? 0 : 1;
  char said[100];
  struct foldos_buffer answer = foldos_room(said, sizeof said, NULL, 0);
  must(foldos_ipc_call(compiler, &call, &answer), "compile");
  printf("  the compiler says: %.*s\n", (int)answer.size, said);
  fflush(stdout);
  return answer.size == 4 && memcmp(said, "done", 4) == 0;
}

#endif
