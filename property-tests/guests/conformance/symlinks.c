/* path_symlink, path_readlink, and every path that goes through a link: chains, loops, dangling, escaping. */
#include "check.h"

static fd_t fd;
static filestat stat;
static char buffer[512];
static uint32_t used;

static void reading(fd_t dir) {
  make_symlink(dir, "target", "link");
  memset(buffer, '.', sizeof buffer);
  OK(sys_path_readlink(dir, P("link"), buffer, 10, &used));
  EQUAL(used, 6);
  SAME_BYTES(buffer, "target....", 10);
  memset(buffer, '.', sizeof buffer);
  OK(sys_path_readlink(dir, P("link"), buffer, 4, &used));
  EQUAL(used, 4);
  SAME_BYTES(buffer, "targ..", 6);
  OK(sys_path_readlink(dir, P("link"), buffer, 6, &used));
  EQUAL(used, 6);
  used = 0;
  ANSWERS(sys_path_readlink(dir, P("link"), buffer, 0, &used), SUCCESS, INVAL);
  EQUAL(used, 0);
  /* The text is kept as it was given. */
  static const char *const texts[] = {"a//b", "./x",   "x/",           "..",      "../x",
                                      ".",    "a b\n", "\xe2\x82\xac", "x/../y//"};
  for (uint32_t i = 0; i < 9; i++) {
    ANSWERS_FOR(texts[i], sys_path_symlink(S(texts[i]), dir, P("text")), SUCCESS);
    OK(sys_path_readlink(dir, P("text"), buffer, sizeof buffer, &used));
    EQUAL(used, strlen(texts[i]));
    HOLDS(memcmp(buffer, texts[i], used) == 0);
    OK(sys_path_unlink_file(dir, P("text")));
  }
  make_file(dir, "file", "content");
  make_directory(dir, "sub");
  ANSWERS(sys_path_readlink(dir, P("file"), buffer, 8, &used), INVAL);
  ANSWERS(sys_path_readlink(dir, P("sub"), buffer, 8, &used), INVAL);
  ANSWERS(sys_path_readlink(dir, P("."), buffer, 8, &used), INVAL);
  ANSWERS(sys_path_readlink(dir, P("missing"), buffer, 8, &used), NOENT);
  ANSWERS(sys_path_readlink(dir, P("sub/missing"), buffer, 8, &used), NOENT);
  ANSWERS(sys_path_readlink(dir, P(""), buffer, 8, &used), NOENT, INVAL);
}

static void making(fd_t dir) {
  ANSWERS(sys_path_symlink(P("x"), dir, P("link")), EXIST);
  ANSWERS(sys_path_symlink(P("x"), dir, P("file")), EXIST);
  ANSWERS(sys_path_symlink(P("x"), dir, P("sub")), EXIST);
  ANSWERS(sys_path_symlink(P("x"), dir, P("sub/")), EXIST);
  ANSWERS(sys_path_symlink(P("x"), dir, P(".")), EXIST);
  ANSWERS(sys_path_symlink(P("x"), dir, P("file/")), NOTDIR, EXIST);
  ANSWERS(sys_path_symlink(P("x"), dir, P("fresh/")), NOENT);
  ANSWERS(sys_path_symlink(P("x"), dir, P("missing/y")), NOENT);
  ANSWERS(sys_path_symlink(P("x"), dir, P("")), NOENT, INVAL);
  ANSWERS(sys_path_symlink(P(""), dir, P("empty")), NOENT, INVAL);
  HOLDS(!exists(dir, "fresh") && !exists(dir, "empty"));
  OK(stat_at(dir, "link", &stat));
  EQUAL(stat.filetype, __WASI_FILETYPE_SYMBOLIC_LINK);
  EQUAL(stat.size, 6);
  EQUAL(stat.nlink, 1);
}

