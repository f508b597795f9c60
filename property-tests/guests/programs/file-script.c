/* file-script STEP...: file operations, one after the other, each printed with what came of it. A step is
 * words with colons between: open:SLOT:PATH[:w] read:SLOT:SIZE write:SLOT:TEXT close:SLOT sync:SLOT cat:PATH
 * put:PATH:TEXT list:PATH stat:PATH unlink:PATH mkdir:PATH rmdir:PATH rename:FROM:TO link:FROM:TO
 * symlink:TARGET:PATH size:SLOT:BYTES sleep:MS line (a line of standard input). */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static int slots[16];
static char text[65536];

static int cat(const char *path) {
  int fd = open(path, O_RDONLY);
  if (fd < 0) return -1;
  ssize_t size = read(fd, text, sizeof text - 1);
  close(fd);
  if (size < 0) return -1;
  text[size] = 0;
  return 0;
}

static int put(const char *path, const char *what) {
  int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0666);
  if (fd < 0) return -1;
  ssize_t size = write(fd, what, strlen(what));
  return close(fd) == 0 && size == (ssize_t)strlen(what) ? 0 : -1;
}

static int list(const char *path) {
  DIR *dir = opendir(path);
  if (dir == NULL) return -1;
  for (struct dirent *entry; (entry = readdir(dir)) != NULL;) {
    if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
    if (strlen(text) + strlen(entry->d_name) + 2 < sizeof text) strcat(strcat(text, entry->d_name), " ");
  }
  return closedir(dir);
}

static int examine(const char *path) {
  struct stat stat;
  if (lstat(path, &stat) != 0) return -1;
  const char *kind = S_ISDIR(stat.st_mode) ? "directory" : S_ISLNK(stat.st_mode) ? "link" : "file";
  snprintf(text, sizeof text, "%s, %lld bytes", kind, S_ISDIR(stat.st_mode) ? 0ll : (long long)stat.st_size);
  return 0;
}

static int pause_for(long ms) {
  struct timespec time = {ms / 1000, ms % 1000 * 1000000};
  return nanosleep(&time, NULL);
}

static int on_slot(const char *op, int *slot, const char *a, const char *b) {
  if (strcmp(op, "open") == 0) return *slot = open(a, b[0] == 'w' ? O_RDWR | O_CREAT : O_RDONLY, 0666);
  if (strcmp(op, "read") == 0) {
    ssize_t size = read(*slot, text, (size_t)atol(a) % sizeof text);
    if (size >= 0) text[size] = 0;
    return size < 0 ? -1 : 0;
  }
  if (strcmp(op, "write") == 0) return write(*slot, a, strlen(a)) == (ssize_t)strlen(a) ? 0 : -1;
  if (strcmp(op, "size") == 0) return ftruncate(*slot, atol(a));
  if (strcmp(op, "sync") == 0) return fsync(*slot);
  return close(*slot);
}

static int perform(const char *op, const char *a, const char *b, const char *c) {
  if (strcmp(op, "cat") == 0) return cat(a);
  if (strcmp(op, "put") == 0) return put(a, b);
  if (strcmp(op, "list") == 0) return list(a);
  if (strcmp(op, "stat") == 0) return examine(a);
  if (strcmp(op, "unlink") == 0) return unlink(a);
  if (strcmp(op, "mkdir") == 0) return mkdir(a, 0777);
  if (strcmp(op, "rmdir") == 0) return rmdir(a);
  if (strcmp(op, "rename") == 0) return rename(a, b);
  if (strcmp(op, "link") == 0) return link(a, b);
  if (strcmp(op, "symlink") == 0) return symlink(a, b);
  if (strcmp(op, "sleep") == 0) return pause_for(atol(a));
  if (strcmp(op, "line") == 0) return fgets(text, sizeof text, stdin) == NULL ? -1 : 0;
  return on_slot(op, &slots[atoi(a) & 15], b, c);
}

int main(int argc, char **argv) {
  for (int i = 1; i < argc; i++) {
    char step[4096], *words[4] = {"", "", "", ""};
    snprintf(step, sizeof step, "%s", argv[i]);
    char *at = step;
    for (int word = 0; word < 4 && at != NULL; word++) words[word] = strsep(&at, ":");
    text[0] = 0;
    errno = 0;
    int outcome = perform(words[0], words[1], words[2], words[3]);
    text[strcspn(text, "\n")] = 0;
    printf("%s -> %s%s%s\n", argv[i], outcome < 0 ? strerror(errno) : "ok", text[0] != 0 ? ": " : "", text);
    fflush(stdout);
  }
  return 0;
}
