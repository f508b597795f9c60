/* many-descriptors N [FILE]: opens one file N times, writes a byte through each, closes all. Prints how many
 * it got. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int main(int argc, char **argv) {
  unsigned count = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : 1000, opened = 0, written = 0,
           closed = 0;
  const char *path = argc > 2 ? argv[2] : "/many-descriptors";
  int *fds = malloc(count * sizeof *fds);
  for (; opened < count; opened++) {
    fds[opened] = open(path, O_RDWR | O_CREAT, 0666);
    if (fds[opened] < 0) {
      fprintf(stderr, "many-descriptors: descriptor %u: %s\n", opened, strerror(errno));
      break;
    }
  }
  for (unsigned i = 0; i < opened; i++) written += pwrite(fds[i], "x", 1, i) == 1;
  for (unsigned i = 0; i < opened; i++) closed += close(fds[i]) == 0;
  printf("%u opened, %u written, %u closed\n", opened, written, closed);
  return !(opened == count && written == count && closed == count);
}
