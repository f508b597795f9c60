/* child [ARGS...]: says what it has, and exits with 7. Given: 0, 1 and 2, by whoever spawns it. */
#include <fcntl.h>
#include <unistd.h>

#include "../example.h"

int main(int argc, char **argv) {
  printf("child: %d arguments:", argc - 1);
  for (int index = 1; index < argc; index++) printf(" %s", argv[index]);
  printf("\n");
  for (foldos_slot slot = 0; slot < 5; slot++) {
    struct foldos_capability held;
    int error = foldos_cap_examine(slot, &held);
    if (error == 0) printf("child: slot %d is of kind %u\n", (int)slot, (unsigned)held.kind);
    else printf("child: slot %d: %s\n", (int)slot, strerror(error));
  }
  int file = open("/diary", O_RDONLY);
  printf("child: /diary: %s\n", file < 0 ? strerror(errno) : "open");
  return file < 0 ? 7 : 1;
}
