/* sqlite DB SQL...: runs each SQL text on the database file and prints rows, columns apart by `|`. An SQL
 * that begins with `@` is the name of a file of SQL. The file system underneath is a VFS of its own over
 * plain calls: one process, no locks, no shared memory, no mapping; journals and fsync as everywhere (power
 * cuts are tested). */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include "sqlite3.h"

typedef struct {
  sqlite3_file base;
  int fd;
  char *remove_at_close;
} File;

static int file_close(sqlite3_file *file) {
  File *self = (File *)file;
  int wrong = close(self->fd) != 0;
  if (self->remove_at_close != NULL) unlink(self->remove_at_close);
  free(self->remove_at_close);
  return wrong ? SQLITE_IOERR_CLOSE : SQLITE_OK;
}

static int file_read(sqlite3_file *file, void *bytes, int size, sqlite3_int64 offset) {
  int total = 0;
  while (total < size) {
    ssize_t got = pread(((File *)file)->fd, (char *)bytes + total, (size_t)(size - total), offset + total);
    if (got < 0) return SQLITE_IOERR_READ;
    if (got == 0) {
      memset((char *)bytes + total, 0, (size_t)(size - total));
      return SQLITE_IOERR_SHORT_READ;
    }
    total += (int)got;
  }
  return SQLITE_OK;
}

static int file_write(sqlite3_file *file, const void *bytes, int size, sqlite3_int64 offset) {
  for (int total = 0; total < size;) {
    ssize_t put =
        pwrite(((File *)file)->fd, (const char *)bytes + total, (size_t)(size - total), offset + total);
    if (put <= 0) return errno == ENOSPC ? SQLITE_FULL : SQLITE_IOERR_WRITE;
    total += (int)put;
  }
  return SQLITE_OK;
}

static int file_truncate(sqlite3_file *file, sqlite3_int64 size) {
  return ftruncate(((File *)file)->fd, size) == 0 ? SQLITE_OK : SQLITE_IOERR_TRUNCATE;
}

static int file_sync(sqlite3_file *file, int flags) {
  return fsync(((File *)file)->fd) == 0 ? SQLITE_OK : SQLITE_IOERR_FSYNC;
}

static int file_size(sqlite3_file *file, sqlite3_int64 *size) {
  struct stat stat;
  if (fstat(((File *)file)->fd, &stat) != 0) return SQLITE_IOERR_FSTAT;
  *size = stat.st_size;
  return SQLITE_OK;
}

static int file_lock(sqlite3_file *file, int level) { return SQLITE_OK; }

static int file_check_lock(sqlite3_file *file, int *locked) {
  *locked = 0;
  return SQLITE_OK;
}

static int file_control(sqlite3_file *file, int operation, void *argument) { return SQLITE_NOTFOUND; }
static int file_sector_size(sqlite3_file *file) { return 512; }
static int file_characteristics(sqlite3_file *file) { return 0; }

static const sqlite3_io_methods methods = {
    1,
    file_close,
    file_read,
    file_write,
    file_truncate,
    file_sync,
    file_size,
    file_lock,
    file_lock,
    file_check_lock,
    file_control,
    file_sector_size,
    file_characteristics,
};

static int vfs_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out_flags) {
  static int temporaries;
  char temporary[32];
  File *self = (File *)file;
  memset(self, 0, sizeof *self);
  if (name == NULL) {
    snprintf(temporary, sizeof temporary, "/sqlite-temporary-%d", temporaries++);
    name = temporary;
  }
  int mode = (flags & SQLITE_OPEN_READWRITE ? O_RDWR : O_RDONLY) |
             (flags & SQLITE_OPEN_CREATE ? O_CREAT : 0) | (flags & SQLITE_OPEN_EXCLUSIVE ? O_EXCL : 0);
  self->fd = open(name, mode, 0666);
  if (self->fd < 0) return SQLITE_CANTOPEN;
  if (flags & SQLITE_OPEN_DELETEONCLOSE) self->remove_at_close = strdup(name);
  self->base.pMethods = &methods;
  if (out_flags != NULL) *out_flags = flags;
  return SQLITE_OK;
}

