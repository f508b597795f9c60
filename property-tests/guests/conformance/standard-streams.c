/* Descriptors 0, 1 and 2. cases.json gives it "line one\nline two\n" as standard input. */
#include "check.h"

static char buffer[64];
static uint32_t size;

int main(void) {
  fdstat stat;
  for (fd_t fd = 0; fd < 3; fd++) {
    stat = fdstat_of(fd);
    HOLDS(stat.fs_filetype != __WASI_FILETYPE_DIRECTORY);
    EQUAL(stat.fs_flags & ~(__WASI_FDFLAGS_APPEND | __WASI_FDFLAGS_NONBLOCK), 0);
    filestat file = filestat_of(fd);
    HOLDS(file.filetype == stat.fs_filetype || file.filetype == __WASI_FILETYPE_UNKNOWN ||
          stat.fs_filetype == __WASI_FILETYPE_UNKNOWN);
    ANSWERS(sys_fd_readdir(fd, buffer, sizeof buffer, 0, &size), NOTDIR, BADF, NOTCAPABLE);
    fd_t opened;
    ANSWERS(sys_path_open(fd, 0, P("x"), 0, 0, 0, 0, &opened), NOTDIR, BADF, NOTCAPABLE);
    ANSWERS(sys_path_create_directory(fd, P("x")), NOTDIR, BADF, NOTCAPABLE);
  }
  HOLDS((fdstat_of(0).fs_rights_base & RIGHT(FD_READ)) != 0);
  HOLDS((fdstat_of(1).fs_rights_base & RIGHT(FD_WRITE)) != 0);
  HOLDS((fdstat_of(2).fs_rights_base & RIGHT(FD_WRITE)) != 0);

  /* A pipe gives what it has, in pieces; at its end, always nothing. */
  uint32_t total = 0;
  OK(read_bytes(0, buffer, 0, &size));
  EQUAL(size, 0);
  for (uint32_t guard = 0; guard < 100; guard++) {
    if (!OK(read_bytes(0, buffer + total, 5, &size)) || size == 0) break;
    HOLDS(size <= 5);
    total += size;
    if (total > 50) break;
  }
  if (total > 0) {
    EQUAL(total, 18);
    SAME_BYTES(buffer, "line one\nline two\n", 18);
  }
  for (uint32_t i = 0; i < 3; i++) {
    OK(read_bytes(0, buffer, 8, &size));
    EQUAL(size, 0);
  }
  /* At its end it is ready: a read answers at once. */
  __wasi_subscription_t ready;
  __wasi_event_t event;
  memset(&ready, 0, sizeof ready);
  ready.u.tag = __WASI_EVENTTYPE_FD_READ;
  OK(sys_poll_oneoff(&ready, &event, 1, &size));
  EQUAL(size, 1);
  EQUAL(event.error, 0);

  OK(sys_fd_write(1, NULL, 0, &size));
  EQUAL(size, 0);
  iovec parts[3] = {{"standard ", 9}, {"", 0}, {"output\n", 7}};
  OK(sys_fd_write(1, parts, 3, &size));
  EQUAL(size, 16);
  OK(write_bytes(2, "standard error\n", 15, &size));
  EQUAL(size, 15);
  /* A directory and a file are no terminals; a stream that is one cannot seek. */
  uint64_t position;
  if (stat.fs_filetype == __WASI_FILETYPE_CHARACTER_DEVICE)
    EQUAL(stat.fs_rights_base & (RIGHT(FD_SEEK) | RIGHT(FD_TELL)), 0);
  if (stat.fs_filetype != __WASI_FILETYPE_REGULAR_FILE)
    ANSWERS(sys_fd_seek(2, 0, 1, &position), SPIPE, BADF, NOTCAPABLE);
  /* Closing is final, for each alone. */
  OK(sys_fd_close(0));
  ANSWERS(read_bytes(0, buffer, 1, &size), BADF);
  OK(sys_fd_close(2));
  ANSWERS(write_bytes(2, "x", 1, &size), BADF);
  OK(write_bytes(1, "", 0, &size));
  return finish();
}
