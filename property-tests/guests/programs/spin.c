/* spin [quiet]: never ends and makes no system call after its first line. */
#include <stdio.h>

static volatile unsigned turns;

__attribute__((noinline)) static void turn(void) {
  for (unsigned i = 0; i < 1000000; i++) turns += i;
}

int main(void) {
  printf("spinning\n");
  fflush(stdout);
  for (;;) turn();
}
