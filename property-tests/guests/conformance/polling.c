/* poll_oneoff: clocks, descriptors, both, and what is refused. */
#include "check.h"

#define REALTIME 0u
#define MONOTONIC 1u
#define ABSTIME 1u
#define MILLISECOND 1000000ull

typedef __wasi_subscription_t subscription;
typedef __wasi_event_t event;

static subscription clock_sub(uint64_t userdata, uint32_t id, uint64_t timeout, uint16_t flags) {
  subscription out;
  memset(&out, 0, sizeof out);
  out.userdata = userdata;
  out.u.tag = __WASI_EVENTTYPE_CLOCK;
  out.u.u.clock.id = id;
  out.u.u.clock.timeout = timeout;
  out.u.u.clock.flags = flags;
  return out;
}

static subscription fd_sub(uint64_t userdata, uint8_t tag, fd_t fd) {
  subscription out;
  memset(&out, 0, sizeof out);
  out.userdata = userdata;
  out.u.tag = tag;
  out.u.u.fd_read.file_descriptor = fd;
  return out;
}

static event events[16];

static const event *event_of(uint32_t count, uint64_t userdata) {
  for (uint32_t i = 0; i < count; i++)
    if (events[i].userdata == userdata) return &events[i];
  return NULL;
}

static void relative_timeouts(void) {
  static const uint64_t timeouts[] = {0, 1, MILLISECOND, 20 * MILLISECOND};
  for (uint32_t id = REALTIME; id <= MONOTONIC; id++) {
    for (uint32_t i = 0; i < 4; i++) {
      subscription one = clock_sub(0xfedcba9876543210, id, timeouts[i], 0);
      uint32_t count = 99;
      uint64_t before = now(MONOTONIC);
      memset(events, 0xff, sizeof events);
      OK(sys_poll_oneoff(&one, events, 1, &count));
      uint64_t waited = now(MONOTONIC) - before;
      EQUAL(count, 1);
      EQUAL(events[0].userdata, 0xfedcba9876543210);
      EQUAL(events[0].error, 0);
      EQUAL(events[0].type, __WASI_EVENTTYPE_CLOCK);
      /* libuv counts whole milliseconds and may wake early within one. */
      HOLDS(waited + MILLISECOND >= timeouts[i]);
    }
  }
}

static void absolute_timeouts(void) {
  for (uint32_t id = REALTIME; id <= MONOTONIC; id++) {
    uint32_t count = 0;
    subscription past = clock_sub(1, id, 1, ABSTIME);
    uint64_t before = now(MONOTONIC);
    OK(sys_poll_oneoff(&past, events, 1, &count));
    EQUAL(count, 1);
    EQUAL(events[0].userdata, 1);
    HOLDS(now(MONOTONIC) - before < 10000 * MILLISECOND);
    uint64_t until = now(id) + 20 * MILLISECOND;
    subscription future = clock_sub(2, id, until, ABSTIME);
    OK(sys_poll_oneoff(&future, events, 1, &count));
    EQUAL(count, 1);
    HOLDS(now(id) + MILLISECOND >= until);
  }
}

static void several_clocks(void) {
  uint32_t count = 0;
  subscription two[2] = {clock_sub(1, MONOTONIC, 3600000 * MILLISECOND, 0),
                         clock_sub(2, MONOTONIC, 5 * MILLISECOND, 0)};
  OK(sys_poll_oneoff(two, events, 2, &count));
  EQUAL(count, 1);
  EQUAL(events[0].userdata, 2);
  subscription forever_and_short[2] = {clock_sub(1, MONOTONIC, UINT64_MAX, 0),
                                       clock_sub(2, MONOTONIC, MILLISECOND, 0)};
  OK(sys_poll_oneoff(forever_and_short, events, 2, &count));
  EQUAL(count, 1);
  EQUAL(events[0].userdata, 2);
}

