/* fd_read, fd_write: vectors, ends of files, positions. */
#include "check.h"

static char buffer[64];

static void vectors(fd_t dir) {
  fd_t fd = OPEN(dir, "vectors", CREAT, FILE_RIGHTS);
  uint32_t size = 99;
  uint64_t position;
  iovec none = {buffer, 0};
  OK(sys_fd_write(fd, NULL, 0, &size));
  EQUAL(size, 0);
  OK(sys_fd_write(fd, &none, 1, &size));
  EQUAL(size, 0);
  EQUAL(filestat_of(fd).size, 0);
  iovec words[5] = {{"one", 3}, {"", 0}, {"-two-", 5}, {"", 0}, {"three", 5}};
  uint32_t total = 0;
  while (total == 0) {
    OK(sys_fd_write(fd, words, 5, &size));
    if (size == 0) break;
    total += size;
  }
  EQUAL(total, 13);
  OK(sys_fd_tell(fd, &position));
  EQUAL(position, 13);
  HOLDS(file_holds(dir, "vectors", "one-two-three"));

  OK(sys_fd_seek(fd, 0, 0, &position));
  memset(buffer, '.', sizeof buffer);
  iovec pieces[4] = {{buffer, 2}, {buffer + 10, 0}, {buffer + 20, 3}, {buffer + 30, 20}};
  OK(sys_fd_read(fd, pieces, 4, &size));
  EQUAL(size, 13);
  SAME_BYTES(buffer, "on......", 8);
  SAME_BYTES(buffer + 19, ".e-t.", 5);
  SAME_BYTES(buffer + 30, "wo-three..", 10);
  OK(sys_fd_tell(fd, &position));
  EQUAL(position, 13);

  /* Overlapping buffers are filled in order. */
  OK(sys_fd_seek(fd, 0, 0, &position));
  memset(buffer, '.', sizeof buffer);
  iovec overlapping[2] = {{buffer, 8}, {buffer + 4, 5}};
  OK(sys_fd_read(fd, overlapping, 2, &size));
  EQUAL(size, 13);
  SAME_BYTES(buffer, "one-three...", 12);

  /* The answer's own word may lie in the buffer: it is written last. */
  OK(sys_fd_seek(fd, 0, 0, &position));
  uint32_t shared[4] = {0};
  iovec into = {shared, 4};
  OK(sys_fd_read(fd, &into, 1, shared));
  EQUAL(shared[0], 4);
  OK(sys_fd_close(fd));
}

static void ends(fd_t dir) {
  make_file(dir, "ends", "abc");
  fd_t fd = OPEN(dir, "ends", 0, FILE_RIGHTS);
  uint32_t size = 99;
  uint64_t position;
  memset(buffer, '.', sizeof buffer);
  OK(read_bytes(fd, buffer, 10, &size));
  EQUAL(size, 3);
  SAME_BYTES(buffer, "abc.......", 10);
  OK(read_bytes(fd, buffer, 10, &size));
  EQUAL(size, 0);
  OK(sys_fd_seek(fd, 1000, 0, &position));
  OK(read_bytes(fd, buffer, 10, &size));
  EQUAL(size, 0);
  OK(sys_fd_tell(fd, &position));
  EQUAL(position, 1000);
  EQUAL(filestat_of(fd).size, 3);
  OK(sys_fd_seek(fd, 0, 0, &position));
  OK(sys_fd_read(fd, NULL, 0, &size));
  EQUAL(size, 0);
  iovec none = {buffer, 0};
  OK(sys_fd_read(fd, &none, 1, &size));
  EQUAL(size, 0);
  /* Overwriting the middle keeps the rest. */
  OK(sys_fd_seek(fd, 1, 0, &position));
  OK(write_bytes(fd, "X", 1, &size));
  HOLDS(file_holds(dir, "ends", "aXc"));
  OK(write_bytes(fd, "YZ", 2, &size));
  HOLDS(file_holds(dir, "ends", "aXYZ"));
  OK(sys_fd_close(fd));
}

static void two_descriptors(fd_t dir) {
  make_file(dir, "shared", "0123456789");
  fd_t first = OPEN(dir, "shared", 0, FILE_RIGHTS);
  fd_t second = OPEN(dir, "shared", 0, FILE_RIGHTS);
  HOLDS(first != second);
  uint32_t size;
  uint64_t position;
  OK(read_bytes(first, buffer, 4, &size));
  OK(sys_fd_tell(second, &position));
  EQUAL(position, 0);
  OK(write_bytes(second, "ABCDEF", 6, &size));
  OK(read_bytes(first, buffer, 4, &size));
  EQUAL(size, 4);
  SAME_BYTES(buffer, "EF67", 4);
  OK(sys_fd_close(first));
  OK(write_bytes(second, "!", 1, &size));
  OK(sys_fd_close(second));
  HOLDS(file_holds(dir, "shared", "ABCDEF!789"));
}

static void big_transfer(fd_t dir) {
  static uint8_t out[300000], in[300000];
  for (uint32_t i = 0; i < sizeof out; i++) out[i] = (uint8_t)(i * 31 + (i >> 8) * 7);
  fd_t fd = OPEN(dir, "big", CREAT, FILE_RIGHTS);
  uint32_t total = 0, size = 0;
  uint64_t position;
  do {
    if (!OK(write_bytes(fd, out + total, sizeof out - total, &size)) || size == 0) break;
    total += size;
  } while (total < sizeof out);
  EQUAL(total, sizeof out);
  EQUAL(filestat_of(fd).size, sizeof out);
  OK(sys_fd_seek(fd, 0, 0, &position));
  total = 0;
  do {
    if (!OK(read_bytes(fd, in + total, sizeof in - total, &size)) || size == 0) break;
    total += size;
  } while (total < sizeof in);
  EQUAL(total, sizeof in);
  SAME_BYTES(in, out, sizeof in);
  OK(sys_fd_sync(fd));
  OK(sys_fd_datasync(fd));
  OK(sys_fd_close(fd));
}

static void without_the_right(fd_t dir) {
  make_file(dir, "rights", "abc");
  uint32_t size;
  fd_t reader = OPEN(dir, "rights", 0, RIGHT(FD_READ));
  ANSWERS(write_bytes(reader, "x", 1, &size), BADF, NOTCAPABLE, ACCES);
  OK(read_bytes(reader, buffer, 3, &size));
  EQUAL(size, 3);
  fd_t writer = OPEN(dir, "rights", 0, RIGHT(FD_WRITE));
  ANSWERS(read_bytes(writer, buffer, 1, &size), BADF, NOTCAPABLE, ACCES);
  OK(write_bytes(writer, "x", 1, &size));
  OK(sys_fd_close(reader));
  OK(sys_fd_close(writer));
  HOLDS(file_holds(dir, "rights", "xbc"));
}

int main(void) {
  fd_t dir = scratch("read-write");
  vectors(dir);
  ends(dir);
  two_descriptors(dir);
  big_transfer(dir);
  without_the_right(dir);
  return finish();
}
