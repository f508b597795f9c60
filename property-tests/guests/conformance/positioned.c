/* fd_pread, fd_pwrite: the position of the descriptor stays out of it. */
#include "check.h"

static char buffer[64];

static uint64_t tell(fd_t fd) {
  uint64_t position = UINT64_MAX;
  OK(sys_fd_tell(fd, &position));
  return position;
}

int main(void) {
  fd_t dir = scratch("positioned");
  fd_t fd = OPEN(dir, "file", CREAT, FILE_RIGHTS);
  uint32_t size = 99;
  uint64_t position;
  OK(pwrite_bytes(fd, "hello", 5, 0, &size));
  EQUAL(size, 5);
  EQUAL(tell(fd), 0);
  OK(pwrite_bytes(fd, "LL", 2, 2, &size));
  HOLDS(file_holds(dir, "file", "heLLo"));
  OK(sys_fd_seek(fd, 3, 0, &position));
  OK(pread_bytes(fd, buffer, 4, 1, &size));
  EQUAL(size, 4);
  SAME_BYTES(buffer, "eLLo", 4);
  EQUAL(tell(fd), 3);
  OK(read_bytes(fd, buffer, 1, &size));
  SAME_BYTES(buffer, "L", 1);

  /* Short at the end, nothing at and past it. */
  OK(pread_bytes(fd, buffer, 10, 3, &size));
  EQUAL(size, 2);
  OK(pread_bytes(fd, buffer, 10, 5, &size));
  EQUAL(size, 0);
  OK(pread_bytes(fd, buffer, 10, 1ull << 40, &size));
  EQUAL(size, 0);
  OK(pread_bytes(fd, buffer, 0, 0, &size));
  EQUAL(size, 0);
  OK(sys_fd_pread(fd, NULL, 0, 0, &size));
  EQUAL(size, 0);

  /* Nothing written past the end does not extend. */
  OK(pwrite_bytes(fd, "", 0, 100, &size));
  EQUAL(size, 0);
  EQUAL(filestat_of(fd).size, 5);
  OK(sys_fd_pwrite(fd, NULL, 0, 100, &size));
  EQUAL(filestat_of(fd).size, 5);

  /* A hole reads as zeros. */
  OK(pwrite_bytes(fd, "end", 3, 20, &size));
  EQUAL(filestat_of(fd).size, 23);
  memset(buffer, '.', sizeof buffer);
  OK(pread_bytes(fd, buffer, 40, 0, &size));
  EQUAL(size, 23);
  SAME_BYTES(buffer, "heLLo\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0end..", 25);
  OK(pread_bytes(fd, buffer, 4, 10, &size));
  EQUAL(size, 4);
  SAME_BYTES(buffer, "\0\0\0\0", 4);

  /* Vectors. */
  iovec out[3] = {{"ab", 2}, {"", 0}, {"cd", 2}};
  OK(sys_fd_pwrite(fd, out, 3, 6, &size));
  EQUAL(size, 4);
  char left[3] = "..", right[3] = "..";
  iovec in[2] = {{left, 2}, {right, 2}};
  OK(sys_fd_pread(fd, in, 2, 6, &size));
  EQUAL(size, 4);
  SAME_BYTES(left, "ab", 2);
  SAME_BYTES(right, "cd", 2);

  /* Offsets no file can have. */
  static const uint64_t beyond[] = {1ull << 63, UINT64_MAX, UINT64_MAX - 2, INT64_MAX};
  for (uint32_t i = 0; i < 4; i++)
    ANSWERS(pwrite_bytes(fd, "xyz", 3, beyond[i], &size), INVAL, FBIG, OVERFLOW, NOSPC);
  for (uint32_t i = 0; i < 3; i++) {
    size = 0;
    ANSWERS(pread_bytes(fd, buffer, 8, beyond[i], &size), INVAL, OVERFLOW, SUCCESS);
    EQUAL(size, 0);
  }
  EQUAL(filestat_of(fd).size, 23);
  EQUAL(tell(fd), 4);
  OK(sys_fd_close(fd));

  /* Without the right; pread wants FD_SEEK too in the specification, which most hosts do not insist on. */
  fd_t reader = OPEN(dir, "file", 0, RIGHT(FD_READ) | RIGHT(FD_SEEK));
  ANSWERS(pwrite_bytes(reader, "x", 1, 0, &size), BADF, NOTCAPABLE, ACCES);
  OK(pread_bytes(reader, buffer, 2, 0, &size));
  OK(sys_fd_close(reader));
  fd_t writer = OPEN(dir, "file", 0, RIGHT(FD_WRITE) | RIGHT(FD_SEEK));
  ANSWERS(pread_bytes(writer, buffer, 1, 0, &size), BADF, NOTCAPABLE, ACCES);
  OK(pwrite_bytes(writer, "H", 1, 0, &size));
  OK(sys_fd_close(writer));
  return finish();
}
