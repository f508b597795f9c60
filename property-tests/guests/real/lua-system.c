/* What Lua's libraries ask of C that wasi-libc has not: there is no shell, and no place for temporary files. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

int system(const char *command) {
  if (command != NULL) errno = ENOSYS;
  return command == NULL ? 0 : -1;
}

char *tmpnam(char *name) { return NULL; }

FILE *tmpfile(void) {
  errno = ENOSYS;
  return NULL;
}
