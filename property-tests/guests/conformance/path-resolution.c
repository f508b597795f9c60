/* Paths: dots, slashes, what leaves the preopen, bytes that are no name, long names. */
#include "check.h"

static fd_t fd;
static filestat stat;

static void dots(fd_t dir) {
  make_directory(dir, "a");
  make_directory(dir, "a/b");
  make_file(dir, "a/b/file", "deep");
  static const char *const same[] = {"a/b/file",
                                     "a//b/file",
                                     "a///b////file",
                                     "./a/b/file",
                                     "././a/./b/./file",
                                     "a/../a/b/file",
                                     "a/b/../b/file",
                                     "a/b/.././b/../../a/b/file",
                                     "a/.//b/../../a/b/../b///./file"};
  for (uint32_t i = 0; i < 9; i++) HOLDS(file_holds(dir, same[i], "deep"));
  HOLDS(file_holds(dir, "a/b/../../a/b/file", "deep"));
  ANSWERS(stat_at(dir, "a/missing/../b/file", &stat), NOENT);
  ANSWERS(stat_at(dir, "a/b/file/../file", &stat), NOTDIR);
  ANSWERS(stat_at(dir, "a/b/file/", &stat), NOTDIR);
  ANSWERS(stat_at(dir, "a/b/file/.", &stat), NOTDIR);
  OK(stat_at(dir, "a/b/", &stat));
  EQUAL(stat.filetype, __WASI_FILETYPE_DIRECTORY);
  OK(stat_at(dir, "a/b/..", &stat));
  uint64_t inode = stat.ino;
  OK(stat_at(dir, "a", &stat));
  EQUAL(stat.ino, inode);
  OK(stat_at(dir, "a/b/../..", &stat));
  EQUAL(stat.ino, filestat_of(dir).ino);
  /* Three dots are a name. */
  make_file(dir, "...", "dots");
  HOLDS(file_holds(dir, "...", "dots"));
  make_file(dir, "a/..x", "dots");
  HOLDS(file_holds(dir, "a/..x", "dots"));
}

#define REFUSED(call) ANSWERS_FOR(path, call, PERM, NOTCAPABLE)

/* No path leaves the directory it is resolved in, not even for a moment. */
static void escapes(fd_t dir) {
  static const char *const out[] = {"..",
                                    "../",
                                    "../x",
                                    "a/../..",
                                    "a/../../x",
                                    "./..",
                                    "a/b/../../..",
                                    "../../../../x",
                                    "../../../etc/passwd",
                                    "/",
                                    "/x",
                                    "//x",
                                    "/a/b/file",
                                    "/.."};
  for (uint32_t i = 0; i < 14; i++) {
    const char *path = out[i];
    char text[16];
    uint32_t used;
    REFUSED(sys_path_open(dir, FOLLOW, S(path), 0, 0, 0, 0, &fd));
    REFUSED(sys_path_open(dir, 0, S(path), CREAT, FILE_RIGHTS, 0, 0, &fd));
    REFUSED(sys_path_filestat_get(dir, 0, S(path), &stat));
    REFUSED(sys_path_filestat_set_times(dir, 0, S(path), 0, 0, 0));
    REFUSED(sys_path_readlink(dir, S(path), text, sizeof text, &used));
    REFUSED(sys_path_rename(dir, S(path), dir, P("y")));
    REFUSED(sys_path_rename(dir, P("a/b/file"), dir, S(path)));
    REFUSED(sys_path_link(dir, 0, S(path), dir, P("y")));
    REFUSED(sys_path_link(dir, 0, P("a/b/file"), dir, S(path)));
    REFUSED(sys_path_symlink(P("x"), dir, S(path)));
    REFUSED(sys_path_create_directory(dir, S(path)));
    REFUSED(sys_path_remove_directory(dir, S(path)));
    REFUSED(sys_path_unlink_file(dir, S(path)));
  }
  /* Out and in again is out. */
  static line back;
  add(&back, "../path-resolution-0/a/b/file");
  ANSWERS(sys_path_open(dir, 0, back.text, back.size, 0, 0, 0, 0, &fd), PERM, NOTCAPABLE);
  HOLDS(file_holds(dir, "a/b/file", "deep"));
  HOLDS(!exists(PREOPEN, "x"));
  HOLDS(!exists(dir, "y"));
}

static void bad_bytes(fd_t dir) {
  uint32_t entries = entry_count(dir);
  ANSWERS(sys_path_open(dir, 0, P("a/b/file\0"), 0, 0, 0, 0, &fd), INVAL, ILSEQ);
  ANSWERS(sys_path_open(dir, 0, P("a\0b"), CREAT, FILE_RIGHTS, 0, 0, &fd), INVAL, ILSEQ);
  ANSWERS(sys_path_open(dir, 0, P("\0"), CREAT, FILE_RIGHTS, 0, 0, &fd), INVAL, ILSEQ);
  ANSWERS(sys_path_create_directory(dir, P("d\0d")), INVAL, ILSEQ);
  ANSWERS(sys_path_filestat_get(dir, 0, P("a\0"), &stat), INVAL, ILSEQ);
  ANSWERS(sys_path_unlink_file(dir, P("...\0")), INVAL, ILSEQ);
  ANSWERS(sys_path_rename(dir, P("..."), dir, P("x\0y")), INVAL, ILSEQ);
  ANSWERS(sys_path_symlink(P("x\0y"), dir, P("z")), INVAL, ILSEQ);
  static const char *const malformed[] = {"\xff",
                                          "a\x80",
                                          "\xc3(",
                                          "\xe2\x82",
                                          "\xc0\xaf",
                                          "\xed\xa0\x80",
                                          "\xf5\x80\x80\x80",
                                          "\xf0\x82\x82\xac"};
  for (uint32_t i = 0; i < 8; i++) {
    ANSWERS_FOR("creating a file of malformed UTF-8",
                sys_path_open(dir, 0, S(malformed[i]), CREAT, FILE_RIGHTS, 0, 0, &fd), ILSEQ, INVAL);
    ANSWERS_FOR("making a directory of malformed UTF-8", sys_path_create_directory(dir, S(malformed[i])),
                ILSEQ, INVAL);
  }
  EQUAL(entry_count(dir), entries);
}

