/* fd_fdstat_get, fd_fdstat_set_rights: rights only shrink, and a directory hands on only what it may.
 * A host without rights (it reports none, or refuses to change them with NOTSUP) skips what needs them. */
#include "check.h"

static uint32_t size;
static char buffer[16];

/* What one right withheld does to the call that needs it. */
static void check_refused(fd_t fd, uint64_t right) {
  iovec part = {buffer, 4};
  uint64_t position;
  fdstat now_has = fdstat_of(fd);
  if (!OK(sys_fd_fdstat_set_rights(fd, now_has.fs_rights_base & ~right, now_has.fs_rights_inheriting)))
    return;
  EQUAL(fdstat_of(fd).fs_rights_base & right, 0);
  if (right == RIGHT(FD_READ)) ANSWERS(sys_fd_read(fd, &part, 1, &size), BADF, NOTCAPABLE);
  if (right == RIGHT(FD_READ)) ANSWERS(sys_fd_pread(fd, &part, 1, 0, &size), BADF, NOTCAPABLE);
  if (right == RIGHT(FD_WRITE)) ANSWERS(sys_fd_write(fd, &part, 1, &size), BADF, NOTCAPABLE);
  if (right == RIGHT(FD_WRITE)) ANSWERS(sys_fd_pwrite(fd, &part, 1, 0, &size), BADF, NOTCAPABLE);
  if (right == RIGHT(FD_SEEK)) ANSWERS(sys_fd_seek(fd, 1, 0, &position), BADF, NOTCAPABLE);
  if (right == RIGHT(FD_ALLOCATE)) ANSWERS(sys_fd_allocate(fd, 0, 100), BADF, NOTCAPABLE);
  if (right == RIGHT(FD_FILESTAT_SET_SIZE)) ANSWERS(sys_fd_filestat_set_size(fd, 0), BADF, NOTCAPABLE);
  if (right == RIGHT(FD_FILESTAT_SET_TIMES))
    ANSWERS(sys_fd_filestat_set_times(fd, 1, 1, 5), BADF, NOTCAPABLE);
  if (right == RIGHT(FD_FDSTAT_SET_FLAGS)) ANSWERS(sys_fd_fdstat_set_flags(fd, 0), BADF, NOTCAPABLE);
  if (right == RIGHT(FD_ADVISE)) ANSWERS(sys_fd_advise(fd, 0, 0, 0), BADF, NOTCAPABLE);
  if (right == RIGHT(FD_SYNC)) ANSWERS(sys_fd_sync(fd), BADF, NOTCAPABLE);
  if (right == RIGHT(FD_DATASYNC)) ANSWERS(sys_fd_datasync(fd), BADF, NOTCAPABLE);
  /* What is gone does not come back. */
  ANSWERS(sys_fd_fdstat_set_rights(fd, now_has.fs_rights_base, now_has.fs_rights_inheriting), NOTCAPABLE);
  EQUAL(fdstat_of(fd).fs_rights_base & right, 0);
}

static void shrinking(fd_t dir) {
  static const uint64_t each[] = {RIGHT(FD_READ),
                                  RIGHT(FD_WRITE),
                                  RIGHT(FD_SEEK),
                                  RIGHT(FD_ALLOCATE),
                                  RIGHT(FD_FILESTAT_SET_SIZE),
                                  RIGHT(FD_FILESTAT_SET_TIMES),
                                  RIGHT(FD_FDSTAT_SET_FLAGS),
                                  RIGHT(FD_ADVISE),
                                  RIGHT(FD_SYNC),
                                  RIGHT(FD_DATASYNC)};
  for (uint32_t i = 0; i < 10; i++) {
    fd_t fd = OPEN(dir, "file", 0, FILE_RIGHTS);
    if (fdstat_of(fd).fs_rights_base & each[i]) check_refused(fd, each[i]);
    OK(sys_fd_close(fd));
  }
  HOLDS(file_holds(dir, "file", "content"));
  fd_t fd = OPEN(dir, "file", 0, FILE_RIGHTS);
  fdstat before = fdstat_of(fd);
  OK(sys_fd_fdstat_set_rights(fd, before.fs_rights_base, before.fs_rights_inheriting));
  EQUAL(fdstat_of(fd).fs_rights_base, before.fs_rights_base);
  OK(sys_fd_fdstat_set_rights(fd, 0, 0));
  EQUAL(fdstat_of(fd).fs_rights_base, 0);
  EQUAL(fdstat_of(fd).fs_rights_inheriting, 0);
  OK(sys_fd_close(fd));
  /* Another descriptor of the same file keeps its own. */
  fd = OPEN(dir, "file", 0, FILE_RIGHTS);
  OK(read_bytes(fd, buffer, 4, &size));
  OK(sys_fd_close(fd));
}

