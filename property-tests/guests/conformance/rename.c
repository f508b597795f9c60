/* path_rename: what replaces what, onto itself, into itself, slashes, links. */
#include "check.h"

static filestat stat;

#define RENAME(from, to) sys_path_rename(dir, P(from), dir, P(to))

static uint64_t inode(fd_t dir, const char *path) { return stat_at(dir, path, &stat) == 0 ? stat.ino : 0; }

static void files(fd_t dir) {
  make_file(dir, "a", "A");
  uint64_t identity = inode(dir, "a");
  OK(RENAME("a", "b"));
  HOLDS(!exists(dir, "a"));
  HOLDS(file_holds(dir, "b", "A"));
  EQUAL(inode(dir, "b"), identity);
  make_file(dir, "c", "C");
  OK(RENAME("b", "c"));
  HOLDS(!exists(dir, "b"));
  HOLDS(file_holds(dir, "c", "A"));
  EQUAL(inode(dir, "c"), identity);
  OK(RENAME("c", "c"));
  HOLDS(file_holds(dir, "c", "A"));
  OK(RENAME("./c", "c"));
  HOLDS(file_holds(dir, "c", "A"));
  ANSWERS(RENAME("missing", "d"), NOENT);
  ANSWERS(RENAME("missing", "c"), NOENT);
  ANSWERS(RENAME("missing", "missing"), NOENT);
  ANSWERS(RENAME("c", "nowhere/d"), NOENT);
  ANSWERS(RENAME("nowhere/c", "d"), NOENT);
  ANSWERS(RENAME("", "d"), NOENT, INVAL);
  ANSWERS(RENAME("c", ""), NOENT, INVAL);
  HOLDS(file_holds(dir, "c", "A"));
  /* A file that is replaced lives on in its descriptor. */
  make_file(dir, "old", "old");
  fd_t fd = OPEN(dir, "old", 0, FILE_RIGHTS);
  make_file(dir, "new", "new");
  OK(RENAME("new", "old"));
  char buffer[4];
  uint32_t size;
  OK(read_bytes(fd, buffer, 4, &size));
  EQUAL(size, 3);
  SAME_BYTES(buffer, "old", 3);
  EQUAL(filestat_of(fd).nlink, 0);
  OK(sys_fd_close(fd));
  HOLDS(file_holds(dir, "old", "new"));
  /* One that is renamed keeps its descriptor. */
  fd = OPEN(dir, "old", 0, FILE_RIGHTS);
  OK(RENAME("old", "young"));
  OK(write_bytes(fd, "NEW", 3, &size));
  OK(sys_fd_close(fd));
  HOLDS(file_holds(dir, "young", "NEW"));
}

static void directories(fd_t dir) {
  make_directory(dir, "d1");
  make_file(dir, "d1/inner", "inner");
  OK(RENAME("d1", "d2"));
  HOLDS(!exists(dir, "d1"));
  HOLDS(file_holds(dir, "d2/inner", "inner"));
  make_directory(dir, "empty");
  OK(RENAME("d2", "empty"));
  HOLDS(file_holds(dir, "empty/inner", "inner"));
  make_directory(dir, "full");
  make_file(dir, "full/other", "other");
  ANSWERS(RENAME("empty", "full"), NOTEMPTY, EXIST);
  make_directory(dir, "source");
  ANSWERS(RENAME("source", "full"), NOTEMPTY, EXIST);
  HOLDS(file_holds(dir, "full/other", "other"));
  ANSWERS(RENAME("source", "full/other"), NOTDIR);
  ANSWERS(RENAME("c", "source"), ISDIR);
  ANSWERS(RENAME("c", "full"), ISDIR);
  HOLDS(file_holds(dir, "c", "A"));
  OK(RENAME("full", "full"));
  HOLDS(file_holds(dir, "full/other", "other"));
  /* Not into itself, nor over an ancestor. */
  ANSWERS(RENAME("full", "full/inside"), INVAL);
  make_directory(dir, "full/child");
  make_directory(dir, "full/child/grandchild");
  ANSWERS(RENAME("full", "full/child/inside"), INVAL);
  ANSWERS(RENAME("full", "full/child"), INVAL);
  ANSWERS(RENAME("full", "full/child/grandchild"), INVAL);
  ANSWERS(RENAME("full/child", "full"), NOTEMPTY, EXIST);
  ANSWERS(RENAME("full/child/grandchild", "full"), NOTEMPTY, EXIST);
  OK(RENAME("full/child/grandchild", "full/grandchild"));
  /* A moved directory has a new parent. */
  make_directory(dir, "mover");
  OK(RENAME("mover", "full/mover"));
  OK(stat_at(dir, "full/mover/..", &stat));
  uint64_t parent = stat.ino;
  EQUAL(inode(dir, "full"), parent);
  /* A sibling whose name begins alike is no child. */
  make_directory(dir, "pre");
  make_directory(dir, "prefix");
  OK(RENAME("pre", "prefix/pre"));
  HOLDS(exists(dir, "prefix/pre"));
}

