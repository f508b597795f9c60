/* fd_filestat_set_times, path_filestat_set_times, and when times change by themselves. */
#include "check.h"

#define ATIM __WASI_FSTFLAGS_ATIM
#define ATIM_NOW __WASI_FSTFLAGS_ATIM_NOW
#define MTIM __WASI_FSTFLAGS_MTIM
#define MTIM_NOW __WASI_FSTFLAGS_MTIM_NOW
#define SECOND 1000000000ull

static filestat stat;
static uint32_t size;

/* Linux stamps files with a clock of its ticks: a hundredth of a second behind is still now. */
static bool is_about_now(uint64_t time, uint64_t before) {
  return time + SECOND >= before && time <= now(0) + SECOND;
}

static void setting(fd_t dir) {
  make_file(dir, "file", "x");
  fd_t fd = OPEN(dir, "file", 0, FILE_RIGHTS);
  static const uint64_t times[] = {0,
                                   1,
                                   999999999,
                                   SECOND,
                                   1234567890123456789ull,
                                   1600000000000000001ull,
                                   2147483648ull * SECOND + 7,
                                   4000000000ull * SECOND + 123456789};
  for (uint32_t i = 0; i < 8; i++) {
    OK(sys_fd_filestat_set_times(fd, times[i], times[7 - i], ATIM | MTIM));
    stat = filestat_of(fd);
    EQUAL(stat.atim, times[i]);
    EQUAL(stat.mtim, times[7 - i]);
    OK(sys_path_filestat_set_times(dir, 0, P("file"), times[7 - i], times[i], ATIM | MTIM));
    OK(stat_at(dir, "file", &stat));
    EQUAL(stat.atim, times[7 - i]);
    EQUAL(stat.mtim, times[i]);
  }
  /* One alone leaves the other. */
  OK(sys_fd_filestat_set_times(fd, 5 * SECOND, 6 * SECOND, ATIM | MTIM));
  OK(sys_fd_filestat_set_times(fd, 50 * SECOND, 60 * SECOND, ATIM));
  stat = filestat_of(fd);
  EQUAL(stat.atim, 50 * SECOND);
  EQUAL(stat.mtim, 6 * SECOND);
  OK(sys_path_filestat_set_times(dir, 0, P("file"), 500 * SECOND, 600 * SECOND, MTIM));
  stat = filestat_of(fd);
  EQUAL(stat.atim, 50 * SECOND);
  EQUAL(stat.mtim, 600 * SECOND);
  OK(sys_fd_filestat_set_times(fd, 1, 1, 0));
  OK(sys_path_filestat_set_times(dir, 0, P("file"), 1, 1, 0));
  stat = filestat_of(fd);
  EQUAL(stat.atim, 50 * SECOND);
  EQUAL(stat.mtim, 600 * SECOND);
  /* Now. */
  uint64_t before = now(0);
  OK(sys_fd_filestat_set_times(fd, 1, 1, ATIM_NOW));
  stat = filestat_of(fd);
  HOLDS(is_about_now(stat.atim, before));
  EQUAL(stat.mtim, 600 * SECOND);
  OK(sys_fd_filestat_set_times(fd, 7 * SECOND, 1, ATIM | MTIM_NOW));
  stat = filestat_of(fd);
  EQUAL(stat.atim, 7 * SECOND);
  HOLDS(is_about_now(stat.mtim, before));
  OK(sys_path_filestat_set_times(dir, 0, P("file"), 1, 9 * SECOND, ATIM_NOW | MTIM));
  stat = filestat_of(fd);
  HOLDS(is_about_now(stat.atim, before));
  EQUAL(stat.mtim, 9 * SECOND);
  HOLDS(is_about_now(stat.ctim, before));
  OK(sys_fd_close(fd));
}

static void refusing(fd_t dir) {
  fd_t fd = OPEN(dir, "file", 0, FILE_RIGHTS);
  OK(sys_fd_filestat_set_times(fd, 3 * SECOND, 4 * SECOND, ATIM | MTIM));
  static const uint32_t conflicts[] = {ATIM | ATIM_NOW, MTIM | MTIM_NOW, 15, ATIM | MTIM | MTIM_NOW};
  for (uint32_t i = 0; i < 4; i++) {
    ANSWERS(sys_fd_filestat_set_times(fd, 1, 1, conflicts[i]), INVAL);
    ANSWERS(sys_path_filestat_set_times(dir, 0, P("file"), 1, 1, conflicts[i]), INVAL);
  }
  HOSTILE(sys_fd_filestat_set_times(fd, 1, 1, 1 << 4), INVAL);
  HOSTILE(sys_path_filestat_set_times(dir, 0, P("file"), 1, 1, 0x8000), INVAL);
  stat = filestat_of(fd);
  EQUAL(stat.atim, 3 * SECOND);
  EQUAL(stat.mtim, 4 * SECOND);
  OK(sys_fd_close(fd));
  ANSWERS(sys_path_filestat_set_times(dir, 0, P("missing"), 1, 1, ATIM | MTIM), NOENT);
  ANSWERS(sys_path_filestat_set_times(dir, 0, P("file/"), 1, 1, ATIM | MTIM), NOTDIR);
  ANSWERS(sys_path_filestat_set_times(dir, 0, P(""), 1, 1, ATIM | MTIM), NOENT, INVAL);
  HOSTILE(sys_path_filestat_set_times(dir, 1 << 3, P("file"), 1, 1, 0), INVAL);
}

