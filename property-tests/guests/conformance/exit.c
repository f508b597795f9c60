/* proc_exit: nothing runs after it. cases.json runs this with several codes; without one it exits with 0. */
#include "check.h"

static void deeper(uint32_t depth, uint32_t code) {
  volatile uint32_t here = depth;
  if (here == 0) sys_proc_exit(code);
  deeper(here - 1, code);
  say_bytes("FAIL code ran after proc_exit\n", 30);
}

__attribute__((destructor)) static void at_exit(void) {
  say_bytes("FAIL a destructor ran after proc_exit\n", 38);
}

int main(void) {
  static char *pointers[8];
  static char strings[256];
  uint32_t count = 0, size = 0, code = 0;
  OK(sys_args_sizes_get(&count, &size));
  HOLDS(count <= 8 && size <= 256);
  OK(sys_args_get(pointers, strings));
  if (count > 1)
    for (const char *at = pointers[1]; *at != 0; at++) code = code * 10 + (uint32_t)(*at - '0');
  finish();
  deeper(20, code);
  return 99;
}
