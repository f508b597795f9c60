/* path_open: creating, refusing, directories, flags. */
#include "check.h"

static fd_t fd;

static void close_it(void) { OK(sys_fd_close(fd)); }

static void creating(fd_t dir) {
  ANSWERS(sys_path_open(dir, 0, P("new"), 0, FILE_RIGHTS, 0, 0, &fd), NOENT);
  OK(sys_path_open(dir, 0, P("new"), CREAT, FILE_RIGHTS, 0, 0, &fd));
  HOLDS(fd > 2 && fd < 0x80000000);
  EQUAL(filestat_of(fd).size, 0);
  EQUAL(filestat_of(fd).filetype, __WASI_FILETYPE_REGULAR_FILE);
  close_it();
  make_file(dir, "new", "text");
  OK(sys_path_open(dir, 0, P("new"), CREAT, FILE_RIGHTS, 0, 0, &fd));
  close_it();
  HOLDS(file_holds(dir, "new", "text"));
  ANSWERS(sys_path_open(dir, 0, P("new"), CREAT | EXCL, FILE_RIGHTS, 0, 0, &fd), EXIST);
  ANSWERS(sys_path_open(dir, 0, P("new"), CREAT | EXCL | TRUNC, FILE_RIGHTS, 0, 0, &fd), EXIST);
  HOLDS(file_holds(dir, "new", "text"));
  OK(sys_path_open(dir, 0, P("other"), CREAT | EXCL, FILE_RIGHTS, 0, 0, &fd));
  close_it();
  OK(sys_path_open(dir, 0, P("new"), CREAT | TRUNC, FILE_RIGHTS, 0, 0, &fd));
  close_it();
  HOLDS(file_holds(dir, "new", ""));
  ANSWERS(sys_path_open(dir, 0, P("nowhere/new"), CREAT, FILE_RIGHTS, 0, 0, &fd), NOENT);
  ANSWERS(sys_path_open(dir, 0, P("nowhere/../new"), 0, FILE_RIGHTS, 0, 0, &fd), NOENT);
  /* A name ending in a slash is no file's name. */
  ANSWERS(sys_path_open(dir, 0, P("slash/"), CREAT, FILE_RIGHTS, 0, 0, &fd), ISDIR, NOENT, NOTDIR, INVAL);
  HOLDS(!exists(dir, "slash"));
  ANSWERS(sys_path_open(dir, 0, P("new/"), 0, FILE_RIGHTS, 0, 0, &fd), NOTDIR, NOENT);
  ANSWERS(sys_path_open(dir, 0, P("new/"), CREAT, FILE_RIGHTS, 0, 0, &fd), NOTDIR, ISDIR, NOENT, INVAL);
  ANSWERS(sys_path_open(dir, 0, P("new///"), 0, FILE_RIGHTS, 0, 0, &fd), NOTDIR, NOENT);
  ANSWERS(sys_path_open(dir, 0, P("new"), DIRECTORY, 0, 0, 0, &fd), NOTDIR);
  ANSWERS(sys_path_open(dir, 0, P("new/"), DIRECTORY, 0, 0, 0, &fd), NOTDIR);
  ANSWERS(sys_path_open(dir, 0, P("gone"), DIRECTORY, 0, 0, 0, &fd), NOENT);
  ANSWERS(sys_path_open(dir, 0, P(""), 0, 0, 0, 0, &fd), NOENT, INVAL);
  ANSWERS(sys_path_open(dir, 0, P(""), CREAT, FILE_RIGHTS, 0, 0, &fd), NOENT, INVAL);
}

