/* copy-tree SRC DST [sync]: copies a tree: directories, files, symbolic links. Each file is written under a
 * temporary name, synchronised if asked, and renamed, so that after a power cut a name means a whole file. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int synchronise;
static unsigned long files, directories, links, bytes;

static int fail(const char *what, const char *path) {
  fprintf(stderr, "copy-tree: %s %s: %s\n", what, path, strerror(errno));
  return 1;
}

static int copy_file(const char *from, const char *to) {
  static char buffer[32768];
  char temporary[1100];
  snprintf(temporary, sizeof temporary, "%s.part", to);
  int in = open(from, O_RDONLY);
  if (in < 0) return fail("open", from);
  int out = open(temporary, O_WRONLY | O_CREAT | O_TRUNC, 0666);
  if (out < 0) return fail("create", temporary);
  ssize_t size;
  while ((size = read(in, buffer, sizeof buffer)) > 0) {
    for (ssize_t at = 0; at < size;) {
      ssize_t written = write(out, buffer + at, (size_t)(size - at));
      if (written < 0) return fail("write", temporary);
      at += written;
    }
    bytes += (unsigned long)size;
  }
  if (size < 0) return fail("read", from);
  if (synchronise && fsync(out) != 0) return fail("fsync", temporary);
  close(in);
  if (close(out) != 0) return fail("close", temporary);
  if (rename(temporary, to) != 0) return fail("rename", temporary);
  files++;
  return 0;
}

static int copy_link(const char *from, const char *to) {
  char target[1024];
  ssize_t size = readlink(from, target, sizeof target - 1);
  if (size < 0) return fail("readlink", from);
  target[size] = 0;
  if (symlink(target, to) != 0 && errno != EEXIST) return fail("symlink", to);
  links++;
  return 0;
}

static int copy(const char *from, const char *to) {
  struct stat stat;
  if (lstat(from, &stat) != 0) return fail("stat", from);
  if (S_ISLNK(stat.st_mode)) return copy_link(from, to);
  if (!S_ISDIR(stat.st_mode)) return copy_file(from, to);
  if (mkdir(to, 0777) != 0 && errno != EEXIST) return fail("mkdir", to);
  directories++;
  DIR *dir = opendir(from);
  if (dir == NULL) return fail("opendir", from);
  int status = 0;
  struct dirent *entry;
  while ((entry = readdir(dir)) != NULL) {
    if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
    char inner_from[1024], inner_to[1024];
    snprintf(inner_from, sizeof inner_from, "%s/%s", from, entry->d_name);
    snprintf(inner_to, sizeof inner_to, "%s/%s", to, entry->d_name);
    status |= copy(inner_from, inner_to);
  }
  closedir(dir);
  return status;
}

int main(int argc, char **argv) {
  if (argc < 3) return fprintf(stderr, "usage: copy-tree SRC DST [sync]\n"), 2;
  synchronise = argc > 3 && strcmp(argv[3], "sync") == 0;
  int status = copy(argv[1], argv[2]);
  printf("%lu files, %lu directories, %lu links, %lu bytes\n", files, directories, links, bytes);
  return status;
}
