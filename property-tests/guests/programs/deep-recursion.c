/* deep-recursion [N]: recurses N deep and prints a sum; without N, for ever (until the host ends it).
 * The frames live on the host's stack: each function keeps almost nothing in linear memory. */
#include <stdio.h>
#include <stdlib.h>

__attribute__((noinline)) static unsigned odd(unsigned depth, unsigned limit);

__attribute__((noinline)) static unsigned even(unsigned depth, unsigned limit) {
  return depth == limit ? 0 : depth ^ odd(depth + 1, limit) * 3;
}

__attribute__((noinline)) static unsigned odd(unsigned depth, unsigned limit) {
  return depth == limit ? 1 : depth + even(depth + 1, limit) * 5;
}

int main(int argc, char **argv) {
  unsigned limit = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : 0xffffffff;
  printf("recursing\n");
  fflush(stdout);
  printf("%u\n", even(0, limit));
  return 0;
}
