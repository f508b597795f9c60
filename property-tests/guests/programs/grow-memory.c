/* grow-memory [MAX_MIB]: allocates mebibytes, touching each, until there are no more; prints how many. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(int argc, char **argv) {
  unsigned long max = argc > 1 ? strtoul(argv[1], NULL, 10) : 4096, count = 0;
  char *last = NULL;
  while (count < max) {
    char *block = malloc(1 << 20);
    if (block == NULL) break;
    memset(block, (int)count, 4096);
    *(char **)(block + 4096) = last;
    last = block;
    count++;
  }
  unsigned long wrong = 0;
  for (unsigned long at = count; at-- > 0; last = *(char **)(last + 4096))
    if (last[0] != (char)at) wrong++;
  printf("allocated %lu MiB, %lu of them wrong\n", count, wrong);
  return wrong != 0;
}
