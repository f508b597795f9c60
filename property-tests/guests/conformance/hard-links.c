/* path_link: names, counts, what may not be linked. */
#include "check.h"

static filestat stat;
static uint32_t size;

static uint64_t link_count(fd_t dir, const char *path) {
  return stat_at(dir, path, &stat) == 0 ? stat.nlink : 999;
}

int main(void) {
  fd_t dir = scratch("hard-links");
  make_file(dir, "file", "content");
  EQUAL(link_count(dir, "file"), 1);
  OK(sys_path_link(dir, 0, P("file"), dir, P("link")));
  EQUAL(link_count(dir, "file"), 2);
  EQUAL(link_count(dir, "link"), 2);
  filestat other;
  OK(stat_at(dir, "file", &other));
  EQUAL(stat.ino, other.ino);
  EQUAL(stat.dev, other.dev);
  EQUAL(stat.mtim, other.mtim);
  EQUAL(stat.size, 7);
  EQUAL(stat.filetype, __WASI_FILETYPE_REGULAR_FILE);
  /* One file: written by one name, read by the other. */
  fd_t fd = OPEN(dir, "link", 0, FILE_RIGHTS);
  OK(write_bytes(fd, "CON", 3, &size));
  HOLDS(file_holds(dir, "file", "CONtent"));
  OK(sys_path_unlink_file(dir, P("file")));
  HOLDS(!exists(dir, "file"));
  HOLDS(file_holds(dir, "link", "CONtent"));
  EQUAL(link_count(dir, "link"), 1);
  EQUAL(filestat_of(fd).nlink, 1);
  OK(sys_path_link(dir, 0, P("link"), dir, P("file")));
  EQUAL(filestat_of(fd).nlink, 2);
  OK(sys_fd_close(fd));

  make_directory(dir, "sub");
  fd_t sub = open_directory(dir, "sub");
  OK(sys_path_link(dir, 0, P("file"), sub, P("inner")));
  OK(sys_path_link(sub, 0, P("inner"), dir, P("outer")));
  EQUAL(link_count(dir, "outer"), 4);
  HOLDS(file_holds(dir, "sub/inner", "CONtent"));

  ANSWERS(sys_path_link(dir, 0, P("file"), dir, P("link")), EXIST);
  ANSWERS(sys_path_link(dir, 0, P("file"), dir, P("file")), EXIST);
  ANSWERS(sys_path_link(dir, 0, P("file"), dir, P("sub")), EXIST);
  ANSWERS(sys_path_link(dir, 0, P("file"), dir, P("sub/")), EXIST);
  ANSWERS(sys_path_link(dir, 0, P("sub"), dir, P("sub2")), PERM, ACCES);
  ANSWERS(sys_path_link(dir, 0, P("."), dir, P("dot")), PERM, ACCES);
  ANSWERS(sys_path_link(dir, 0, P("missing"), dir, P("x")), NOENT);
  ANSWERS(sys_path_link(dir, 0, P("file"), dir, P("missing/x")), NOENT);
  ANSWERS(sys_path_link(dir, 0, P("missing/x"), dir, P("x")), NOENT);
  ANSWERS(sys_path_link(dir, 0, P(""), dir, P("x")), NOENT, INVAL);
  ANSWERS(sys_path_link(dir, 0, P("file"), dir, P("")), NOENT, INVAL);
  ANSWERS(sys_path_link(dir, 0, P("file"), dir, P("x/")), NOENT);
  ANSWERS(sys_path_link(dir, 0, P("file/"), dir, P("x")), NOTDIR);
  ANSWERS(sys_path_link(dir, 0, P("file"), sub, P("../x")), PERM, NOTCAPABLE);
  ANSWERS(sys_path_link(sub, 0, P("../file"), dir, P("x")), PERM, NOTCAPABLE);
  HOLDS(!exists(dir, "x"));
  EQUAL(link_count(dir, "file"), 4);

  /* A link to a symbolic link is one more name of the symbolic link, dangling or not. */
  make_symlink(dir, "nowhere", "dangling");
  OK(sys_path_link(dir, 0, P("dangling"), dir, P("dangling2")));
  EQUAL(link_count(dir, "dangling2"), 2);
  EQUAL(stat.filetype, __WASI_FILETYPE_SYMBOLIC_LINK);
  make_symlink(dir, "loop", "loop");
  OK(sys_path_link(dir, 0, P("loop"), dir, P("loop2")));
  make_symlink(dir, "file", "to-file");
  OK(sys_path_link(dir, 0, P("to-file"), dir, P("to-file2")));
  OK(stat_at(dir, "to-file2", &stat));
  EQUAL(stat.filetype, __WASI_FILETYPE_SYMBOLIC_LINK);
  ANSWERS(sys_path_link(dir, 0, P("file"), dir, P("dangling")), EXIST);
  /* Following is POSIX; Wasmtime refuses the flag. */
  ANSWERS(sys_path_link(dir, FOLLOW, P("dangling"), dir, P("followed")), NOENT, INVAL);
  errno_of_call code = sys_path_link(dir, FOLLOW, P("to-file"), dir, P("followed"));
  ANSWERS_FOR("linking what a symbolic link names", code, SUCCESS, INVAL);
  if (code == 0) {
    OK(stat_at(dir, "followed", &stat));
    EQUAL(stat.filetype, __WASI_FILETYPE_REGULAR_FILE);
  }
  OK(sys_fd_close(sub));
  return finish();
}