static fd_t directory_without(fd_t dir, uint64_t base, uint64_t inheriting) {
  fd_t fd = open_directory(dir, "sub");
  fdstat all = fdstat_of(fd);
  OK(sys_fd_fdstat_set_rights(fd, all.fs_rights_base & ~base, all.fs_rights_inheriting & ~inheriting));
  return fd;
}

static void directories(fd_t dir) {
  fd_t fd, opened = CLOSED_FD;
  filestat stat;
  make_directory(dir, "sub");
  make_file(dir, "sub/file", "content");
  make_symlink(dir, "file", "sub/link");

  fd = directory_without(dir, RIGHT(PATH_OPEN), 0);
  ANSWERS(sys_path_open(fd, 0, P("file"), 0, 0, 0, 0, &opened), NOTCAPABLE, PERM, ACCES);
  OK(sys_fd_close(fd));
  fd = directory_without(dir, RIGHT(PATH_CREATE_FILE), 0);
  ANSWERS(sys_path_open(fd, 0, P("new"), CREAT, 0, 0, 0, &opened), NOTCAPABLE, PERM, ACCES);
  OK(sys_path_open(fd, 0, P("file"), 0, RIGHT(FD_READ), 0, 0, &opened));
  OK(sys_fd_close(opened));
  OK(sys_fd_close(fd));
  fd = directory_without(dir, RIGHT(PATH_FILESTAT_SET_SIZE), 0);
  ANSWERS(sys_path_open(fd, 0, P("file"), TRUNC, 0, 0, 0, &opened), PERM, NOTCAPABLE, ACCES);
  OK(sys_fd_close(fd));
  fd = directory_without(dir, 0, RIGHT(FD_FILESTAT_SET_SIZE));
  make_file(dir, "sub/cut", "content");
  OK(sys_path_open(fd, 0, P("cut"), TRUNC, 0, 0, 0, &opened));
  OK(sys_fd_close(opened));
  OK(sys_fd_close(fd));
  fd = directory_without(dir, RIGHT(FD_READDIR), 0);
  ANSWERS(sys_fd_readdir(fd, buffer, sizeof buffer, 0, &size), NOTCAPABLE, BADF, PERM, ACCES);
  OK(sys_fd_close(fd));
  fd = directory_without(dir, RIGHT(PATH_READLINK), 0);
  ANSWERS(sys_path_readlink(fd, P("link"), buffer, sizeof buffer, &size), NOTCAPABLE, PERM, ACCES);
  OK(sys_fd_close(fd));
  fd = directory_without(dir, RIGHT(PATH_RENAME_SOURCE), 0);
  ANSWERS(sys_path_rename(fd, P("file"), dir, P("x")), NOTCAPABLE, PERM, ACCES);
  OK(sys_fd_close(fd));
  fd = directory_without(dir, RIGHT(PATH_RENAME_TARGET), 0);
  ANSWERS(sys_path_rename(dir, P("file"), fd, P("x")), NOTCAPABLE, PERM, ACCES);
  OK(sys_fd_close(fd));
  fd = directory_without(dir, RIGHT(PATH_LINK_SOURCE), 0);
  ANSWERS(sys_path_link(fd, 0, P("file"), dir, P("x")), NOTCAPABLE, PERM, ACCES);
  OK(sys_fd_close(fd));
  fd = directory_without(dir, RIGHT(PATH_LINK_TARGET), 0);
  ANSWERS(sys_path_link(dir, 0, P("file"), fd, P("x")), NOTCAPABLE, PERM, ACCES);
  OK(sys_fd_close(fd));
  fd = directory_without(dir, RIGHT(PATH_SYMLINK), 0);
  ANSWERS(sys_path_symlink(P("x"), fd, P("y")), NOTCAPABLE, PERM, ACCES);
  OK(sys_fd_close(fd));
  fd = directory_without(dir, RIGHT(PATH_UNLINK_FILE), 0);
  ANSWERS(sys_path_unlink_file(fd, P("file")), NOTCAPABLE, PERM, ACCES);
  OK(sys_fd_close(fd));
  fd = directory_without(dir, RIGHT(PATH_CREATE_DIRECTORY), 0);
  ANSWERS(sys_path_create_directory(fd, P("d")), NOTCAPABLE, PERM, ACCES);
  OK(sys_fd_close(fd));
  fd = directory_without(dir, RIGHT(PATH_REMOVE_DIRECTORY), 0);
  make_directory(dir, "sub/d");
  ANSWERS(sys_path_remove_directory(fd, P("d")), NOTCAPABLE, PERM, ACCES);
  OK(sys_fd_close(fd));
  fd = directory_without(dir, RIGHT(PATH_FILESTAT_GET), 0);
  ANSWERS(sys_path_filestat_get(fd, 0, P("file"), &stat), NOTCAPABLE, PERM, ACCES);
  OK(sys_fd_close(fd));
  fd = directory_without(dir, RIGHT(PATH_FILESTAT_SET_TIMES), 0);
  ANSWERS(sys_path_filestat_set_times(fd, 0, P("file"), 1, 1, 5), NOTCAPABLE, PERM, ACCES);
  OK(sys_fd_close(fd));
  HOLDS(file_holds(dir, "sub/file", "content"));
}