static int vfs_delete(sqlite3_vfs *vfs, const char *name, int sync_directory) {
  if (unlink(name) == 0) return SQLITE_OK;
  return errno == ENOENT ? SQLITE_IOERR_DELETE_NOENT : SQLITE_IOERR_DELETE;
}

static int vfs_access(sqlite3_vfs *vfs, const char *name, int flags, int *result) {
  struct stat stat_of;
  *result = stat(name, &stat_of) == 0;
  return SQLITE_OK;
}

static int vfs_full_name(sqlite3_vfs *vfs, const char *name, int size, char *out) {
  snprintf(out, (size_t)size, name[0] == '/' ? "%s" : "/%s", name);
  return SQLITE_OK;
}

static int vfs_randomness(sqlite3_vfs *vfs, int size, char *out) {
  getentropy(out, (size_t)(size > 256 ? 256 : size));
  return size;
}

static int vfs_sleep(sqlite3_vfs *vfs, int micros) {
  usleep((useconds_t)micros);
  return micros;
}

static int vfs_time(sqlite3_vfs *vfs, sqlite3_int64 *out) {
  struct timespec time;
  clock_gettime(CLOCK_REALTIME, &time);
  *out = 210866760000000ll + time.tv_sec * 1000ll + time.tv_nsec / 1000000; /* Julian day, in milliseconds */
  return SQLITE_OK;
}

static int vfs_day(sqlite3_vfs *vfs, double *out) {
  sqlite3_int64 time;
  vfs_time(vfs, &time);
  *out = (double)time / 86400000.0;
  return SQLITE_OK;
}

static int vfs_error(sqlite3_vfs *vfs, int size, char *out) { return errno; }

int sqlite3_os_init(void) {
  static sqlite3_vfs vfs = {
      .iVersion = 2,
      .szOsFile = sizeof(File),
      .mxPathname = 512,
      .zName = "wasi",
      .xOpen = vfs_open,
      .xDelete = vfs_delete,
      .xAccess = vfs_access,
      .xFullPathname = vfs_full_name,
      .xRandomness = vfs_randomness,
      .xSleep = vfs_sleep,
      .xCurrentTime = vfs_day,
      .xGetLastError = vfs_error,
      .xCurrentTimeInt64 = vfs_time,
  };
  return sqlite3_vfs_register(&vfs, 1);
}

int sqlite3_os_end(void) { return SQLITE_OK; }

static int print_row(void *ignored, int count, char **values, char **names) {
  for (int i = 0; i < count; i++) printf(i > 0 ? "|%s" : "%s", values[i] != NULL ? values[i] : "");
  putchar('\n');
  fflush(stdout);
  return 0;
}

static int run(sqlite3 *database, const char *sql) {
  char *error = NULL;
  if (sqlite3_exec(database, sql, print_row, NULL, &error) == SQLITE_OK) return 0;
  fprintf(stderr, "sqlite: %s\n", error != NULL ? error : sqlite3_errmsg(database));
  sqlite3_free(error);
  return 1;
}

static int run_file(sqlite3 *database, const char *path) {
  FILE *file = fopen(path, "rb");
  if (file == NULL) return fprintf(stderr, "sqlite: %s: %s\n", path, strerror(errno)), 1;
  fseek(file, 0, SEEK_END);
  long size = ftell(file);
  rewind(file);
  char *text = calloc(1, (size_t)size + 1);
  fread(text, 1, (size_t)size, file);
  fclose(file);
  int status = run(database, text);
  free(text);
  return status;
}

int main(int argc, char **argv) {
  sqlite3 *database = NULL;
  if (argc < 2) return fprintf(stderr, "usage: sqlite DB SQL...\n"), 2;
  if (sqlite3_open(argv[1], &database) != SQLITE_OK)
    return fprintf(stderr, "sqlite: %s: %s\n", argv[1], sqlite3_errmsg(database)), 2;
  int status = 0;
  for (int i = 2; i < argc && status == 0; i++)
    status = argv[i][0] == '@' ? run_file(database, argv[i] + 1) : run(database, argv[i]);
  if (sqlite3_close(database) != SQLITE_OK) status = 1;
  return status;
}
