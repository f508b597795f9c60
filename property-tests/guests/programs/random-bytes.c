/* random-bytes N: N random bytes in hexadecimal, 32 to a line. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int main(int argc, char **argv) {
  unsigned count = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : 32;
  unsigned char bytes[32];
  while (count > 0) {
    unsigned size = count < 32 ? count : 32;
    if (getentropy(bytes, size) != 0) return perror("random-bytes"), 1;
    for (unsigned i = 0; i < size; i++) printf("%02x", bytes[i]);
    printf("\n");
    count -= size;
  }
  return 0;
}
