/* fd_renumber: the number moves, everything else stays. */
#include "check.h"

static uint32_t size;
static uint64_t position;
static char buffer[16];

int main(void) {
  fd_t dir = scratch("renumber");
  make_file(dir, "one", "first file");
  make_file(dir, "two", "second file");
  fd_t from = CLOSED_FD, to = OPEN(dir, "two", 0, FILE_RIGHTS);
  OK(sys_path_open(dir, 0, P("one"), 0, RIGHT(FD_READ) | RIGHT(FD_TELL), 0, __WASI_FDFLAGS_APPEND, &from));
  OK(read_bytes(from, buffer, 6, &size));
  fdstat before = fdstat_of(from);
  OK(sys_fd_renumber(from, to));
  ANSWERS(sys_fd_close(from), BADF);
  ANSWERS(sys_fd_fdstat_get(from, &before), BADF);
  fdstat after = fdstat_of(to);
  HOLDS(after.fs_filetype == __WASI_FILETYPE_REGULAR_FILE);
  EQUAL(after.fs_flags, __WASI_FDFLAGS_APPEND);
  EQUAL(after.fs_rights_base & (RIGHT(FD_READ) | RIGHT(FD_WRITE)), RIGHT(FD_READ));
  OK(sys_fd_tell(to, &position));
  EQUAL(position, 6);
  OK(read_bytes(to, buffer, 10, &size));
  EQUAL(size, 4);
  SAME_BYTES(buffer, "file", 4);
  /* To where nothing is open, from where nothing is open. */
  ANSWERS(sys_fd_renumber(to, from), BADF);
  ANSWERS(sys_fd_renumber(to, CLOSED_FD), BADF);
  ANSWERS(sys_fd_renumber(from, to), BADF);
  ANSWERS(sys_fd_renumber(from, from), BADF);
  ANSWERS(sys_fd_renumber(0xffffffff, to), BADF);
  ANSWERS(sys_fd_renumber(to, 0xffffffff), BADF);
  OK(sys_fd_tell(to, &position));
  /* Onto itself: still open. */
  OK(sys_fd_renumber(to, to));
  OK(sys_fd_tell(to, &position));
  EQUAL(position, 10);
  OK(sys_fd_close(to));
  ANSWERS(sys_fd_close(to), BADF);

  /* The number that is free is used again, and no new descriptor takes one that is in use. */
  fd_t fds[3];
  for (uint32_t i = 0; i < 3; i++) fds[i] = OPEN(dir, "two", 0, FILE_RIGHTS);
  HOLDS(fds[0] != fds[1] && fds[1] != fds[2] && fds[0] != fds[2]);
  OK(sys_fd_renumber(fds[2], fds[0]));
  fd_t next = OPEN(dir, "one", 0, FILE_RIGHTS);
  HOLDS(next != fds[0] && next != fds[1]);
  OK(sys_fd_close(next));

  /* Replacing the last descriptor of a file without a name ends the file. */
  make_file(dir, "gone", "gone");
  fd_t gone = OPEN(dir, "gone", 0, FILE_RIGHTS);
  OK(sys_path_unlink_file(dir, P("gone")));
  OK(sys_fd_renumber(fds[1], gone));
  OK(read_bytes(gone, buffer, 6, &size));
  SAME_BYTES(buffer, "second", 6);
  OK(sys_fd_close(gone));
  OK(sys_fd_close(fds[0]));

  /* Over standard error: what is written there goes to the file, for poll too. */
  fd_t error = OPEN(dir, "stderr", CREAT, FILE_RIGHTS);
  OK(sys_fd_renumber(error, 2));
  OK(write_bytes(2, "complaint", 9, &size));
  HOLDS(file_holds(dir, "stderr", "complaint"));
  EQUAL(fdstat_of(2).fs_filetype, __WASI_FILETYPE_REGULAR_FILE);
  /* A standard stream may be moved away. */
  fd_t holder = OPEN(dir, "one", 0, FILE_RIGHTS);
  OK(sys_fd_renumber(0, holder));
  ANSWERS(sys_fd_fdstat_get(0, &after), BADF);
  OK(sys_fd_fdstat_get(holder, &after));

  /* A directory over the preopen. */
  filestat inside = filestat_of(dir), there;
  OK(sys_fd_renumber(dir, PREOPEN));
  there = filestat_of(PREOPEN);
  EQUAL(there.ino, inside.ino);
  EQUAL(there.dev, inside.dev);
  ANSWERS(sys_fd_fdstat_get(dir, &after), BADF);
  HOLDS(file_holds(PREOPEN, "two", "second file"));
  return finish();
}
