/* fd_seek, fd_tell. */
#include "check.h"

#define SET 0u
#define CUR 1u
#define END 2u

static fd_t fd;

static uint64_t tell(void) {
  uint64_t position = UINT64_MAX;
  OK(sys_fd_tell(fd, &position));
  return position;
}

static uint64_t seek(int64_t offset, uint32_t whence) {
  uint64_t position = UINT64_MAX;
  OK(sys_fd_seek(fd, offset, whence, &position));
  return position;
}

int main(void) {
  fd_t dir = scratch("seeking");
  make_file(dir, "file", "0123456789");
  fd = OPEN(dir, "file", 0, FILE_RIGHTS);
  EQUAL(tell(), 0);
  EQUAL(seek(4, SET), 4);
  EQUAL(seek(0, CUR), 4);
  EQUAL(seek(3, CUR), 7);
  EQUAL(seek(-6, CUR), 1);
  EQUAL(seek(0, END), 10);
  EQUAL(seek(-3, END), 7);
  EQUAL(seek(-10, END), 0);
  EQUAL(seek(5, END), 15);
  EQUAL(tell(), 15);
  EQUAL(filestat_of(fd).size, 10);
  EQUAL(seek(1ll << 32, SET), 1ull << 32);
  EQUAL(seek(1ll << 40, SET), 1ull << 40);
  EQUAL(seek(-1, CUR), (1ull << 40) - 1);
  EQUAL(seek(6, SET), 6);

  uint64_t position = 77;
  ANSWERS(sys_fd_seek(fd, -1, SET, &position), INVAL);
  ANSWERS(sys_fd_seek(fd, -7, CUR, &position), INVAL);
  ANSWERS(sys_fd_seek(fd, -11, END, &position), INVAL);
  ANSWERS(sys_fd_seek(fd, INT64_MIN, SET, &position), INVAL);
  ANSWERS(sys_fd_seek(fd, INT64_MIN, CUR, &position), INVAL);
  ANSWERS(sys_fd_seek(fd, INT64_MIN, END, &position), INVAL);
  ANSWERS(sys_fd_seek(fd, INT64_MAX, CUR, &position), INVAL, OVERFLOW);
  ANSWERS(sys_fd_seek(fd, INT64_MAX, END, &position), INVAL, OVERFLOW);
  for (uint32_t whence = 3; whence < 260; whence += 64) HOSTILE(sys_fd_seek(fd, 0, whence, &position), INVAL);
  EQUAL(tell(), 6);

  /* A seek alone writes nothing; a write after it makes a hole of zeros. */
  uint32_t size;
  char buffer[16];
  EQUAL(seek(14, SET), 14);
  EQUAL(filestat_of(fd).size, 10);
  OK(write_bytes(fd, "end", 3, &size));
  EQUAL(tell(), 17);
  EQUAL(filestat_of(fd).size, 17);
  EQUAL(seek(8, SET), 8);
  OK(read_bytes(fd, buffer, 16, &size));
  EQUAL(size, 9);
  SAME_BYTES(buffer, "89\0\0\0\0end", 9);
  /* The end moves when another descriptor writes. */
  fd_t other = OPEN(dir, "file", 0, FILE_RIGHTS);
  OK(sys_fd_filestat_set_size(other, 5));
  EQUAL(seek(0, END), 5);
  OK(sys_fd_close(other));
  OK(sys_fd_close(fd));

  /* Rights: FD_SEEK to move, FD_SEEK or FD_TELL to ask. */
  fd = OPEN(dir, "file", 0, RIGHT(FD_READ) | RIGHT(FD_TELL));
  EQUAL(tell(), 0);
  OK(sys_fd_close(fd));
  return finish();
}
