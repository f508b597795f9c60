/* clock_res_get, clock_time_get, sched_yield. */
#include "check.h"

#define REALTIME 0u
#define MONOTONIC 1u

static void check_clock(uint32_t id) {
  uint64_t resolution = 0, first = 0, then = 0;
  OK(sys_clock_res_get(id, &resolution));
  HOLDS(resolution > 0);
  HOLDS(resolution <= 1000000000);
  OK(sys_clock_time_get(id, 0, &first));
  HOLDS(first > 0);
  static const uint64_t precisions[] = {0, 1, 1000, 1000000000, UINT64_MAX};
  for (uint32_t i = 0; i < 5; i++) {
    OK(sys_clock_time_get(id, precisions[i], &then));
    if (id == MONOTONIC) HOLDS(then >= first);
    first = then;
  }
}

/* A process or thread clock may be missing, but then for both calls and by name. */
static void check_optional_clock(uint32_t id) {
  uint64_t resolution = 0, first = 0, then = 0;
  bool there = ANSWERS(sys_clock_time_get(id, 0, &first), SUCCESS, NOTSUP, INVAL, BADF) &&
               sys_clock_time_get(id, 0, &first) == 0;
  ANSWERS(sys_clock_res_get(id, &resolution), SUCCESS, NOTSUP, INVAL, BADF);
  if (!there) return;
  volatile uint32_t work = 0;
  for (uint32_t i = 0; i < 2000000; i++) work += i;
  OK(sys_clock_time_get(id, 0, &then));
  HOLDS(then >= first);
}

int main(void) {
  check_clock(REALTIME);
  check_clock(MONOTONIC);
  check_optional_clock(2);
  check_optional_clock(3);

  uint64_t time = 77;
  static const uint32_t unknown[] = {4, 5, 255, 0x7fffffff, 0xffffffff};
  for (uint32_t i = 0; i < 5; i++) {
    HOSTILE(sys_clock_time_get(unknown[i], 0, &time), INVAL);
    HOSTILE(sys_clock_res_get(unknown[i], &time), INVAL);
  }
  EQUAL(time, 77);
  HOSTILE(sys_clock_time_get(REALTIME, 0, (void *)0xfffffffc), FAULT);
  HOSTILE(sys_clock_res_get(MONOTONIC, (void *)0xfffffffc), FAULT);

  uint64_t last = now(MONOTONIC);
  bool ordered = true;
  for (uint32_t i = 0; i < 1000; i++) {
    uint64_t next = now(MONOTONIC);
    if (next < last) ordered = false;
    last = next;
  }
  HOLDS(ordered);
  for (uint32_t i = 0; i < 10; i++) OK(sys_sched_yield());
  HOLDS(now(MONOTONIC) >= last);
  return finish();
}