static void descriptors(fd_t dir) {
  uint32_t count = 0;
  make_file(dir, "data", "0123456789");
  fd_t fd = OPEN(dir, "data", 0, FILE_RIGHTS);
  subscription readable = fd_sub(7, __WASI_EVENTTYPE_FD_READ, fd);
  OK(sys_poll_oneoff(&readable, events, 1, &count));
  EQUAL(count, 1);
  EQUAL(events[0].userdata, 7);
  EQUAL(events[0].error, 0);
  EQUAL(events[0].type, __WASI_EVENTTYPE_FD_READ);
  subscription writable = fd_sub(8, __WASI_EVENTTYPE_FD_WRITE, fd);
  OK(sys_poll_oneoff(&writable, events, 1, &count));
  EQUAL(count, 1);
  EQUAL(events[0].userdata, 8);
  EQUAL(events[0].error, 0);
  EQUAL(events[0].type, __WASI_EVENTTYPE_FD_WRITE);
  subscription both[2] = {readable, writable};
  OK(sys_poll_oneoff(both, events, 2, &count));
  /* At least one of what is ready is told; it need not be all. */
  HOLDS(count == 1 || count == 2);
  HOLDS(event_of(count, 7) != NULL || event_of(count, 8) != NULL);
  /* A file at its end is ready: a read answers at once. */
  uint64_t position;
  OK(sys_fd_seek(fd, 0, 2, &position));
  OK(sys_poll_oneoff(&readable, events, 1, &count));
  EQUAL(count, 1);
  EQUAL(events[0].error, 0);
  /* What is ready does not wait for the clock. */
  subscription with_clock[2] = {clock_sub(1, MONOTONIC, 3600000 * MILLISECOND, 0), readable};
  OK(sys_poll_oneoff(with_clock, events, 2, &count));
  EQUAL(count, 1);
  EQUAL(events[0].userdata, 7);
  /* Standard output takes bytes. */
  subscription output[2] = {fd_sub(1, __WASI_EVENTTYPE_FD_WRITE, 1), fd_sub(2, __WASI_EVENTTYPE_FD_WRITE, 2)};
  OK(sys_poll_oneoff(output, events, 2, &count));
  HOLDS(count >= 1);
  EQUAL(events[0].error, 0);
  EQUAL(events[0].type, __WASI_EVENTTYPE_FD_WRITE);
  OK(sys_fd_close(fd));
}

/* A closed descriptor: the call answers BADF, or its event does. */
static void check_bad_descriptor(uint8_t tag) {
  uint32_t count = 0;
  subscription bad = fd_sub(5, tag, CLOSED_FD);
  memset(events, 0, sizeof events);
  errno_of_call code = sys_poll_oneoff(&bad, events, 1, &count);
  ANSWERS_FOR("polling a closed descriptor", code, SUCCESS, BADF);
  if (code == 0) {
    EQUAL(count, 1);
    EQUAL(events[0].error, __WASI_ERRNO_BADF);
    EQUAL(events[0].userdata, 5);
  }
}

static void refusals(void) {
  uint32_t count = 55;
  subscription one = clock_sub(1, MONOTONIC, 0, 0);
  ANSWERS(sys_poll_oneoff(&one, events, 0, &count), INVAL);
  check_bad_descriptor(__WASI_EVENTTYPE_FD_READ);
  check_bad_descriptor(__WASI_EVENTTYPE_FD_WRITE);
#ifndef TAME
  subscription unknown_clock = clock_sub(1, 77, 0, 0);
  errno_of_call code = sys_poll_oneoff(&unknown_clock, events, 1, &count);
  ANSWERS_FOR("polling an unknown clock", code, SUCCESS, INVAL, NOTSUP, BADF);
  if (code == 0) HOLDS(events[0].error == __WASI_ERRNO_INVAL || events[0].error == __WASI_ERRNO_NOTSUP);
#endif
  subscription unknown_tag = clock_sub(1, MONOTONIC, 0, 0);
  unknown_tag.u.tag = 9;
  HOSTILE(sys_poll_oneoff(&unknown_tag, events, 1, &count), INVAL);
  HOSTILE(sys_poll_oneoff((void *)0xffffffe0, events, 1, &count), FAULT);
  HOSTILE(sys_poll_oneoff(&one, (void *)0xfffffff0, 1, &count), FAULT);
  HOSTILE(sys_poll_oneoff(&one, events, 1, (void *)0xfffffffe), FAULT);
  HOSTILE(sys_poll_oneoff(&one, events, 0x10000000, &count), FAULT, INVAL, NOMEM, OVERFLOW);
}

int main(void) {
  fd_t dir = scratch("polling");
  relative_timeouts();
  absolute_timeouts();
  several_clocks();
  descriptors(dir);
  refusals();
  return finish();
}