static void following(fd_t dir) {
  make_symlink(dir, "file", "to-file");
  make_symlink(dir, "sub", "to-sub");
  make_file(dir, "sub/inner", "inner");
  make_symlink(dir, "../file", "sub/up");
  make_symlink(dir, "to-file", "to-to-file");
  make_symlink(dir, "sub/../sub/./up", "winding");
  HOLDS(file_holds(dir, "to-file", "content"));
  HOLDS(file_holds(dir, "to-to-file", "content"));
  HOLDS(file_holds(dir, "to-sub/inner", "inner"));
  HOLDS(file_holds(dir, "to-sub/up", "content"));
  HOLDS(file_holds(dir, "sub/up", "content"));
  HOLDS(file_holds(dir, "winding", "content"));
  /* `..` after a link is the parent of where the link leads. */
  make_directory(dir, "sub/deeper");
  make_symlink(dir, "sub/deeper", "to-deeper");
  HOLDS(file_holds(dir, "to-deeper/../inner", "inner"));
  ANSWERS(sys_path_open(dir, 0, P("to-file"), 0, FILE_RIGHTS, 0, 0, &fd), LOOP);
  ANSWERS(sys_path_open(dir, 0, P("to-sub"), 0, 0, 0, 0, &fd), LOOP, ACCES);
  ANSWERS(sys_path_open(dir, 0, P("to-sub"), DIRECTORY, 0, 0, 0, &fd), LOOP, NOTDIR);
  ANSWERS(sys_path_open(dir, 0, P("to-file"), DIRECTORY, 0, 0, 0, &fd), LOOP, NOTDIR);
  ANSWERS(sys_path_open(dir, FOLLOW, P("to-file"), DIRECTORY, 0, 0, 0, &fd), NOTDIR);
  ANSWERS(sys_path_open(dir, FOLLOW, P("to-file/"), 0, 0, 0, 0, &fd), NOTDIR, NOENT);
  OK(sys_path_open(dir, FOLLOW, P("to-sub"), DIRECTORY, 0, 0, 0, &fd));
  OK(sys_fd_close(fd));
  /* Links before the last component are followed without FOLLOW. */
  OK(sys_path_open(dir, 0, P("to-sub/inner"), 0, FILE_RIGHTS, 0, 0, &fd));
  OK(sys_fd_close(fd));
  /* Stat: the link, or where it leads. */
  OK(sys_path_filestat_get(dir, 0, P("to-file"), &stat));
  EQUAL(stat.filetype, __WASI_FILETYPE_SYMBOLIC_LINK);
  EQUAL(stat.size, 4);
  OK(sys_path_filestat_get(dir, FOLLOW, P("to-file"), &stat));
  EQUAL(stat.filetype, __WASI_FILETYPE_REGULAR_FILE);
  EQUAL(stat.size, 7);
  OK(sys_path_filestat_get(dir, FOLLOW, P("to-sub"), &stat));
  EQUAL(stat.filetype, __WASI_FILETYPE_DIRECTORY);
  OK(sys_path_filestat_get(dir, FOLLOW, P("to-sub/"), &stat));
  EQUAL(stat.filetype, __WASI_FILETYPE_DIRECTORY);
  /* Truncation and creation through a link reach the file. */
  fd = OPEN(dir, "to-to-file", CREAT | TRUNC, FILE_RIGHTS);
  OK(write_bytes(fd, "new", 3, &used));
  OK(sys_fd_close(fd));
  HOLDS(file_holds(dir, "file", "new"));
  OK(stat_at(dir, "to-to-file", &stat));
  EQUAL(stat.filetype, __WASI_FILETYPE_SYMBOLIC_LINK);
  ANSWERS(sys_path_open(dir, FOLLOW, P("to-file"), CREAT | EXCL, FILE_RIGHTS, 0, 0, &fd), EXIST);
  ANSWERS(sys_path_open(dir, 0, P("to-file"), CREAT | EXCL, FILE_RIGHTS, 0, 0, &fd), EXIST);
  ANSWERS(sys_path_open(dir, 0, P("to-file"), CREAT | TRUNC, FILE_RIGHTS, 0, 0, &fd), LOOP);
  HOLDS(file_holds(dir, "file", "new"));
}

static void dangling(fd_t dir) {
  make_symlink(dir, "nowhere", "dangling");
  ANSWERS(sys_path_open(dir, FOLLOW, P("dangling"), 0, 0, 0, 0, &fd), NOENT);
  ANSWERS(sys_path_open(dir, 0, P("dangling"), 0, 0, 0, 0, &fd), LOOP);
  ANSWERS(sys_path_open(dir, 0, P("dangling"), DIRECTORY, 0, 0, 0, &fd), LOOP, NOTDIR);
  ANSWERS(sys_path_open(dir, 0, P("dangling"), CREAT, FILE_RIGHTS, 0, 0, &fd), LOOP);
  ANSWERS(sys_path_open(dir, 0, P("dangling"), CREAT | EXCL, FILE_RIGHTS, 0, 0, &fd), EXIST);
  ANSWERS(sys_path_open(dir, FOLLOW, P("dangling"), CREAT | EXCL, FILE_RIGHTS, 0, 0, &fd), EXIST);
  HOLDS(!exists(dir, "nowhere"));
  OK(sys_path_filestat_get(dir, 0, P("dangling"), &stat));
  EQUAL(stat.filetype, __WASI_FILETYPE_SYMBOLIC_LINK);
  ANSWERS(sys_path_filestat_get(dir, FOLLOW, P("dangling"), &stat), NOENT);
  ANSWERS(sys_path_filestat_get(dir, 0, P("dangling/x"), &stat), NOENT);
  ANSWERS(sys_path_create_directory(dir, P("dangling")), EXIST);
  ANSWERS(sys_path_remove_directory(dir, P("dangling")), NOTDIR);
  ANSWERS(sys_path_symlink(P("y"), dir, P("dangling")), EXIST);
  ANSWERS(sys_path_link(dir, 0, P("file"), dir, P("dangling")), EXIST);
  /* POSIX: creating through a dangling link creates what it names. */
  OK(sys_path_open(dir, FOLLOW, P("dangling"), CREAT, FILE_RIGHTS, 0, 0, &fd));
  OK(sys_fd_close(fd));
  HOLDS(exists(dir, "nowhere"));
  OK(sys_path_unlink_file(dir, P("dangling")));
  HOLDS(exists(dir, "nowhere"));
}

