/* path_unlink_file, path_remove_directory, path_create_directory, and files that are open when their name
 * goes. */
#include "check.h"

static filestat stat;
static char buffer[32];
static uint32_t size;

static void unlinking(fd_t dir) {
  make_file(dir, "file", "x");
  OK(sys_path_unlink_file(dir, P("file")));
  HOLDS(!exists(dir, "file"));
  ANSWERS(sys_path_unlink_file(dir, P("file")), NOENT);
  ANSWERS(sys_path_unlink_file(dir, P("missing/file")), NOENT);
  ANSWERS(sys_path_unlink_file(dir, P("")), NOENT, INVAL);
  make_directory(dir, "sub");
  ANSWERS(sys_path_unlink_file(dir, P("sub")), ISDIR);
  ANSWERS(sys_path_unlink_file(dir, P("sub/")), ISDIR);
  ANSWERS(sys_path_unlink_file(dir, P(".")), ISDIR, INVAL, BUSY, PERM);
  ANSWERS(sys_path_unlink_file(dir, P("sub/..")), ISDIR, INVAL, BUSY, PERM);
  make_file(dir, "file", "x");
  ANSWERS(sys_path_unlink_file(dir, P("file/")), NOTDIR);
  ANSWERS(sys_path_unlink_file(dir, P("file/.")), NOTDIR);
  HOLDS(file_holds(dir, "file", "x"));
  make_symlink(dir, "file", "link");
  make_symlink(dir, "sub", "to-sub");
  OK(sys_path_unlink_file(dir, P("link")));
  OK(sys_path_unlink_file(dir, P("to-sub")));
  HOLDS(exists(dir, "file") && exists(dir, "sub"));
  make_symlink(dir, "nowhere", "dangling");
  OK(sys_path_unlink_file(dir, P("dangling")));
  HOLDS(!exists(dir, "dangling"));
}

static void removing(fd_t dir) {
  OK(sys_path_remove_directory(dir, P("sub")));
  HOLDS(!exists(dir, "sub"));
  ANSWERS(sys_path_remove_directory(dir, P("sub")), NOENT);
  ANSWERS(sys_path_remove_directory(dir, P("")), NOENT, INVAL);
  make_directory(dir, "sub");
  OK(sys_path_remove_directory(dir, P("sub/")));
  HOLDS(!exists(dir, "sub"));
  make_directory(dir, "sub");
  make_directory(dir, "sub/inner");
  ANSWERS(sys_path_remove_directory(dir, P("sub")), NOTEMPTY);
  OK(sys_path_remove_directory(dir, P("sub/inner")));
  make_file(dir, "sub/file", "");
  ANSWERS(sys_path_remove_directory(dir, P("sub")), NOTEMPTY);
  ANSWERS(sys_path_remove_directory(dir, P("sub/")), NOTEMPTY);
  OK(sys_path_unlink_file(dir, P("sub/file")));
  make_symlink(dir, "nowhere", "sub/link");
  ANSWERS(sys_path_remove_directory(dir, P("sub")), NOTEMPTY);
  OK(sys_path_unlink_file(dir, P("sub/link")));
  ANSWERS(sys_path_remove_directory(dir, P("file")), NOTDIR);
  ANSWERS(sys_path_remove_directory(dir, P("file/")), NOTDIR);
  make_symlink(dir, "sub", "to-sub");
  ANSWERS(sys_path_remove_directory(dir, P("to-sub")), NOTDIR);
  ANSWERS(sys_path_remove_directory(dir, P("sub/.")), INVAL);
  ANSWERS(sys_path_remove_directory(dir, P(".")), INVAL, BUSY, NOTEMPTY);
  ANSWERS(sys_path_remove_directory(dir, P("sub/..")), INVAL, BUSY, NOTEMPTY);
  HOLDS(exists(dir, "sub"));
}