static void links_and_directories(fd_t dir) {
  make_symlink(dir, "file", "link");
  OK(sys_path_filestat_set_times(dir, FOLLOW, P("link"), 11 * SECOND, 12 * SECOND, ATIM | MTIM));
  OK(stat_at(dir, "file", &stat));
  EQUAL(stat.mtim, 12 * SECOND);
  OK(sys_path_filestat_set_times(dir, 0, P("link"), 21 * SECOND, 22 * SECOND, ATIM | MTIM));
  OK(stat_at(dir, "file", &stat));
  EQUAL(stat.mtim, 12 * SECOND);
  OK(stat_at(dir, "link", &stat));
  EQUAL(stat.mtim, 22 * SECOND);
  make_symlink(dir, "nowhere", "dangling");
  OK(sys_path_filestat_set_times(dir, 0, P("dangling"), 31 * SECOND, 32 * SECOND, ATIM | MTIM));
  OK(stat_at(dir, "dangling", &stat));
  EQUAL(stat.mtim, 32 * SECOND);
  ANSWERS(sys_path_filestat_set_times(dir, FOLLOW, P("dangling"), 1, 1, ATIM | MTIM), NOENT);
  make_directory(dir, "sub");
  OK(sys_path_filestat_set_times(dir, 0, P("sub"), 41 * SECOND, 42 * SECOND, ATIM | MTIM));
  OK(stat_at(dir, "sub", &stat));
  EQUAL(stat.mtim, 42 * SECOND);
  fd_t sub = open_directory(dir, "sub");
  OK(sys_fd_filestat_set_times(sub, 51 * SECOND, 52 * SECOND, ATIM | MTIM));
  EQUAL(filestat_of(sub).mtim, 52 * SECOND);
  /* A directory's time is that of its last entry made, renamed or removed. */
  uint64_t before = now(0);
  make_file(sub, "entry", "");
  HOLDS(is_about_now(filestat_of(sub).mtim, before));
  OK(sys_fd_filestat_set_times(sub, 0, 52 * SECOND, MTIM));
  OK(sys_path_rename(sub, P("entry"), sub, P("other")));
  HOLDS(is_about_now(filestat_of(sub).mtim, before));
  OK(sys_fd_filestat_set_times(sub, 0, 52 * SECOND, MTIM));
  OK(sys_path_unlink_file(sub, P("other")));
  HOLDS(is_about_now(filestat_of(sub).mtim, before));
  OK(sys_fd_close(sub));
}

static void by_themselves(fd_t dir) {
  uint64_t before = now(0);
  make_file(dir, "fresh", "text");
  fd_t fd = OPEN(dir, "fresh", 0, FILE_RIGHTS);
  stat = filestat_of(fd);
  HOLDS(is_about_now(stat.mtim, before) && is_about_now(stat.atim, before) &&
        is_about_now(stat.ctim, before));
  OK(sys_fd_filestat_set_times(fd, 0, SECOND, MTIM));
  OK(write_bytes(fd, "T", 1, &size));
  HOLDS(is_about_now(filestat_of(fd).mtim, before));
  OK(sys_fd_filestat_set_times(fd, 0, SECOND, MTIM));
  OK(sys_fd_filestat_set_size(fd, 2));
  HOLDS(is_about_now(filestat_of(fd).mtim, before));
  /* Reading and linking do not modify. */
  OK(sys_fd_filestat_set_times(fd, 0, SECOND, MTIM));
  char buffer[4];
  OK(read_bytes(fd, buffer, 4, &size));
  OK(sys_path_link(dir, 0, P("fresh"), dir, P("fresh2")));
  OK(sys_path_rename(dir, P("fresh2"), dir, P("fresh3")));
  EQUAL(filestat_of(fd).mtim, SECOND);
  OK(sys_fd_close(fd));
  /* Truncating an open does. */
  fd = OPEN(dir, "fresh", TRUNC, FILE_RIGHTS);
  HOLDS(is_about_now(filestat_of(fd).mtim, before));
  OK(sys_fd_close(fd));
}

int main(void) {
  fd_t dir = scratch("timestamps");
  setting(dir);
  refusing(dir);
  links_and_directories(dir);
  by_themselves(dir);
  return finish();
}