/* What a directory may not hand on, no descriptor opened through it has, however it is asked. */
static void inheriting(fd_t dir) {
  fd_t fd = directory_without(dir, 0, RIGHT(FD_WRITE)), opened = CLOSED_FD;
  errno_of_call code = sys_path_open(fd, 0, P("file"), 0, RIGHT(FD_READ) | RIGHT(FD_WRITE), 0, 0, &opened);
  ANSWERS_FOR("asking for a right that is not handed on", code, SUCCESS, NOTCAPABLE, PERM, ACCES);
  if (code == 0) {
    EQUAL(fdstat_of(opened).fs_rights_base & RIGHT(FD_WRITE), 0);
    ANSWERS(write_bytes(opened, "x", 1, &size), BADF, NOTCAPABLE);
    OK(sys_fd_close(opened));
  }
  code = sys_path_open(fd, 0, P("."), DIRECTORY, fdstat_of(fd).fs_rights_base, ~0ull >> 35, 0, &opened);
  ANSWERS_FOR("asking to hand on more", code, SUCCESS, NOTCAPABLE, PERM, ACCES);
  if (code == 0) {
    EQUAL(fdstat_of(opened).fs_rights_inheriting & RIGHT(FD_WRITE), 0);
    OK(sys_fd_close(opened));
  }
  ANSWERS(sys_fd_fdstat_set_rights(fd, fdstat_of(fd).fs_rights_base,
                                   fdstat_of(fd).fs_rights_inheriting | RIGHT(FD_WRITE)),
          NOTCAPABLE);
  OK(sys_fd_close(fd));
  HOLDS(file_holds(dir, "sub/file", "content"));
}

static void reported(fd_t dir) {
  fd_t fd = OPEN(dir, "file", 0, RIGHT(FD_READ));
  EQUAL(fdstat_of(fd).fs_rights_base & (RIGHT(FD_READ) | RIGHT(FD_WRITE)), RIGHT(FD_READ));
  OK(sys_fd_close(fd));
  fd = OPEN(dir, "file", 0, RIGHT(FD_WRITE));
  EQUAL(fdstat_of(fd).fs_rights_base & (RIGHT(FD_READ) | RIGHT(FD_WRITE)), RIGHT(FD_WRITE));
  OK(sys_fd_close(fd));
  /* A file has no rights to paths, even if they are asked for. */
  OK(sys_path_open(dir, 0, P("file"), 0, RIGHT(FD_READ) | RIGHT(PATH_FILESTAT_GET), RIGHT(PATH_OPEN), 0,
                   &fd));
  EQUAL(fdstat_of(fd).fs_rights_base & RIGHT(PATH_FILESTAT_GET), 0);
  OK(sys_fd_close(fd));
}

int main(void) {
  fd_t dir = scratch("rights");
  make_file(dir, "file", "content");
  reported(dir);
  fd_t probe = OPEN(dir, "file", 0, FILE_RIGHTS);
  fdstat all = fdstat_of(probe);
  errno_of_call code = sys_fd_fdstat_set_rights(probe, all.fs_rights_base & ~RIGHT(FD_READ), 0);
  ANSWERS_FOR("fd_fdstat_set_rights", code, SUCCESS, NOTSUP);
  OK(sys_fd_close(probe));
  if (code != 0) return finish();
  shrinking(dir);
  directories(dir);
  inheriting(dir);
  return finish();
}