static void creating(fd_t dir) {
  ANSWERS(sys_path_create_directory(dir, P("sub")), EXIST);
  ANSWERS(sys_path_create_directory(dir, P("sub/")), EXIST);
  ANSWERS(sys_path_create_directory(dir, P("file")), EXIST);
  ANSWERS(sys_path_create_directory(dir, P("file/")), EXIST, NOTDIR);
  ANSWERS(sys_path_create_directory(dir, P("to-sub")), EXIST);
  ANSWERS(sys_path_create_directory(dir, P(".")), EXIST);
  ANSWERS(sys_path_create_directory(dir, P("sub/..")), EXIST);
  ANSWERS(sys_path_create_directory(dir, P("")), NOENT, INVAL);
  ANSWERS(sys_path_create_directory(dir, P("missing/x")), NOENT);
  OK(sys_path_create_directory(dir, P("slashed/")));
  OK(sys_path_create_directory(dir, P("slashed/inner///")));
  OK(sys_path_create_directory(dir, P("to-sub/through")));
  OK(stat_at(dir, "sub/through", &stat));
  EQUAL(stat.filetype, __WASI_FILETYPE_DIRECTORY);
  fd_t made = open_directory(dir, "slashed/inner");
  EQUAL(entry_count(made), 0);
  OK(sys_fd_close(made));
}

/* A file without a name is a file until the last descriptor goes. */
static void open_when_removed(fd_t dir) {
  make_file(dir, "open", "content");
  fd_t fd = OPEN(dir, "open", 0, FILE_RIGHTS), second = OPEN(dir, "open", 0, FILE_RIGHTS);
  OK(sys_path_unlink_file(dir, P("open")));
  HOLDS(!exists(dir, "open"));
  EQUAL(filestat_of(fd).nlink, 0);
  EQUAL(filestat_of(fd).size, 7);
  OK(read_bytes(fd, buffer, 7, &size));
  EQUAL(size, 7);
  SAME_BYTES(buffer, "content", 7);
  OK(write_bytes(fd, " grows", 6, &size));
  EQUAL(filestat_of(second).size, 13);
  OK(sys_fd_close(fd));
  OK(pread_bytes(second, buffer, 20, 5, &size));
  EQUAL(size, 8);
  SAME_BYTES(buffer, "nt grows", 8);
  OK(sys_fd_filestat_set_size(second, 3));
  OK(sys_fd_sync(second));
  /* The name is free for another file. */
  make_file(dir, "open", "another");
  EQUAL(filestat_of(second).size, 3);
  filestat old = filestat_of(second);
  OK(stat_at(dir, "open", &stat));
  HOLDS(stat.ino != old.ino);
  OK(sys_fd_close(second));
  HOLDS(file_holds(dir, "open", "another"));
}

/* A directory without a name is empty, and stays so. */
static void directory_open_when_removed(fd_t dir) {
  make_directory(dir, "gone");
  fd_t gone = open_directory(dir, "gone"), fd = CLOSED_FD;
  OK(sys_path_remove_directory(dir, P("gone")));
  ANSWERS(sys_path_open(gone, 0, P("x"), CREAT, FILE_RIGHTS, 0, 0, &fd), NOENT);
  ANSWERS(sys_path_create_directory(gone, P("x")), NOENT);
  ANSWERS(sys_path_filestat_get(gone, 0, P("x"), &stat), NOENT);
  EQUAL(filestat_of(gone).filetype, __WASI_FILETYPE_DIRECTORY);
  EQUAL(entry_count(gone), 0);
  make_directory(dir, "gone");
  make_file(dir, "gone/x", "new");
  ANSWERS(sys_path_filestat_get(gone, 0, P("x"), &stat), NOENT);
  OK(sys_fd_close(gone));
}

int main(void) {
  fd_t dir = scratch("removing");
  unlinking(dir);
  removing(dir);
  creating(dir);
  open_when_removed(dir);
  directory_open_when_removed(dir);
  return finish();
}
