/* cat [FILE...]: files, or standard input, to standard output. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int copy(int fd, const char *name) {
  static char buffer[16384];
  ssize_t size;
  while ((size = read(fd, buffer, sizeof buffer)) > 0)
    for (ssize_t at = 0; at < size;) {
      ssize_t written = write(1, buffer + at, (size_t)(size - at));
      if (written < 0) return perror("cat: standard output"), 1;
      at += written;
    }
  if (size < 0) return perror(name), 1;
  return 0;
}

int main(int argc, char **argv) {
  int status = 0;
  if (argc < 2) return copy(0, "cat: standard input");
  for (int i = 1; i < argc; i++) {
    int fd = strcmp(argv[i], "-") == 0 ? 0 : open(argv[i], O_RDONLY);
    if (fd < 0) {
      perror(argv[i]);
      status = 1;
      continue;
    }
    status |= copy(fd, argv[i]);
    if (fd != 0) close(fd);
  }
  return status;
}
