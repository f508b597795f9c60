/* The same ground through wasi-libc, as a program meets it: errno, stdio, directory streams, stat. */
#include "check.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* The call answers -1 (or NULL), and errno says why. */
#define ERRNO(call, code) (errno = 0, HOLDS((long)(call) == -1), EQUAL(errno, (code)))
#define NULL_WITH(call, code) (errno = 0, HOLDS((call) == NULL), EQUAL(errno, (code)))

static char home[40];

static void enter_scratch(void) {
  for (int attempt = 0; attempt < 1000; attempt++) {
    snprintf(home, sizeof home, "/libc-files-%d", attempt);
    if (mkdir(home, 0777) == 0) break;
  }
  EQUAL(chdir(home), 0);
}

static void streams(void) {
  FILE *file = fopen("text", "w");
  HOLDS(file != NULL);
  if (file == NULL) return;
  EQUAL(fprintf(file, "%s %d %.2f\n", "line", 1, 2.5), 12);
  for (int i = 0; i < 3000; i++) fprintf(file, "%d\n", i);
  EQUAL(fclose(file), 0);
  file = fopen("text", "r");
  char line[64];
  HOLDS(fgets(line, sizeof line, file) != NULL && strcmp(line, "line 1 2.50\n") == 0);
  int value = -1, sum = 0, count = 0;
  while (fscanf(file, "%d", &value) == 1) sum += value, count++;
  EQUAL(count, 3000);
  EQUAL(sum, 4498500);
  HOLDS(feof(file));
  EQUAL(fseek(file, 5, SEEK_SET), 0);
  EQUAL(fgetc(file), '1');
  EQUAL(ftell(file), 6);
  EQUAL(fclose(file), 0);
  file = fopen("text", "a");
  fputs("last", file);
  fclose(file);
  struct stat stat;
  EQUAL(lstat("text", &stat), 0);
  EQUAL(stat.st_size, 12 + 10 * 2 + 90 * 3 + 900 * 4 + 2000 * 5 + 4);
  NULL_WITH(fopen("missing", "r"), ENOENT);
  NULL_WITH(fopen("text/x", "w"), ENOTDIR);
  NULL_WITH(fopen("text", "wx"), EEXIST);
}

static void descriptors(void) {
  int fd = open("fd", O_RDWR | O_CREAT | O_EXCL, 0666);
  HOLDS(fd > 3);
  EQUAL(write(fd, "0123456789", 10), 10);
  EQUAL(lseek(fd, 2, SEEK_SET), 2);
  char buffer[16] = {0};
  EQUAL(read(fd, buffer, 3), 3);
  SAME_BYTES(buffer, "234", 3);
  EQUAL(pread(fd, buffer, 3, 7), 3);
  SAME_BYTES(buffer, "789", 3);
  EQUAL(ftruncate(fd, 4), 0);
  EQUAL(lseek(fd, 0, SEEK_END), 4);
  EQUAL(fcntl(fd, F_SETFL, O_APPEND), 0);
  EQUAL(fcntl(fd, F_GETFL) & O_APPEND, O_APPEND);
  EQUAL(isatty(fd), 0);
  EQUAL(fsync(fd), 0);
  EQUAL(close(fd), 0);
  ERRNO(close(fd), EBADF);
  ERRNO(open("fd", O_RDWR | O_CREAT | O_EXCL, 0666), EEXIST);
  ERRNO(open("nowhere/x", O_RDWR | O_CREAT, 0666), ENOENT);
  ERRNO(open(".", O_RDWR), EISDIR);
  ERRNO(open("fd", O_RDONLY | O_DIRECTORY), ENOTDIR);
  fd = open("fd", O_RDONLY);
  ERRNO(write(fd, "x", 1), EBADF);
  EQUAL(close(fd), 0);
}

static int by_name(const void *a, const void *b) { return strcmp(a, b); }

static void directories(void) {
  EQUAL(mkdir("d", 0777), 0);
  ERRNO(mkdir("d", 0777), EEXIST);
  char path[32], names[200][16];
  for (int i = 0; i < 150; i++) {
    snprintf(path, sizeof path, "d/entry-%03d", i);
    int fd = open(path, O_WRONLY | O_CREAT, 0666);
    close(fd);
  }
  DIR *dir = opendir("d");
  HOLDS(dir != NULL);
  int count = 0;
  struct dirent *entry;
  while ((entry = readdir(dir)) != NULL && count < 200)
    if (entry->d_name[0] != '.') {
      HOLDS(entry->d_type == DT_REG);
      snprintf(names[count++], 16, "%s", entry->d_name);
    }
  EQUAL(count, 150);
  qsort(names, (size_t)count, 16, by_name);
  int right = 0;
  for (int i = 0; i < count; i++) {
    snprintf(path, sizeof path, "entry-%03d", i);
    right += strcmp(names[i], path) == 0;
  }
  EQUAL(right, 150);
  rewinddir(dir);
  int again = 0;
  while (readdir(dir) != NULL) again++;
  EQUAL(again, 152);
  EQUAL(closedir(dir), 0);
  ERRNO(rmdir("d"), ENOTEMPTY);
  EQUAL(rename("d", "e"), 0);
  ERRNO(rename("e", "e/inside"), EINVAL);
  for (int i = 0; i < 150; i++) {
    snprintf(path, sizeof path, "e/entry-%03d", i);
    right += unlink(path) == 0;
  }
  EQUAL(right, 300);
  ERRNO(unlink("e"), EISDIR);
  EQUAL(rmdir("e"), 0);
  NULL_WITH(opendir("e"), ENOENT);
}

static void links_and_times(void) {
  struct stat stat_of, link_of;
  EQUAL(symlink("fd", "link"), 0);
  EQUAL(lstat("link", &link_of), 0);
  HOLDS(S_ISLNK(link_of.st_mode));
  EQUAL(stat("link", &stat_of), 0);
  HOLDS(S_ISREG(stat_of.st_mode));
  char text[8] = {0};
  EQUAL(readlink("link", text, sizeof text), 2);
  EQUAL(link("fd", "second"), 0);
  EQUAL(stat("fd", &stat_of), 0);
  EQUAL(stat_of.st_nlink, 2);
  struct timespec times[2] = {{.tv_sec = 1000000000, .tv_nsec = 1},
                              {.tv_sec = 1500000000, .tv_nsec = 999999999}};
  EQUAL(utimensat(AT_FDCWD, "fd", times, 0), 0);
  EQUAL(stat("fd", &stat_of), 0);
  EQUAL(stat_of.st_mtim.tv_sec, 1500000000);
  EQUAL(stat_of.st_mtim.tv_nsec, 999999999);
  EQUAL(stat_of.st_atim.tv_nsec, 1);
  HOLDS(time(NULL) > 0);
  struct timespec pause = {0, 2000000}, before, after;
  clock_gettime(CLOCK_MONOTONIC, &before);
  EQUAL(nanosleep(&pause, NULL), 0);
  clock_gettime(CLOCK_MONOTONIC, &after);
  HOLDS((after.tv_sec - before.tv_sec) * 1000000000ll + after.tv_nsec - before.tv_nsec >= 1000000);
  unsigned char random[16] = {0};
  EQUAL(getentropy(random, 16), 0);
}

int main(void) {
  enter_scratch();
  streams();
  descriptors();
  directories();
  links_and_times();
  return finish();
}
