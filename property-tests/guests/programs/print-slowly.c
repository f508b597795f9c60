/* print-slowly N [WORK]: N numbered lines, each with a checksum of all work so far, so that a lost, doubled
 * or changed step shows. WORK is rounds of computing between two lines (default 200000). */
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv) {
  unsigned count = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : 100;
  unsigned work = argc > 2 ? (unsigned)strtoul(argv[2], NULL, 10) : 200000;
  unsigned state = 2463534242u;
  setvbuf(stdout, NULL, _IOLBF, 0);
  for (unsigned i = 1; i <= count; i++) {
    for (unsigned round = 0; round < work; round++) {
      state ^= state << 13;
      state ^= state >> 17;
      state ^= state << 5;
    }
    printf("%u %08x\n", i, state);
  }
  return 0;
}
