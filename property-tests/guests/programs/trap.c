/* trap [KIND]: ends in a WebAssembly trap, four named functions deep. Names are kept for the backtrace.
 * KIND: unreachable (the default), divide, memory, indirect. */
#include <stdio.h>
#include <string.h>

#define KEEP __attribute__((noinline, optnone))

static volatile int zero = 0;
static int (*volatile wrong_type)(int);

static int no_arguments(void) { return 1; }

KEEP static int innermost(const char *kind) {
  if (strcmp(kind, "divide") == 0) return 1 / zero;
  if (strcmp(kind, "memory") == 0) return *(volatile int *)0xfffffff0;
  if (strcmp(kind, "indirect") == 0) {
    int (*volatile function)(void) = no_arguments;
    wrong_type = (int (*)(int))function;
    return wrong_type(1);
  }
  __builtin_trap();
}

KEEP static int third(const char *kind) { return innermost(kind) + 3; }
KEEP static int second(const char *kind) { return third(kind) + 2; }
KEEP static int first(const char *kind) { return second(kind) + 1; }

int main(int argc, char **argv) {
  printf("about to trap\n");
  fflush(stdout);
  return first(argc > 1 ? argv[1] : "unreachable");
}
