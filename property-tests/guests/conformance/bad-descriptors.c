/* Every call that takes a descriptor answers BADF for one that is not open. */
#include "check.h"

static char buffer[256];

static void check_all(fd_t bad, fd_t dir) {
  iovec part = {buffer, sizeof buffer};
  uint64_t wide;
  uint32_t word;
  ANSWERS(sys_fd_advise(bad, 0, 0, 0), BADF);
  ANSWERS(sys_fd_allocate(bad, 0, 1), BADF);
  ANSWERS(sys_fd_close(bad), BADF);
  ANSWERS(sys_fd_datasync(bad), BADF);
  ANSWERS(sys_fd_fdstat_get(bad, buffer), BADF);
  ANSWERS(sys_fd_fdstat_set_flags(bad, 0), BADF);
  ANSWERS(sys_fd_fdstat_set_rights(bad, 0, 0), BADF);
  ANSWERS(sys_fd_filestat_get(bad, buffer), BADF);
  ANSWERS(sys_fd_filestat_set_size(bad, 0), BADF);
  ANSWERS(sys_fd_filestat_set_times(bad, 0, 0, 0), BADF);
  ANSWERS(sys_fd_pread(bad, &part, 1, 0, &word), BADF);
  ANSWERS(sys_fd_prestat_get(bad, buffer), BADF);
  ANSWERS(sys_fd_prestat_dir_name(bad, buffer, sizeof buffer), BADF);
  ANSWERS(sys_fd_pwrite(bad, &part, 1, 0, &word), BADF);
  ANSWERS(sys_fd_read(bad, &part, 1, &word), BADF);
  ANSWERS(sys_fd_readdir(bad, buffer, sizeof buffer, 0, &word), BADF);
  ANSWERS(sys_fd_renumber(bad, dir), BADF);
  ANSWERS(sys_fd_renumber(dir, bad), BADF);
  ANSWERS(sys_fd_seek(bad, 0, 0, &wide), BADF);
  ANSWERS(sys_fd_sync(bad), BADF);
  ANSWERS(sys_fd_tell(bad, &wide), BADF);
  ANSWERS(sys_fd_write(bad, &part, 1, &word), BADF);
  ANSWERS(sys_path_create_directory(bad, P("d")), BADF);
  ANSWERS(sys_path_filestat_get(bad, 0, P("f"), buffer), BADF);
  ANSWERS(sys_path_filestat_set_times(bad, 0, P("f"), 0, 0, 0), BADF);
  ANSWERS(sys_path_link(bad, 0, P("f"), dir, P("g")), BADF);
  ANSWERS(sys_path_link(dir, 0, P("f"), bad, P("g")), BADF);
  ANSWERS(sys_path_open(bad, 0, P("f"), 0, 0, 0, 0, &word), BADF);
  ANSWERS(sys_path_readlink(bad, P("f"), buffer, sizeof buffer, &word), BADF);
  ANSWERS(sys_path_remove_directory(bad, P("d")), BADF);
  ANSWERS(sys_path_rename(bad, P("f"), dir, P("g")), BADF);
  ANSWERS(sys_path_rename(dir, P("f"), bad, P("g")), BADF);
  ANSWERS(sys_path_symlink(P("f"), bad, P("g")), BADF);
  ANSWERS(sys_path_unlink_file(bad, P("f")), BADF);
}

int main(void) {
  fd_t dir = scratch("bad-descriptors");
  make_file(dir, "f", "x");
  fd_t closed = OPEN(dir, "f", 0, FILE_RIGHTS);
  OK(sys_fd_close(closed));
  check_all(closed, dir);
  check_all(CLOSED_FD, dir);
  check_all(0x7fffffff, dir);
  check_all(0xffffffff, dir);
  HOLDS(file_holds(dir, "f", "x"));
  EQUAL(entry_count(dir), 1);
  return finish();
}