static void good_names(fd_t dir) {
  static const char *const names[] = {"\xc3\xa9",
                                      "e\xcc\x81",
                                      "\xe2\x82\xac",
                                      "\xf0\x9f\x90\x9f",
                                      "with space",
                                      "back\\slash",
                                      "new\nline",
                                      "*?[x]",
                                      "-rf",
                                      "~",
                                      "CON",
                                      "a:b",
                                      "\x01",
                                      "%00",
                                      " ",
                                      ".hidden",
                                      "x.",
                                      "\"quoted\"",
                                      "\xef\xbf\xbd",
                                      "$HOME"};
  uint32_t entries = entry_count(dir);
  for (uint32_t i = 0; i < 20; i++) make_file(dir, names[i], names[i]);
  EQUAL(entry_count(dir), entries + 20);
  for (uint32_t i = 0; i < 20; i++) HOLDS(file_holds(dir, names[i], names[i]));
  for (uint32_t i = 0; i < 20; i++) ANSWERS_FOR(names[i], sys_path_unlink_file(dir, S(names[i])), SUCCESS);
  /* Names differ by case. */
  make_file(dir, "Case", "upper");
  make_file(dir, "case", "lower");
  HOLDS(file_holds(dir, "Case", "upper"));
}

static void long_names(fd_t dir) {
  static char name[300], path[9000];
  memset(name, 'n', sizeof name);
  uint32_t used;
  OK(sys_path_open(dir, 0, name, 255, CREAT, FILE_RIGHTS, 0, 0, &fd));
  OK(sys_fd_close(fd));
  OK(sys_path_filestat_get(dir, 0, name, 255, &stat));
  OK(sys_path_unlink_file(dir, name, 255));
  OK(sys_path_create_directory(dir, name, 255));
  OK(sys_path_remove_directory(dir, name, 255));
  ANSWERS(sys_path_open(dir, 0, name, 256, CREAT, FILE_RIGHTS, 0, 0, &fd), NAMETOOLONG);
  ANSWERS(sys_path_open(dir, 0, name, 256, 0, 0, 0, 0, &fd), NAMETOOLONG);
  ANSWERS(sys_path_create_directory(dir, name, 256), NAMETOOLONG);
  ANSWERS(sys_path_filestat_get(dir, 0, name, 256, &stat), NAMETOOLONG);
  ANSWERS(sys_path_symlink(P("x"), dir, name, 256), NAMETOOLONG);
  ANSWERS(sys_path_link(dir, 0, P("..."), dir, name, 256), NAMETOOLONG);
  ANSWERS(sys_path_rename(dir, P("..."), dir, name, 256), NAMETOOLONG);
  ANSWERS(sys_path_unlink_file(dir, name, 256), NAMETOOLONG);
  ANSWERS(sys_path_remove_directory(dir, name, 256), NAMETOOLONG);
  ANSWERS(sys_path_readlink(dir, name, 256, path, 8, &used), NAMETOOLONG);
  /* The limit counts bytes, not characters. */
  for (uint32_t i = 0; i < 256; i += 2) memcpy(name + i, "\xc3\xa9", 2);
  ANSWERS(sys_path_create_directory(dir, name, 256), NAMETOOLONG);
  OK(sys_path_create_directory(dir, name, 254));
  /* A path of many short names. */
  for (uint32_t i = 0; i + 2 <= 4000; i += 2) memcpy(path + i, "./", 2);
  OK(sys_path_filestat_get(dir, 0, path, 4000, &stat));
  for (uint32_t i = 0; i + 2 <= 9000; i += 2) memcpy(path + i, "./", 2);
  ANSWERS(sys_path_filestat_get(dir, 0, path, 9000, &stat), NAMETOOLONG, SUCCESS);
}

/* Directories in directories: 60 deep, by path and by descriptor. */
static void deep(fd_t dir) {
  static char path[400];
  uint32_t size = 0;
  for (uint32_t i = 0; i < 60; i++) {
    memcpy(path + size, "deep/", 5);
    size += 5;
    ANSWERS_FOR("60 directories deep", sys_path_create_directory(dir, path, size - 1), SUCCESS);
  }
  memcpy(path + size, "end", 3);
  OK(sys_path_open(dir, 0, path, size + 3, CREAT, FILE_RIGHTS, 0, 0, &fd));
  OK(sys_fd_close(fd));
  OK(sys_path_filestat_get(dir, 0, path, size + 3, &stat));
  EQUAL(stat.filetype, __WASI_FILETYPE_REGULAR_FILE);
}

int main(void) {
  fd_t dir = scratch("path-resolution");
  dots(dir);
  escapes(dir);
  bad_bytes(dir);
  good_names(dir);
  long_names(dir);
  deep(dir);
  return finish();
}
