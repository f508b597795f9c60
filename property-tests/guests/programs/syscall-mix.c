/* syscall-mix N [FILE]: N rounds of one 64-byte write, one 64-byte read back and one clock read, on one open
 * file. The calls are the imports themselves, so that the figure is the kernel's and not libc's. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <wasi/api.h>

int main(int argc, char **argv) {
  unsigned rounds = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : 1000;
  int fd = open(argc > 2 ? argv[2] : "/syscall-mix", O_RDWR | O_CREAT | O_TRUNC, 0666);
  if (fd < 0) return perror("syscall-mix"), 1;
  uint8_t out[64], in[64];
  for (unsigned i = 0; i < 64; i++) out[i] = (uint8_t)i;
  __wasi_ciovec_t from = {out, 64};
  __wasi_iovec_t to = {in, 64};
  unsigned long sum = 0;
  for (unsigned i = 0; i < rounds; i++) {
    __wasi_size_t size;
    __wasi_timestamp_t time;
    __wasi_filesize_t offset = i % 1024 * 64;
    out[0] = (uint8_t)i;
    if (__wasi_fd_pwrite(fd, &from, 1, offset, &size) != 0 || size != 64)
      return fprintf(stderr, "write\n"), 1;
    if (__wasi_fd_pread(fd, &to, 1, offset, &size) != 0 || size != 64) return fprintf(stderr, "read\n"), 1;
    if (__wasi_clock_time_get(__WASI_CLOCKID_MONOTONIC, 1, &time) != 0) return fprintf(stderr, "clock\n"), 1;
    sum += in[0] + in[63];
  }
  printf("%u rounds, sum %lu\n", rounds, sum);
  return 0;
}
