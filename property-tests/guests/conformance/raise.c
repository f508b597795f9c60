/* proc_raise: gone from later snapshots, so a host may say it has none; it may not pretend.
 * A signal that ends a process is sent only with an argument (cases.json): then the exit code is 128 +
 * signal. */
#include "check.h"

int main(void) {
  uint32_t count = 0, size = 0;
  OK(sys_args_sizes_get(&count, &size));
  static const uint32_t unknown[] = {31, 255};
  for (uint32_t i = 0; i < 2; i++) HOSTILE(sys_proc_raise(unknown[i]), INVAL, NOSYS, NOTSUP);
  if (count > 1) {
    finish();
    ANSWERS(sys_proc_raise(6), NOSYS, NOTSUP);
    if (failure_count == 0) sys_proc_exit(128 + 6);
  }
  return finish();
}