static void dots(fd_t dir) {
  ANSWERS(RENAME(".", "dot"), BUSY, INVAL);
  ANSWERS(RENAME("source", "."), BUSY, INVAL, NOTEMPTY, EXIST);
  ANSWERS(RENAME("full/.", "dot"), BUSY, INVAL);
  ANSWERS(RENAME("full/child/..", "dot"), BUSY, INVAL, NOTEMPTY);
  ANSWERS(RENAME("source", "full/child/.."), BUSY, INVAL, NOTEMPTY, EXIST);
  HOLDS(exists(dir, "source") && exists(dir, "full") && !exists(dir, "dot"));
}

static void slashes(fd_t dir) {
  OK(RENAME("source/", "target"));
  OK(RENAME("target", "source/"));
  OK(RENAME("source/", "target/"));
  OK(RENAME("target///", "source"));
  HOLDS(exists(dir, "source"));
  ANSWERS(RENAME("c/", "d"), NOTDIR);
  make_file(dir, "e", "E");
  ANSWERS(RENAME("c", "e/"), NOTDIR);
  ANSWERS(RENAME("c/", "e/"), NOTDIR);
  ANSWERS(RENAME("c", "source/"), ISDIR, NOTDIR);
  ANSWERS(RENAME("missing/", "d"), NOENT);
  HOLDS(file_holds(dir, "c", "A"));
  HOLDS(file_holds(dir, "e", "E"));
}

static void links(fd_t dir) {
  /* A link is renamed, not what it names. */
  make_symlink(dir, "c", "link");
  OK(RENAME("link", "link2"));
  OK(stat_at(dir, "link2", &stat));
  EQUAL(stat.filetype, __WASI_FILETYPE_SYMBOLIC_LINK);
  HOLDS(file_holds(dir, "link2", "A"));
  HOLDS(!exists(dir, "link"));
  /* And replaced, not what it names. */
  OK(RENAME("e", "link2"));
  OK(stat_at(dir, "link2", &stat));
  EQUAL(stat.filetype, __WASI_FILETYPE_REGULAR_FILE);
  HOLDS(file_holds(dir, "c", "A"));
  make_symlink(dir, "nowhere", "dangling");
  OK(RENAME("dangling", "dangling2"));
  make_file(dir, "f", "F");
  OK(RENAME("f", "dangling2"));
  HOLDS(file_holds(dir, "dangling2", "F"));
  HOLDS(!exists(dir, "nowhere"));
  make_symlink(dir, "source", "to-source");
  ANSWERS(RENAME("prefix", "to-source"), NOTDIR);
  ANSWERS(RENAME("to-source", "prefix"), ISDIR);
  make_file(dir, "g", "G");
  OK(RENAME("g", "to-source"));
  HOLDS(file_holds(dir, "to-source", "G"));
  /* Through a link in the middle. */
  make_symlink(dir, "source", "way");
  OK(RENAME("to-source", "way/g"));
  HOLDS(file_holds(dir, "source/g", "G"));
  /* Two names of one file: nothing happens, both stay. */
  OK(sys_path_link(dir, 0, P("c"), dir, P("c2")));
  OK(RENAME("c", "c2"));
  HOLDS(exists(dir, "c") && exists(dir, "c2"));
  OK(stat_at(dir, "c", &stat));
  EQUAL(stat.nlink, 2);
}

static void between(fd_t dir) {
  fd_t one = open_directory(dir, "source"), two = open_directory(dir, "prefix");
  OK(sys_path_rename(one, P("g"), two, P("h")));
  HOLDS(!exists(one, "g"));
  HOLDS(file_holds(dir, "prefix/h", "G"));
  ANSWERS(sys_path_rename(one, P("../c"), two, P("c")), PERM, NOTCAPABLE);
  ANSWERS(sys_path_rename(two, P("h"), one, P("../h")), PERM, NOTCAPABLE);
  /* Into the directory of the descriptor that is being moved. */
  ANSWERS(sys_path_rename(dir, P("source"), one, P("inside")), INVAL);
  OK(sys_fd_close(one));
  OK(sys_fd_close(two));
}

int main(void) {
  fd_t dir = scratch("rename");
  files(dir);
  directories(dir);
  dots(dir);
  slashes(dir);
  links(dir);
  between(dir);
  return finish();
}
