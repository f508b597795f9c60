/* sock_accept, sock_recv, sock_send, sock_shutdown on what is not a socket. */
#include "check.h"

static char bytes[8];

static void check_each(fd_t fd, const char *label, bool open) {
  iovec part = {bytes, sizeof bytes};
  uint32_t size = 0, accepted = 0;
  uint16_t flags = 0;
  errno_of_call codes[6] = {
      sys_sock_shutdown(fd, 1),
      sys_sock_shutdown(fd, 2),
      sys_sock_shutdown(fd, 3),
      sys_sock_recv(fd, &part, 1, 0, &size, &flags),
      sys_sock_send(fd, &part, 1, 0, &size),
      sys_sock_accept(fd, 0, &accepted),
  };
  for (uint32_t i = 0; i < 6; i++) {
    if (open)
      ANSWERS_FOR(label, codes[i], NOTSOCK);
    else
      ANSWERS_FOR(label, codes[i], BADF);
  }
}

int main(void) {
  fd_t dir = scratch("sockets");
  make_file(dir, "file", "content");
  fd_t file = OPEN(dir, "file", 0, FILE_RIGHTS);
  check_each(PREOPEN, "socket call on the preopen", true);
  check_each(dir, "socket call on a directory", true);
  check_each(file, "socket call on a file", true);
  check_each(CLOSED_FD, "socket call on a closed descriptor", false);
  check_each(0xffffffff, "socket call on descriptor -1", false);
  /* The refused send wrote nothing, the refused shutdown closed nothing. */
  HOLDS(file_holds(dir, "file", "content"));
  OK(sys_fd_close(file));
  check_each(file, "socket call on a descriptor just closed", false);
  HOSTILE(sys_sock_shutdown(PREOPEN, 0), NOTSOCK, INVAL);
  HOSTILE(sys_sock_shutdown(PREOPEN, 0xf0), NOTSOCK, INVAL);
  return finish();
}
