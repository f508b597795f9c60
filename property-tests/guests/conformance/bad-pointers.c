/* A pointer or a length that leaves the memory answers FAULT, and changes nothing. */
#include "check.h"

#define OUTSIDE ((void *)0xfffffff0)
#define LAST ((void *)0xffffffff)

static char buffer[64];

static void vectors(fd_t dir) {
  fd_t fd = OPEN(dir, "file", 0, FILE_RIGHTS);
  uint32_t word = 0;
  uint64_t wide = 0;
  iovec far = {OUTSIDE, 8}, long_one = {buffer, 0xffffffff}, wraps = {(void *)0xffffff00, 0x200};
  iovec good_then_far[2] = {{buffer, 4}, {OUTSIDE, 8}};
  HOSTILE(sys_fd_read(fd, &far, 1, &word), FAULT);
  HOSTILE(sys_fd_read(fd, &long_one, 1, &word), FAULT);
  HOSTILE(sys_fd_read(fd, &wraps, 1, &word), FAULT);
  HOSTILE(sys_fd_read(fd, OUTSIDE, 1, &word), FAULT);
  HOSTILE(sys_fd_read(fd, &far, 0x20000000, &word), FAULT, INVAL, OVERFLOW);
  HOSTILE(sys_fd_pread(fd, &far, 1, 0, &word), FAULT);
  HOSTILE(sys_fd_pread(fd, OUTSIDE, 1, 0, &word), FAULT);
  HOSTILE(sys_fd_write(fd, &far, 1, &word), FAULT);
  HOSTILE(sys_fd_write(fd, &long_one, 1, &word), FAULT);
  HOSTILE(sys_fd_write(fd, &wraps, 1, &word), FAULT);
  HOSTILE(sys_fd_write(fd, OUTSIDE, 1, &word), FAULT);
  HOSTILE(sys_fd_write(fd, good_then_far, 2, &word), FAULT);
  HOSTILE(sys_fd_pwrite(fd, &far, 1, 0, &word), FAULT);
  HOSTILE(sys_fd_pwrite(fd, OUTSIDE, 1, 0, &word), FAULT);
  OK(sys_fd_tell(fd, &wide));
  EQUAL(wide, 0);
  HOLDS(file_holds(dir, "file", "content"));
  HOSTILE(sys_fd_tell(fd, LAST), FAULT);
  HOSTILE(sys_fd_seek(fd, 0, 0, LAST), FAULT);
  HOSTILE(sys_fd_fdstat_get(fd, OUTSIDE), FAULT);
  HOSTILE(sys_fd_filestat_get(fd, OUTSIDE), FAULT);
  OK(sys_fd_close(fd));
}

static void paths(fd_t dir) {
  uint32_t word = 0;
  HOSTILE(sys_path_create_directory(dir, OUTSIDE, 32), FAULT);
  HOSTILE(sys_path_create_directory(dir, "d", 0xffffffff), FAULT);
  HOSTILE(sys_path_filestat_get(dir, 0, OUTSIDE, 32, buffer), FAULT);
  HOSTILE(sys_path_filestat_get(dir, 0, P("file"), OUTSIDE), FAULT);
  HOSTILE(sys_path_filestat_set_times(dir, 0, OUTSIDE, 32, 0, 0, 0), FAULT);
  HOSTILE(sys_path_link(dir, 0, OUTSIDE, 32, dir, P("y")), FAULT);
  HOSTILE(sys_path_link(dir, 0, P("file"), dir, OUTSIDE, 32), FAULT);
  HOSTILE(sys_path_open(dir, 0, OUTSIDE, 32, 0, 0, 0, 0, &word), FAULT);
  HOSTILE(sys_path_open(dir, 0, P("file"), 0, 0, 0, 0, (void *)0xfffffffe), FAULT);
  HOSTILE(sys_path_readlink(dir, OUTSIDE, 32, buffer, 8, &word), FAULT);
  HOSTILE(sys_path_readlink(dir, P("link"), OUTSIDE, 32, &word), FAULT);
  HOSTILE(sys_path_remove_directory(dir, OUTSIDE, 32), FAULT);
  HOSTILE(sys_path_rename(dir, OUTSIDE, 32, dir, P("y")), FAULT);
  HOSTILE(sys_path_rename(dir, P("file"), dir, OUTSIDE, 32), FAULT);
  HOSTILE(sys_path_symlink(OUTSIDE, 32, dir, P("y")), FAULT);
  HOSTILE(sys_path_symlink(P("x"), dir, OUTSIDE, 32), FAULT);
  HOSTILE(sys_path_unlink_file(dir, OUTSIDE, 32), FAULT);
  HOSTILE(sys_fd_readdir(dir, OUTSIDE, 64, 0, &word), FAULT);
  HOSTILE(sys_fd_readdir(dir, buffer, 64, 0, (void *)0xfffffffe), FAULT);
  HOSTILE(sys_fd_prestat_get(PREOPEN, (void *)0xfffffffc), FAULT);
  HOSTILE(sys_fd_prestat_dir_name(PREOPEN, LAST, 16), FAULT);
}

int main(void) {
  fd_t dir = scratch("bad-pointers");
  make_file(dir, "file", "content");
  make_symlink(dir, "file", "link");
  vectors(dir);
  paths(dir);
  EQUAL(entry_count(dir), 2);
  return finish();
}
