/* fd_fdstat_get, fd_fdstat_set_flags: append above all, with fd_write and fd_pwrite. */
#include "check.h"

#define APPEND __WASI_FDFLAGS_APPEND
#define NONBLOCK __WASI_FDFLAGS_NONBLOCK

static uint32_t size;
static uint64_t position;

int main(void) {
  fd_t dir = scratch("descriptor-flags");
  fd_t fd = CLOSED_FD;
  OK(sys_path_open(dir, 0, P("log"), CREAT, FILE_RIGHTS, 0, APPEND, &fd));
  fdstat stat = fdstat_of(fd);
  EQUAL(stat.fs_filetype, __WASI_FILETYPE_REGULAR_FILE);
  EQUAL(stat.fs_flags & APPEND, APPEND);
  OK(write_bytes(fd, "one", 3, &size));
  OK(sys_fd_seek(fd, 0, 0, &position));
  OK(write_bytes(fd, "two", 3, &size));
  EQUAL(size, 3);
  HOLDS(file_holds(dir, "log", "onetwo"));
  /* After an append the position is the end. */
  OK(sys_fd_tell(fd, &position));
  EQUAL(position, 6);
  /* Reads still follow the position. */
  char buffer[16];
  OK(sys_fd_seek(fd, 2, 0, &position));
  OK(read_bytes(fd, buffer, 2, &size));
  SAME_BYTES(buffer, "et", 2);
  /* A positioned write goes where it is told (Linux alone appends here). */
  OK(pwrite_bytes(fd, "ONE", 3, 0, &size));
  EQUAL(size, 3);
  HOLDS(file_holds(dir, "log", "ONEtwo"));
  OK(sys_fd_tell(fd, &position));
  EQUAL(position, 4);
  /* Two appending descriptors never overwrite each other. */
  fd_t other = CLOSED_FD;
  OK(sys_path_open(dir, 0, P("log"), 0, FILE_RIGHTS, 0, APPEND, &other));
  OK(write_bytes(fd, "3", 1, &size));
  OK(write_bytes(other, "4", 1, &size));
  OK(write_bytes(fd, "5", 1, &size));
  HOLDS(file_holds(dir, "log", "ONEtwo345"));
  OK(sys_fd_close(other));
  /* A file cut short is appended to at its new end. */
  OK(sys_fd_filestat_set_size(fd, 2));
  OK(write_bytes(fd, "!", 1, &size));
  HOLDS(file_holds(dir, "log", "ON!"));

  OK(sys_fd_fdstat_set_flags(fd, 0));
  EQUAL(fdstat_of(fd).fs_flags, 0);
  OK(sys_fd_seek(fd, 0, 0, &position));
  OK(write_bytes(fd, "x", 1, &size));
  HOLDS(file_holds(dir, "log", "xN!"));
  OK(sys_fd_fdstat_set_flags(fd, APPEND));
  EQUAL(fdstat_of(fd).fs_flags, APPEND);
  OK(write_bytes(fd, "y", 1, &size));
  HOLDS(file_holds(dir, "log", "xN!y"));
  OK(sys_fd_fdstat_set_flags(fd, NONBLOCK));
  EQUAL(fdstat_of(fd).fs_flags & (APPEND | NONBLOCK), NONBLOCK);
  OK(read_bytes(fd, buffer, 1, &size));
  OK(sys_fd_fdstat_set_flags(fd, APPEND | NONBLOCK));
  EQUAL(fdstat_of(fd).fs_flags & (APPEND | NONBLOCK), APPEND | NONBLOCK);
  OK(sys_fd_fdstat_set_flags(fd, 0));
  /* Synchronous writing may be refused, by name; if taken, it is reported. */
  static const uint32_t synchronous[] = {__WASI_FDFLAGS_DSYNC, __WASI_FDFLAGS_RSYNC, __WASI_FDFLAGS_SYNC};
  for (uint32_t i = 0; i < 3; i++) {
    errno_of_call code = sys_fd_fdstat_set_flags(fd, synchronous[i]);
    ANSWERS_FOR("setting a synchronous flag", code, SUCCESS, INVAL, NOTSUP);
    fd_t opened = CLOSED_FD;
    code = sys_path_open(dir, 0, P("log"), 0, FILE_RIGHTS, 0, synchronous[i], &opened);
    ANSWERS_FOR("opening with a synchronous flag", code, SUCCESS, INVAL, NOTSUP);
    if (code == 0) {
      OK(pwrite_bytes(opened, "z", 1, 0, &size));
      OK(sys_fd_close(opened));
    }
  }
  HOSTILE(sys_fd_fdstat_set_flags(fd, 1 << 5), INVAL);
  HOSTILE(sys_fd_fdstat_set_flags(fd, 0x8000), INVAL);
  OK(sys_fd_close(fd));

  /* Flags belong to the descriptor, not to the file. */
  fd_t plain = OPEN(dir, "log", 0, FILE_RIGHTS);
  EQUAL(fdstat_of(plain).fs_flags & APPEND, 0);
  OK(sys_fd_close(plain));
  /* Append and truncate together: empty, then at the end. */
  OK(sys_path_open(dir, 0, P("log"), TRUNC, FILE_RIGHTS, 0, APPEND, &fd));
  OK(write_bytes(fd, "a", 1, &size));
  OK(write_bytes(fd, "b", 1, &size));
  HOLDS(file_holds(dir, "log", "ab"));
  OK(sys_fd_close(fd));
  /* A directory opens with NONBLOCK. */
  OK(sys_path_open(dir, 0, P("."), 0, 0, 0, NONBLOCK, &fd));
  OK(sys_fd_close(fd));
  HOSTILE(sys_path_open(dir, 0, P("log"), 0, FILE_RIGHTS, 0, 1 << 5, &fd), INVAL);
  return finish();
}
