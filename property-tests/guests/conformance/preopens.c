/* fd_prestat_get, fd_prestat_dir_name: how a program learns its directories, and what a preopen may do. */
#include "check.h"

int main(void) {
  __wasi_prestat_t prestat;
  memset(&prestat, 0xff, sizeof prestat);
  OK(sys_fd_prestat_get(PREOPEN, &prestat));
  EQUAL(prestat.tag, __WASI_PREOPENTYPE_DIR);
  uint32_t size = prestat.u.dir.pr_name_len;
  HOLDS(size >= 1 && size < 200);
  char name[256];
  memset(name, 0x55, sizeof name);
  OK(sys_fd_prestat_dir_name(PREOPEN, name, size));
  EQUAL(name[size], 0x55);
  HOLDS(memchr(name, 0, size) == NULL);
  if (size == 1) SAME_BYTES(name, "/", 1);
  memset(name, 0x55, sizeof name);
  OK(sys_fd_prestat_dir_name(PREOPEN, name, size + 1));
  EQUAL(name[size + 1], 0x55);
  OK(sys_fd_prestat_dir_name(PREOPEN, name, 200));
  ANSWERS(sys_fd_prestat_dir_name(PREOPEN, name, size - 1), NAMETOOLONG, INVAL);
  ANSWERS(sys_fd_prestat_dir_name(PREOPEN, name, 0), NAMETOOLONG, INVAL);
  /* Standard streams are no preopens. The list ends with BADF, which is how libc finds its end. */
  for (fd_t fd = 0; fd < 3; fd++) {
    ANSWERS(sys_fd_prestat_get(fd, &prestat), BADF, INVAL, NOTSUP);
    ANSWERS(sys_fd_prestat_dir_name(fd, name, sizeof name), BADF, INVAL, NOTDIR, NOTSUP);
  }
  fd_t last = PREOPEN;
  while (last < 50 && sys_fd_prestat_get(last, &prestat) == 0) last++;
  ANSWERS(sys_fd_prestat_get(last, &prestat), BADF);
  /* A directory that is opened later is none. */
  fd_t dir = scratch("preopens");
  ANSWERS(sys_fd_prestat_get(dir, &prestat), BADF, INVAL);

  fdstat stat = fdstat_of(PREOPEN);
  EQUAL(stat.fs_filetype, __WASI_FILETYPE_DIRECTORY);
  EQUAL(stat.fs_flags, 0);
  static const uint64_t base[] = {RIGHT(PATH_CREATE_DIRECTORY),
                                  RIGHT(PATH_CREATE_FILE),
                                  RIGHT(PATH_LINK_SOURCE),
                                  RIGHT(PATH_LINK_TARGET),
                                  RIGHT(PATH_OPEN),
                                  RIGHT(FD_READDIR),
                                  RIGHT(PATH_READLINK),
                                  RIGHT(PATH_RENAME_SOURCE),
                                  RIGHT(PATH_RENAME_TARGET),
                                  RIGHT(PATH_SYMLINK),
                                  RIGHT(PATH_REMOVE_DIRECTORY),
                                  RIGHT(PATH_UNLINK_FILE),
                                  RIGHT(PATH_FILESTAT_GET),
                                  RIGHT(PATH_FILESTAT_SET_TIMES),
                                  RIGHT(FD_FILESTAT_GET),
                                  RIGHT(FD_FILESTAT_SET_TIMES)};
  static const uint64_t handed_on[] = {RIGHT(FD_DATASYNC),      RIGHT(FD_READ),
                                       RIGHT(FD_SEEK),          RIGHT(FD_FDSTAT_SET_FLAGS),
                                       RIGHT(FD_SYNC),          RIGHT(FD_TELL),
                                       RIGHT(FD_WRITE),         RIGHT(FD_ADVISE),
                                       RIGHT(FD_ALLOCATE),      RIGHT(FD_FILESTAT_SET_SIZE),
                                       RIGHT(POLL_FD_READWRITE)};
  for (uint32_t i = 0; i < 16; i++) {
    HOLDS((stat.fs_rights_base & base[i]) != 0);
    HOLDS((stat.fs_rights_inheriting & base[i]) != 0);
  }
  for (uint32_t i = 0; i < 11; i++) HOLDS((stat.fs_rights_inheriting & handed_on[i]) != 0);
  EQUAL(stat.fs_rights_base & RIGHT(FD_FILESTAT_SET_SIZE), 0);

  /* A preopen can be opened again, and closed: the other descriptor stays. */
  fd_t again = CLOSED_FD;
  OK(sys_path_open(PREOPEN, 0, P("."), 0, stat.fs_rights_base, stat.fs_rights_inheriting, 0, &again));
  OK(sys_fd_close(PREOPEN));
  ANSWERS(sys_fd_fdstat_get(PREOPEN, &stat), BADF);
  ANSWERS(sys_fd_prestat_get(PREOPEN, &prestat), BADF);
  ANSWERS(sys_fd_close(PREOPEN), BADF);
  make_file(again, "preopens-file", "x");
  HOLDS(file_holds(again, "preopens-file", "x"));
  OK(sys_path_unlink_file(again, P("preopens-file")));
  OK(sys_fd_close(again));
  make_file(dir, "still", "open");
  HOLDS(file_holds(dir, "still", "open"));
  return finish();
}
