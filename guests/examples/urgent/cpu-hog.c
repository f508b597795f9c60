/* cpu-hog ROUNDS: calculates, and never waits; with 0 for ever. Its number depends on nothing but the rounds. Given: nothing. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv) {
  uint64_t rounds = argc > 1 ? strtoull(argv[1], NULL, 10) : 0;
  uint64_t word = 88172645463325252u;
  for (uint64_t round = 1; round != rounds + (rounds == 0); round++) {
    word ^= word << 13;
    word ^= word >> 7;
    word ^= word << 17;
  }
  printf("cpu-hog: %" PRIx64 "\n", word);
  return 0;
}