static void loops(fd_t dir) {
  make_symlink(dir, "self", "self");
  make_symlink(dir, "pong", "ping");
  make_symlink(dir, "ping", "pong");
  make_symlink(dir, "grow/x", "grow");
  static const char *const names[] = {"self", "ping", "self/x", "ping/x/y", "grow", "self/.."};
  for (uint32_t i = 0; i < 6; i++) {
    ANSWERS_FOR(names[i], sys_path_open(dir, FOLLOW, S(names[i]), 0, 0, 0, 0, &fd), LOOP);
    ANSWERS_FOR(names[i], sys_path_filestat_get(dir, FOLLOW, S(names[i]), &stat), LOOP);
  }
  ANSWERS(sys_path_open(dir, 0, P("self"), 0, 0, 0, 0, &fd), LOOP);
  ANSWERS(sys_path_create_directory(dir, P("self/x")), LOOP);
  ANSWERS(sys_path_unlink_file(dir, P("self/x")), LOOP);
  ANSWERS(sys_path_rename(dir, P("file"), dir, P("ping/x")), LOOP);
  OK(sys_path_readlink(dir, P("self"), buffer, 16, &used));
  EQUAL(used, 4);
  OK(sys_path_unlink_file(dir, P("self")));
  OK(sys_path_unlink_file(dir, P("ping")));
  OK(sys_path_unlink_file(dir, P("pong")));

  /* POSIX promises 8; nobody follows 100. */
  char name[3] = "c0", before[3] = "c0";
  make_file(dir, "c0", "chained");
  for (char step = '1'; step <= '8'; step++) {
    name[1] = step;
    make_symlink(dir, before, name);
    before[1] = step;
  }
  HOLDS(file_holds(dir, "c8", "chained"));
  char chain[5] = "k000", previous[5] = "c0";
  for (uint32_t i = 0; i < 100; i++) {
    chain[2] = (char)('0' + i / 10);
    chain[3] = (char)('0' + i % 10);
    make_symlink(dir, previous, chain);
    memcpy(previous, chain, 5);
  }
  ANSWERS(sys_path_open(dir, FOLLOW, P("k099"), 0, 0, 0, 0, &fd), LOOP);
}

/* A link may say anything; a path through it stays inside. */
static void escaping(fd_t dir) {
  make_symlink(dir, "../..", "up");
  make_symlink(dir, "sub/../../../outside", "far");
  static const char *const names[] = {"up", "up/x", "far", "up/.."};
  for (uint32_t i = 0; i < 4; i++) {
    ANSWERS_FOR(names[i], sys_path_open(dir, FOLLOW, S(names[i]), 0, 0, 0, 0, &fd), PERM, NOTCAPABLE);
    ANSWERS_FOR(names[i], sys_path_open(dir, FOLLOW, S(names[i]), CREAT, FILE_RIGHTS, 0, 0, &fd), PERM,
                NOTCAPABLE, ISDIR);
    ANSWERS_FOR(names[i], sys_path_filestat_get(dir, FOLLOW, S(names[i]), &stat), PERM, NOTCAPABLE);
  }
  errno_of_call code = sys_path_symlink(P("/etc/passwd"), dir, P("absolute"));
  ANSWERS_FOR("a link to an absolute path", code, SUCCESS, PERM, NOTCAPABLE);
  if (code == 0) ANSWERS(sys_path_open(dir, FOLLOW, P("absolute"), 0, 0, 0, 0, &fd), PERM, NOTCAPABLE, NOENT);
}

int main(void) {
  fd_t dir = scratch("symlinks");
  reading(dir);
  making(dir);
  following(dir);
  dangling(dir);
  loops(dir);
  escaping(dir);
  return finish();
}
