/* A file where a directory is wanted (NOTDIR), and a directory where a file is wanted. */
#include "check.h"

static char buffer[512];

static void file_as_directory(fd_t file, fd_t dir) {
  uint32_t word;
  ANSWERS(sys_path_open(file, 0, P("x"), 0, 0, 0, 0, &word), NOTDIR);
  ANSWERS(sys_path_open(file, 0, P("x"), CREAT, FILE_RIGHTS, 0, 0, &word), NOTDIR);
  ANSWERS(sys_path_create_directory(file, P("x")), NOTDIR, BADF, NOTCAPABLE);
  ANSWERS(sys_path_filestat_get(file, 0, P("x"), buffer), NOTDIR, BADF, NOTCAPABLE);
  ANSWERS(sys_path_filestat_set_times(file, 0, P("x"), 0, 0, 0), NOTDIR, BADF, NOTCAPABLE);
  ANSWERS(sys_path_link(file, 0, P("x"), dir, P("y")), NOTDIR, BADF, NOTCAPABLE);
  ANSWERS(sys_path_link(dir, 0, P("file"), file, P("y")), NOTDIR, BADF, NOTCAPABLE);
  ANSWERS(sys_path_readlink(file, P("x"), buffer, sizeof buffer, &word), NOTDIR, BADF, NOTCAPABLE);
  ANSWERS(sys_path_remove_directory(file, P("x")), NOTDIR, BADF, NOTCAPABLE);
  ANSWERS(sys_path_rename(file, P("x"), dir, P("y")), NOTDIR, BADF, NOTCAPABLE);
  ANSWERS(sys_path_rename(dir, P("file"), file, P("y")), NOTDIR, BADF, NOTCAPABLE);
  ANSWERS(sys_path_symlink(P("x"), file, P("y")), NOTDIR, BADF, NOTCAPABLE);
  ANSWERS(sys_path_unlink_file(file, P("x")), NOTDIR, BADF, NOTCAPABLE);
  ANSWERS(sys_fd_readdir(file, buffer, sizeof buffer, 0, &word), NOTDIR, BADF, NOTCAPABLE);
  ANSWERS(sys_fd_prestat_get(file, buffer), BADF, NOTDIR, INVAL);
  ANSWERS(sys_fd_prestat_dir_name(file, buffer, sizeof buffer), BADF, NOTDIR, INVAL);
}

static void directory_as_file(fd_t dir) {
  iovec part = {buffer, sizeof buffer};
  uint32_t word;
  uint64_t wide;
  ANSWERS(sys_fd_read(dir, &part, 1, &word), ISDIR, BADF, NOTCAPABLE);
  ANSWERS(sys_fd_pread(dir, &part, 1, 0, &word), ISDIR, BADF, NOTCAPABLE);
  ANSWERS(sys_fd_write(dir, &part, 1, &word), ISDIR, BADF, NOTCAPABLE);
  ANSWERS(sys_fd_pwrite(dir, &part, 1, 0, &word), ISDIR, BADF, NOTCAPABLE);
  for (uint32_t whence = 0; whence < 3; whence++)
    ANSWERS(sys_fd_seek(dir, 0, whence, &wide), ISDIR, BADF, NOTCAPABLE);
  ANSWERS(sys_fd_tell(dir, &wide), ISDIR, BADF, NOTCAPABLE);
  ANSWERS(sys_fd_allocate(dir, 0, 0), ISDIR, BADF, NOTCAPABLE);
  ANSWERS(sys_fd_filestat_set_size(dir, 0), ISDIR, INVAL, BADF, NOTCAPABLE);
  /* POSIX and WAMR answer 0, Wasmtime an errno: no program may be stopped by either. */
  ANSWERS(sys_fd_advise(dir, 0, 0, 0), SUCCESS, ISDIR, BADF, NOTCAPABLE);
  ANSWERS(sys_fd_sync(dir), SUCCESS, ISDIR, BADF, NOTCAPABLE);
  ANSWERS(sys_fd_datasync(dir), SUCCESS, ISDIR, BADF, NOTCAPABLE);
  EQUAL(filestat_of(dir).filetype, __WASI_FILETYPE_DIRECTORY);
  EQUAL(fdstat_of(dir).fs_filetype, __WASI_FILETYPE_DIRECTORY);
  EQUAL(fdstat_of(dir).fs_flags, 0);
  EQUAL(fdstat_of(dir).fs_rights_base & (RIGHT(FD_SEEK) | RIGHT(FD_FILESTAT_SET_SIZE)), 0);
}

int main(void) {
  fd_t dir = scratch("wrong-kind");
  make_file(dir, "file", "content");
  fd_t file = OPEN(dir, "file", 0, FILE_RIGHTS);
  file_as_directory(file, dir);
  directory_as_file(dir);
  directory_as_file(PREOPEN);
  /* Asking for the right to seek in a directory does not give it. */
  fd_t seekable = CLOSED_FD;
  uint64_t wide;
  OK(sys_path_open(dir, 0, P("."), DIRECTORY, RIGHT(FD_SEEK), 0, 0, &seekable));
  ANSWERS(sys_fd_seek(seekable, 0, 1, &wide), BADF, NOTCAPABLE);
  EQUAL(fdstat_of(seekable).fs_rights_base & RIGHT(FD_SEEK), 0);
  OK(sys_fd_close(seekable));
  /* A component of a path that is a file. */
  uint32_t word;
  ANSWERS(sys_path_open(dir, 0, P("file/x"), 0, 0, 0, 0, &word), NOTDIR);
  ANSWERS(sys_path_open(dir, 0, P("file/."), 0, 0, 0, 0, &word), NOTDIR);
  ANSWERS(sys_path_open(dir, 0, P("file/.."), 0, 0, 0, 0, &word), NOTDIR);
  ANSWERS(sys_path_open(dir, 0, P("file/x"), CREAT, FILE_RIGHTS, 0, 0, &word), NOTDIR);
  ANSWERS(sys_path_create_directory(dir, P("file/x")), NOTDIR);
  ANSWERS(sys_path_filestat_get(dir, 0, P("file/x"), buffer), NOTDIR);
  ANSWERS(sys_path_filestat_set_times(dir, 0, P("file/x"), 0, 0, 0), NOTDIR);
  ANSWERS(sys_path_link(dir, 0, P("file/x"), dir, P("y")), NOTDIR);
  ANSWERS(sys_path_link(dir, 0, P("file"), dir, P("file/y")), NOTDIR);
  ANSWERS(sys_path_readlink(dir, P("file/x"), buffer, sizeof buffer, &word), NOTDIR);
  ANSWERS(sys_path_remove_directory(dir, P("file/x")), NOTDIR);
  ANSWERS(sys_path_rename(dir, P("file/x"), dir, P("y")), NOTDIR);
  ANSWERS(sys_path_rename(dir, P("file"), dir, P("file/y")), NOTDIR);
  ANSWERS(sys_path_symlink(P("x"), dir, P("file/y")), NOTDIR);
  ANSWERS(sys_path_unlink_file(dir, P("file/x")), NOTDIR);
  HOLDS(file_holds(dir, "file", "content"));
  return finish();
}
