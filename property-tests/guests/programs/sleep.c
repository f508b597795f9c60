/* sleep MS: sleeps, and prints how long by the monotonic clock. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

int main(int argc, char **argv) {
  long ms = argc > 1 ? atol(argv[1]) : 1000;
  struct timespec pause = {ms / 1000, ms % 1000 * 1000000}, before, after;
  clock_gettime(CLOCK_MONOTONIC, &before);
  if (nanosleep(&pause, NULL) != 0) return perror("sleep"), 1;
  clock_gettime(CLOCK_MONOTONIC, &after);
  long long slept = (after.tv_sec - before.tv_sec) * 1000000000ll + (after.tv_nsec - before.tv_nsec);
  printf("slept %lld ms\n", slept / 1000000);
  return slept + 1000000 < ms * 1000000ll;
}
