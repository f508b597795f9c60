/* fd_filestat_set_size, fd_allocate, fd_advise, O_TRUNC. */
#include "check.h"

static char buffer[64];
static uint32_t size;

static void set_size(fd_t dir) {
  make_file(dir, "file", "0123456789");
  fd_t fd = OPEN(dir, "file", 0, FILE_RIGHTS);
  uint64_t position;
  OK(sys_fd_seek(fd, 8, 0, &position));
  OK(sys_fd_filestat_set_size(fd, 10));
  HOLDS(file_holds(dir, "file", "0123456789"));
  OK(sys_fd_filestat_set_size(fd, 4));
  EQUAL(filestat_of(fd).size, 4);
  HOLDS(file_holds(dir, "file", "0123"));
  /* The position stays, past the new end. */
  OK(sys_fd_tell(fd, &position));
  EQUAL(position, 8);
  OK(read_bytes(fd, buffer, 4, &size));
  EQUAL(size, 0);
  /* Growing again gives zeros, not the old bytes. */
  OK(sys_fd_filestat_set_size(fd, 9));
  OK(pread_bytes(fd, buffer, 20, 0, &size));
  EQUAL(size, 9);
  SAME_BYTES(buffer, "0123\0\0\0\0\0", 9);
  OK(sys_fd_filestat_set_size(fd, 0));
  EQUAL(filestat_of(fd).size, 0);
  /* Sparse: a size beyond what is kept in memory. */
  OK(sys_fd_filestat_set_size(fd, 1ull << 30));
  EQUAL(filestat_of(fd).size, 1ull << 30);
  OK(pread_bytes(fd, buffer, 8, (1ull << 30) - 4, &size));
  EQUAL(size, 4);
  SAME_BYTES(buffer, "\0\0\0\0", 4);
  OK(sys_fd_filestat_set_size(fd, 5));
  EQUAL(filestat_of(fd).size, 5);
  ANSWERS(sys_fd_filestat_set_size(fd, 1ull << 63), INVAL, FBIG, OVERFLOW);
  ANSWERS(sys_fd_filestat_set_size(fd, UINT64_MAX), INVAL, FBIG, OVERFLOW);
  EQUAL(filestat_of(fd).size, 5);
  OK(sys_fd_close(fd));
  fd = OPEN(dir, "file", 0, RIGHT(FD_READ));
  ANSWERS(sys_fd_filestat_set_size(fd, 1), BADF, NOTCAPABLE, INVAL, ACCES);
  OK(sys_fd_close(fd));
  HOLDS(file_holds(dir, "file", "") == false);
}

/* Where allocation is not offered the host says NOTSUP; what is offered never shrinks or erases. */
static void allocate(fd_t dir) {
  make_file(dir, "allocated", "0123456789");
  fd_t fd = OPEN(dir, "allocated", 0, FILE_RIGHTS);
  errno_of_call code = sys_fd_allocate(fd, 0, 20);
  ANSWERS_FOR("fd_allocate", code, SUCCESS, NOTSUP);
  if (code == 0) {
    EQUAL(filestat_of(fd).size, 20);
    OK(sys_fd_allocate(fd, 2, 4));
    EQUAL(filestat_of(fd).size, 20);
    OK(sys_fd_allocate(fd, 18, 10));
    EQUAL(filestat_of(fd).size, 28);
    OK(pread_bytes(fd, buffer, 28, 0, &size));
    EQUAL(size, 28);
    SAME_BYTES(buffer, "0123456789\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 28);
    ANSWERS(sys_fd_allocate(fd, UINT64_MAX, 2), INVAL, FBIG, OVERFLOW, NOSPC);
    ANSWERS(sys_fd_allocate(fd, 1ull << 62, 1ull << 62), INVAL, FBIG, OVERFLOW, NOSPC);
    ANSWERS(sys_fd_allocate(fd, 0, UINT64_MAX), INVAL, FBIG, OVERFLOW, NOSPC);
    ANSWERS(sys_fd_allocate(fd, 0, 0), INVAL, SUCCESS);
    EQUAL(filestat_of(fd).size, 28);
  } else {
    HOLDS(file_holds(dir, "allocated", "0123456789"));
  }
  OK(sys_fd_close(fd));
  fd = OPEN(dir, "allocated", 0, RIGHT(FD_READ));
  ANSWERS(sys_fd_allocate(fd, 0, 100), BADF, NOTCAPABLE, NOTSUP, ACCES);
  OK(sys_fd_close(fd));
}

static void advise(fd_t dir) {
  make_file(dir, "advised", "0123456789");
  fd_t fd = OPEN(dir, "advised", 0, FILE_RIGHTS);
  for (uint32_t advice = 0; advice < 6; advice++) OK(sys_fd_advise(fd, 2, 5, advice));
  OK(sys_fd_advise(fd, 0, 0, 0));
  OK(sys_fd_advise(fd, 1000, 1000, 3));
  static const uint32_t unknown[] = {6, 7, 255};
  for (uint32_t i = 0; i < 3; i++) HOSTILE(sys_fd_advise(fd, 0, 0, unknown[i]), INVAL);
  ANSWERS(sys_fd_advise(fd, UINT64_MAX, UINT64_MAX, 0), SUCCESS, INVAL, OVERFLOW);
  HOLDS(file_holds(dir, "advised", "0123456789"));
  OK(sys_fd_close(fd));
}

static void truncating_open(fd_t dir) {
  make_file(dir, "file", "0123456789");
  fd_t keeps = OPEN(dir, "file", 0, FILE_RIGHTS);
  uint64_t position;
  OK(sys_fd_seek(keeps, 6, 0, &position));
  fd_t cuts = OPEN(dir, "file", TRUNC, FILE_RIGHTS);
  EQUAL(filestat_of(keeps).size, 0);
  OK(read_bytes(keeps, buffer, 4, &size));
  EQUAL(size, 0);
  OK(write_bytes(cuts, "ab", 2, &size));
  OK(write_bytes(keeps, "X", 1, &size));
  EQUAL(filestat_of(cuts).size, 7);
  OK(pread_bytes(cuts, buffer, 10, 0, &size));
  EQUAL(size, 7);
  SAME_BYTES(buffer, "ab\0\0\0\0X", 7);
  OK(sys_fd_close(keeps));
  OK(sys_fd_close(cuts));
  /* Truncating wants no right of the new descriptor, only the directory's. */
  fd_t none = OPEN(dir, "file", TRUNC, 0);
  OK(sys_fd_close(none));
  HOLDS(file_holds(dir, "file", ""));
  fd_t fd = CLOSED_FD;
  ANSWERS(sys_path_open(dir, 0, P("missing"), TRUNC, FILE_RIGHTS, 0, 0, &fd), NOENT);
  HOLDS(!exists(dir, "missing"));
}

int main(void) {
  fd_t dir = scratch("file-size");
  set_size(dir);
  allocate(dir);
  advise(dir);
  truncating_open(dir);
  return finish();
}