static void directories(fd_t dir) {
  make_directory(dir, "sub");
  static const char *const names[] = {"sub", "sub/", "sub///", "./sub", "sub/.", "sub/./", "sub/../sub", "."};
  for (uint32_t i = 0; i < 8; i++) {
    ANSWERS_FOR(names[i], sys_path_open(dir, 0, S(names[i]), 0, RIGHT(FD_FILESTAT_GET), 0, 0, &fd), SUCCESS);
    EQUAL(filestat_of(fd).filetype, __WASI_FILETYPE_DIRECTORY);
    close_it();
    ANSWERS_FOR(names[i], sys_path_open(dir, 0, S(names[i]), DIRECTORY, RIGHT(FD_READDIR), 0, 0, &fd),
                SUCCESS);
    close_it();
  }
  OK(sys_path_open(dir, 0, P("sub"), DIRECTORY, RIGHT(FD_READ), 0, 0, &fd));
  close_it();
  ANSWERS(sys_path_open(dir, 0, P("sub"), DIRECTORY, RIGHT(FD_READ) | RIGHT(FD_WRITE), 0, 0, &fd), ISDIR);
  ANSWERS(sys_path_open(dir, 0, P("sub"), 0, RIGHT(FD_WRITE), 0, 0, &fd), ISDIR);
  ANSWERS(sys_path_open(dir, 0, P("."), DIRECTORY, RIGHT(FD_READ) | RIGHT(FD_WRITE), 0, 0, &fd), ISDIR);
  ANSWERS(sys_path_open(dir, 0, P("sub"), CREAT, FILE_RIGHTS, 0, 0, &fd), ISDIR);
  ANSWERS(sys_path_open(dir, 0, P("sub"), CREAT | EXCL, FILE_RIGHTS, 0, 0, &fd), EXIST);
  ANSWERS(sys_path_open(dir, 0, P("sub"), TRUNC, FILE_RIGHTS, 0, 0, &fd), ISDIR);
  ANSWERS(sys_path_open(dir, 0, P("sub"), TRUNC | DIRECTORY, 0, 0, 0, &fd), ISDIR, INVAL, NOTSUP);
  ANSWERS(sys_path_open(dir, 0, P("made"), CREAT | DIRECTORY, 0, 0, 0, &fd), INVAL, NOTDIR, NOTSUP);
  HOLDS(!exists(dir, "made"));
  /* A descriptor to a directory opens what is in it, whatever its name becomes. */
  fd_t sub = open_directory(dir, "sub");
  make_file(sub, "inner", "in");
  HOLDS(file_holds(dir, "sub/inner", "in"));
  OK(sys_path_rename(dir, P("sub"), dir, P("moved")));
  HOLDS(file_holds(sub, "inner", "in"));
  make_file(sub, "second", "2");
  HOLDS(file_holds(dir, "moved/second", "2"));
  OK(sys_fd_close(sub));
}

static void refusals(fd_t dir) {
  make_file(dir, "file", "x");
  HOSTILE(sys_path_open(dir, 0, P("file"), 1 << 4, FILE_RIGHTS, 0, 0, &fd), INVAL);
  HOSTILE(sys_path_open(dir, 0, P("file"), 0xff00, FILE_RIGHTS, 0, 0, &fd), INVAL);
  HOSTILE(sys_path_open(dir, 1 << 1, P("file"), 0, FILE_RIGHTS, 0, 0, &fd), INVAL);
  /* A refused open leaves the answer's word alone. */
  fd_t untouched = 0x12345678;
  ANSWERS(sys_path_open(dir, 0, P("no"), 0, 0, 0, 0, &untouched), NOENT);
  EQUAL(untouched, 0x12345678);
}

static void many(fd_t dir) {
  static fd_t all[300];
  uint32_t opened = 0, distinct = 0, size;
  make_file(dir, "many", "");
  for (; opened < 300; opened++)
    if (sys_path_open(dir, 0, P("many"), 0, FILE_RIGHTS, 0, 0, &all[opened]) != 0) break;
  EQUAL(opened, 300);
  for (uint32_t i = 0; i < opened; i++) {
    bool once = true;
    for (uint32_t j = 0; j < i; j++)
      if (all[i] == all[j]) once = false;
    if (once) distinct++;
  }
  EQUAL(distinct, opened);
  uint32_t written = 0;
  for (uint32_t i = 0; i < opened; i++)
    if (pwrite_bytes(all[i], "m", 1, i, &size) == 0 && size == 1) written++;
  EQUAL(written, opened);
  EQUAL(filestat_of(all[0]).size, opened);
  uint32_t closed = 0;
  for (uint32_t i = 0; i < opened; i++)
    if (sys_fd_close(all[i]) == 0) closed++;
  EQUAL(closed, opened);
  closed = 0;
  for (uint32_t i = 0; i < opened; i++)
    if (sys_fd_close(all[i]) == __WASI_ERRNO_BADF) closed++;
  EQUAL(closed, opened);
}

int main(void) {
  fd_t dir = scratch("path-open");
  creating(dir);
  directories(dir);
  refusals(dir);
  many(dir);
  return finish();
}
