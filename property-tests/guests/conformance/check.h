/* The harness of the conformance programs: the 46 raw preview 1 imports, checks, and a scratch directory.
 *
 * A program is one topic. It takes a fresh directory of its own inside preopen 3, makes calls, and says what
 * it expected of each. A check that fails prints one line; the last line is `ok N checks` (exit code 0) or
 * `FAILED K of N checks` (exit code 1). No libc call that makes a system call is used: what is tested is the
 * import itself, with the pointers, lengths and flags that libc would never pass.
 *
 * OK(call)                    the call answers SUCCESS
 * ANSWERS(call, E1, E2 ...)   the call answers one of these errnos (names without the E: NOENT, NOTDIR)
 * EQUAL(got, wanted)          two integers
 * HOLDS(condition)            a statement is true
 * HOSTILE(call, E1, E2 ...)   ANSWERS, for a call whose arguments no compiler would make
 * SAME_BYTES(got, wanted, n)  two byte strings
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <wasi/api.h>

typedef uint32_t fd_t;
typedef uint32_t errno_of_call;

#define IMPORT(name) __attribute__((import_module("wasi_snapshot_preview1"), import_name(#name)))

IMPORT(args_get)
errno_of_call sys_args_get(void *argv, void *buf);
IMPORT(args_sizes_get)
errno_of_call sys_args_sizes_get(void *count, void *size);
IMPORT(environ_get)
errno_of_call sys_environ_get(void *envp, void *buf);
IMPORT(environ_sizes_get)
errno_of_call sys_environ_sizes_get(void *count, void *size);
IMPORT(clock_res_get)
errno_of_call sys_clock_res_get(uint32_t id, void *out);
IMPORT(clock_time_get)
errno_of_call sys_clock_time_get(uint32_t id, uint64_t precision, void *out);
IMPORT(fd_advise)
errno_of_call sys_fd_advise(fd_t fd, uint64_t offset, uint64_t len, uint32_t advice);
IMPORT(fd_allocate)
errno_of_call sys_fd_allocate(fd_t fd, uint64_t offset, uint64_t len);
IMPORT(fd_close)
errno_of_call sys_fd_close(fd_t fd);
IMPORT(fd_datasync)
errno_of_call sys_fd_datasync(fd_t fd);
IMPORT(fd_fdstat_get)
errno_of_call sys_fd_fdstat_get(fd_t fd, void *out);
IMPORT(fd_fdstat_set_flags)
errno_of_call sys_fd_fdstat_set_flags(fd_t fd, uint32_t flags);
IMPORT(fd_fdstat_set_rights)
errno_of_call sys_fd_fdstat_set_rights(fd_t fd, uint64_t base, uint64_t inheriting);
IMPORT(fd_filestat_get)
errno_of_call sys_fd_filestat_get(fd_t fd, void *out);
IMPORT(fd_filestat_set_size)
errno_of_call sys_fd_filestat_set_size(fd_t fd, uint64_t size);
IMPORT(fd_filestat_set_times)
errno_of_call sys_fd_filestat_set_times(fd_t fd, uint64_t atim, uint64_t mtim, uint32_t flags);
IMPORT(fd_pread)
errno_of_call sys_fd_pread(fd_t fd, const void *iovs, uint32_t count, uint64_t offset, void *nread);
IMPORT(fd_prestat_get)
errno_of_call sys_fd_prestat_get(fd_t fd, void *out);
IMPORT(fd_prestat_dir_name)
errno_of_call sys_fd_prestat_dir_name(fd_t fd, void *path, uint32_t len);
IMPORT(fd_pwrite)
errno_of_call sys_fd_pwrite(fd_t fd, const void *iovs, uint32_t count, uint64_t offset, void *nwritten);
IMPORT(fd_read)
errno_of_call sys_fd_read(fd_t fd, const void *iovs, uint32_t count, void *nread);
IMPORT(fd_readdir)
errno_of_call sys_fd_readdir(fd_t fd, void *buf, uint32_t len, uint64_t cookie, void *used);
IMPORT(fd_renumber)
errno_of_call sys_fd_renumber(fd_t from, fd_t to);
IMPORT(fd_seek)
errno_of_call sys_fd_seek(fd_t fd, int64_t offset, uint32_t whence, void *position);
IMPORT(fd_sync)
errno_of_call sys_fd_sync(fd_t fd);
IMPORT(fd_tell)
errno_of_call sys_fd_tell(fd_t fd, void *position);
IMPORT(fd_write)
errno_of_call sys_fd_write(fd_t fd, const void *iovs, uint32_t count, void *nwritten);
IMPORT(path_create_directory)
errno_of_call sys_path_create_directory(fd_t fd, const char *path, uint32_t len);
IMPORT(path_filestat_get)
errno_of_call sys_path_filestat_get(fd_t fd, uint32_t flags, const char *path, uint32_t len, void *out);
IMPORT(path_filestat_set_times)
errno_of_call sys_path_filestat_set_times(fd_t fd, uint32_t flags, const char *path, uint32_t len,
                                          uint64_t atim, uint64_t mtim, uint32_t fst_flags);
IMPORT(path_link)
errno_of_call sys_path_link(fd_t old_fd, uint32_t flags, const char *old_path, uint32_t old_len, fd_t new_fd,
                            const char *new_path, uint32_t new_len);
IMPORT(path_open)
errno_of_call sys_path_open(fd_t fd, uint32_t flags, const char *path, uint32_t len, uint32_t oflags,
                            uint64_t base, uint64_t inheriting, uint32_t fdflags, void *out);
IMPORT(path_readlink)
errno_of_call sys_path_readlink(fd_t fd, const char *path, uint32_t len, void *buf, uint32_t buf_len,
                                void *used);
IMPORT(path_remove_directory)
errno_of_call sys_path_remove_directory(fd_t fd, const char *path, uint32_t len);
IMPORT(path_rename)
errno_of_call sys_path_rename(fd_t fd, const char *old_path, uint32_t old_len, fd_t new_fd,
                              const char *new_path, uint32_t new_len);
IMPORT(path_symlink)
errno_of_call sys_path_symlink(const char *target, uint32_t target_len, fd_t fd, const char *path,
                               uint32_t len);
IMPORT(path_unlink_file)
errno_of_call sys_path_unlink_file(fd_t fd, const char *path, uint32_t len);
IMPORT(poll_oneoff)
errno_of_call sys_poll_oneoff(const void *subscriptions, void *events, uint32_t count, void *nevents);
IMPORT(proc_exit)
_Noreturn void sys_proc_exit(uint32_t code);
IMPORT(proc_raise)
errno_of_call sys_proc_raise(uint32_t signal);
IMPORT(random_get)
errno_of_call sys_random_get(void *buf, uint32_t len);
IMPORT(sched_yield)
errno_of_call sys_sched_yield(void);
IMPORT(sock_accept)
errno_of_call sys_sock_accept(fd_t fd, uint32_t flags, void *out);
IMPORT(sock_recv)
errno_of_call sys_sock_recv(fd_t fd, const void *iovs, uint32_t count, uint32_t flags, void *nread,
                            void *ro_flags);
IMPORT(sock_send)
errno_of_call sys_sock_send(fd_t fd, const void *iovs, uint32_t count, uint32_t flags, void *nwritten);
IMPORT(sock_shutdown)
errno_of_call sys_sock_shutdown(fd_t fd, uint32_t how);

typedef __wasi_filestat_t filestat;
typedef __wasi_fdstat_t fdstat;
typedef struct {
  void *at;
  uint32_t size;
} iovec;

#define PREOPEN 3u
#define CLOSED_FD 4000u
#define FOLLOW __WASI_LOOKUPFLAGS_SYMLINK_FOLLOW
#define NOFOLLOW 0u
#define CREAT __WASI_OFLAGS_CREAT
#define DIRECTORY __WASI_OFLAGS_DIRECTORY
#define EXCL __WASI_OFLAGS_EXCL
#define TRUNC __WASI_OFLAGS_TRUNC
#define RIGHT(name) __WASI_RIGHTS_##name

/* What a regular file may be asked for. */
#define READ_RIGHTS                                                                               \
  (RIGHT(FD_READ) | RIGHT(FD_SEEK) | RIGHT(FD_TELL) | RIGHT(FD_ADVISE) | RIGHT(FD_FILESTAT_GET) | \
   RIGHT(FD_FDSTAT_SET_FLAGS) | RIGHT(POLL_FD_READWRITE) | RIGHT(FD_SYNC) | RIGHT(FD_DATASYNC))
#define WRITE_RIGHTS                                                                         \
  (RIGHT(FD_WRITE) | RIGHT(FD_SEEK) | RIGHT(FD_TELL) | RIGHT(FD_ALLOCATE) | RIGHT(FD_SYNC) | \
   RIGHT(FD_DATASYNC) | RIGHT(FD_FILESTAT_GET) | RIGHT(FD_FILESTAT_SET_SIZE) |               \
   RIGHT(FD_FILESTAT_SET_TIMES) | RIGHT(FD_FDSTAT_SET_FLAGS) | RIGHT(POLL_FD_READWRITE))
#define FILE_RIGHTS (READ_RIGHTS | WRITE_RIGHTS)

/* A literal, or a C string, as the two arguments `pointer, length`. */
#define P(literal) (literal), (uint32_t)(sizeof(literal) - 1)
#define S(string) (string), (uint32_t)strlen(string)

/* ---- reporting ---- */

static uint32_t check_count, failure_count;

static void say_bytes(const char *text, uint32_t size) {
  while (size > 0) {
    iovec part = {(void *)text, size};
    uint32_t written = 0;
    if (sys_fd_write(1, &part, 1, &written) != 0 || written == 0) return;
    text += written;
    size -= written;
  }
}

typedef struct {
  char text[512];
  uint32_t size;
} line;

static void add(line *to, const char *text) {
  while (*text != 0 && to->size < sizeof to->text - 2) to->text[to->size++] = *text++;
}

static void add_number(line *to, uint64_t value) {
  char digits[21];
  int at = 20;
  digits[at] = 0;
  do digits[--at] = (char)('0' + value % 10);
  while ((value /= 10) != 0);
  add(to, digits + at);
}

static void end_line(line *to) {
  to->text[to->size++] = '\n';
  say_bytes(to->text, to->size);
}

static const char *errno_name(uint32_t code) {
  static const char names[] =
      "SUCCESS\0"
      "2BIG\0ACCES\0ADDRINUSE\0ADDRNOTAVAIL\0AFNOSUPPORT\0AGAIN\0ALREADY\0BADF\0BADMSG\0BUSY\0CANCELED\0"
      "CHILD\0CONNABORTED\0CONNREFUSED\0CONNRESET\0DEADLK\0DESTADDRREQ\0DOM\0DQUOT\0EXIST\0FAULT\0FBIG\0"
      "HOSTUNREACH\0IDRM\0ILSEQ\0INPROGRESS\0INTR\0INVAL\0IO\0ISCONN\0ISDIR\0LOOP\0MFILE\0MLINK\0MSGSIZE\0"
      "MULTIHOP\0NAMETOOLONG\0NETDOWN\0NETRESET\0NETUNREACH\0NFILE\0NOBUFS\0NODEV\0NOENT\0NOEXEC\0NOLCK\0NOLI"
      "NK\0"
      "NOMEM\0NOMSG\0NOPROTOOPT\0NOSPC\0NOSYS\0NOTCONN\0NOTDIR\0NOTEMPTY\0NOTRECOVERABLE\0NOTSOCK\0NOTSUP\0NO"
      "TTY\0"
      "NXIO\0OVERFLOW\0OWNERDEAD\0PERM\0PIPE\0PROTO\0PROTONOSUPPORT\0PROTOTYPE\0RANGE\0ROFS\0SPIPE\0SRCH\0STA"
      "LE\0"
      "TIMEDOUT\0TXTBSY\0XDEV\0NOTCAPABLE\0";
  const char *at = names;
  for (uint32_t i = 0; i < code && *at != 0; i++) at += strlen(at) + 1;
  return *at != 0 ? at : "no errno";
}

static line failure_at(const char *file, int number, const char *what) {
  failure_count++;
  line text = {.size = 0};
  add(&text, "FAIL ");
  add(&text, file);
  add(&text, ":");
  add_number(&text, (uint64_t)number);
  add(&text, " ");
  for (uint32_t i = 0; i < 120 && what[i] != 0; i++) text.text[text.size++] = what[i];
  return text;
}

static bool check_errno(const char *file, int number, const char *what, uint32_t got,
                        const uint8_t *allowed) {
  check_count++;
  for (const uint8_t *one = allowed; *one != 255; one++)
    if (*one == got) return true;
  line text = failure_at(file, number, what);
  add(&text, ": expected ");
  for (const uint8_t *one = allowed; *one != 255; one++) {
    if (one != allowed) add(&text, " or ");
    add(&text, errno_name(*one));
  }
  add(&text, ", got ");
  add(&text, errno_name(got));
  end_line(&text);
  return false;
}

static bool check_equal(const char *file, int number, const char *what, uint64_t got, uint64_t wanted) {
  check_count++;
  if (got == wanted) return true;
  line text = failure_at(file, number, what);
  add(&text, ": expected ");
  add_number(&text, wanted);
  add(&text, ", got ");
  add_number(&text, got);
  end_line(&text);
  return false;
}

static bool check_holds(const char *file, int number, const char *what, bool holds) {
  check_count++;
  if (holds) return true;
  line text = failure_at(file, number, what);
  add(&text, ": expected true, got false");
  end_line(&text);
  return false;
}

#define E1(a) __WASI_ERRNO_##a
#define E2(a, b) E1(a), E1(b)
#define E3(a, ...) E1(a), E2(__VA_ARGS__)
#define E4(a, ...) E1(a), E3(__VA_ARGS__)
#define E5(a, ...) E1(a), E4(__VA_ARGS__)
#define E6(a, ...) E1(a), E5(__VA_ARGS__)
#define PICK(_1, _2, _3, _4, _5, _6, NAME, ...) NAME
#define ERRNOS(...) ((const uint8_t[]){PICK(__VA_ARGS__, E6, E5, E4, E3, E2, E1)(__VA_ARGS__), 255})

#define ANSWERS(call, ...) check_errno(__FILE_NAME__, __LINE__, #call, (call), ERRNOS(__VA_ARGS__))
#define OK(call) check_errno(__FILE_NAME__, __LINE__, #call, (call), ERRNOS(SUCCESS))
#define EQUAL(got, wanted) check_equal(__FILE_NAME__, __LINE__, #got, (uint64_t)(got), (uint64_t)(wanted))
#define HOLDS(condition) check_holds(__FILE_NAME__, __LINE__, #condition, (condition))
#define SAME_BYTES(got, wanted, n) \
  check_holds(__FILE_NAME__, __LINE__, #got " has the bytes " #wanted, memcmp((got), (wanted), (n)) == 0)
/* Arguments outside of what the types allow: a pointer beyond the memory, an enum or flag without a name.
 * Wasmtime ends the program for them (so -DTAME, which leaves them out, runs there); the specification names
 * FAULT and INVAL. */
#ifdef TAME
#define HOSTILE(call, ...) ((void)0)
#else
#define HOSTILE(call, ...) check_errno(__FILE_NAME__, __LINE__, #call, (call), ERRNOS(__VA_ARGS__))
#endif
/* A check inside a loop over a table: the label tells which row. */
#define ANSWERS_FOR(label, call, ...) \
  check_errno(__FILE_NAME__, __LINE__, (label), (call), ERRNOS(__VA_ARGS__))

static int finish(void) {
  line text = {.size = 0};
  if (failure_count == 0) {
    add(&text, "ok ");
    add_number(&text, check_count);
  } else {
    add(&text, "FAILED ");
    add_number(&text, failure_count);
    add(&text, " of ");
    add_number(&text, check_count);
  }
  add(&text, " checks");
  end_line(&text);
  return failure_count == 0 ? 0 : 1;
}

/* ---- what tests are made of ---- */

#define UNUSED __attribute__((unused))

/* Opens, and says so if it cannot: what follows would be noise. */
#define OPEN(dir, path, oflags, rights) \
  open_or_say(__FILE_NAME__, __LINE__, (dir), (path), (oflags), (rights))
UNUSED
static fd_t open_or_say(const char *file, int number, fd_t dir, const char *path, uint32_t oflags,
                        uint64_t rights) {
  fd_t fd = CLOSED_FD;
  errno_of_call code = sys_path_open(dir, FOLLOW, S(path), oflags, rights, 0, 0, &fd);
  check_errno(file, number, path, code, ERRNOS(SUCCESS));
  return fd;
}

/* Opens a directory with everything that the one above may hand on. */
UNUSED
static fd_t open_directory(fd_t dir, const char *path) {
  fdstat all;
  fd_t fd = CLOSED_FD;
  OK(sys_fd_fdstat_get(dir, &all));
  OK(sys_path_open(dir, 0, S(path), DIRECTORY, all.fs_rights_base, all.fs_rights_inheriting, 0, &fd));
  return fd;
}

UNUSED
static errno_of_call write_bytes(fd_t fd, const void *bytes, uint32_t size, uint32_t *written) {
  iovec part = {(void *)bytes, size};
  return sys_fd_write(fd, &part, 1, written);
}

UNUSED
static errno_of_call read_bytes(fd_t fd, void *bytes, uint32_t size, uint32_t *read) {
  iovec part = {bytes, size};
  return sys_fd_read(fd, &part, 1, read);
}

UNUSED
static errno_of_call pread_bytes(fd_t fd, void *bytes, uint32_t size, uint64_t offset, uint32_t *read) {
  iovec part = {bytes, size};
  return sys_fd_pread(fd, &part, 1, offset, read);
}

UNUSED
static errno_of_call pwrite_bytes(fd_t fd, const void *bytes, uint32_t size, uint64_t offset,
                                  uint32_t *written) {
  iovec part = {(void *)bytes, size};
  return sys_fd_pwrite(fd, &part, 1, offset, written);
}

UNUSED
static void make_file(fd_t dir, const char *path, const char *text) {
  fd_t fd = OPEN(dir, path, CREAT | TRUNC, FILE_RIGHTS);
  uint32_t written = 0;
  uint32_t size = (uint32_t)strlen(text);
  if (size > 0) {
    OK(write_bytes(fd, text, size, &written));
    EQUAL(written, size);
  }
  OK(sys_fd_close(fd));
}

UNUSED
static void make_directory(fd_t dir, const char *path) {
  ANSWERS_FOR(path, sys_path_create_directory(dir, S(path)), SUCCESS);
}

UNUSED
static void make_symlink(fd_t dir, const char *target, const char *path) {
  ANSWERS_FOR(path, sys_path_symlink(S(target), dir, S(path)), SUCCESS);
}

/* SUCCESS and a stat, or the errno; the last component is not followed. */
UNUSED
static errno_of_call stat_at(fd_t dir, const char *path, filestat *out) {
  return sys_path_filestat_get(dir, NOFOLLOW, S(path), out);
}

UNUSED
static bool exists(fd_t dir, const char *path) {
  filestat ignored;
  return stat_at(dir, path, &ignored) == 0;
}

/* Whether the file at `path` holds exactly `text`. */
UNUSED
static bool file_holds(fd_t dir, const char *path, const char *text) {
  static char buffer[4096];
  fd_t fd;
  uint32_t size = 0;
  if (sys_path_open(dir, FOLLOW, S(path), 0, READ_RIGHTS, 0, 0, &fd) != 0) return false;
  errno_of_call code = read_bytes(fd, buffer, sizeof buffer, &size);
  sys_fd_close(fd);
  return code == 0 && size == strlen(text) && memcmp(buffer, text, size) == 0;
}

UNUSED
static uint64_t now(uint32_t clock) {
  uint64_t time = 0;
  sys_clock_time_get(clock, 1, &time);
  return time;
}

/* A fresh directory in the preopen, named after the topic and the moment. */
UNUSED
static fd_t scratch(const char *topic) {
  static line name;
  add(&name, topic);
  for (uint32_t attempt = 0; attempt < 1000; attempt++) {
    name.size = (uint32_t)strlen(topic);
    add(&name, "-");
    add_number(&name, attempt);
    errno_of_call code = sys_path_create_directory(PREOPEN, name.text, name.size);
    if (code == __WASI_ERRNO_EXIST) continue;
    check_errno("check.h", __LINE__, "making the scratch directory", code, ERRNOS(SUCCESS));
    break;
  }
  name.text[name.size] = 0;
  return open_directory(PREOPEN, name.text);
}

/* ---- directories ---- */

typedef struct {
  uint64_t next, inode;
  uint32_t size;
  uint8_t type;
  char name[260];
} entry;

/* One entry at a time, each by its own cookie; false at the end. */
UNUSED
static bool next_entry(fd_t dir, uint64_t *cookie, entry *out) {
  static char buffer[24 + 256];
  uint32_t used = 0;
  if (sys_fd_readdir(dir, buffer, sizeof buffer, *cookie, &used) != 0 || used < 24) return false;
  memcpy(&out->next, buffer, 8);
  memcpy(&out->inode, buffer + 8, 8);
  memcpy(&out->size, buffer + 16, 4);
  out->type = (uint8_t)buffer[20];
  if (out->size > 255 || used < 24 + out->size) return false;
  memcpy(out->name, buffer + 24, out->size);
  out->name[out->size] = 0;
  *cookie = out->next;
  return true;
}

/* How many entries a directory has besides `.` and `..`. */
UNUSED
static uint32_t entry_count(fd_t dir) {
  uint64_t cookie = 0;
  uint32_t count = 0;
  entry one;
  for (uint32_t guard = 0; guard < 100000 && next_entry(dir, &cookie, &one); guard++)
    if (strcmp(one.name, ".") != 0 && strcmp(one.name, "..") != 0) count++;
  return count;
}

UNUSED
static fdstat fdstat_of(fd_t fd) {
  fdstat out = {0};
  OK(sys_fd_fdstat_get(fd, &out));
  return out;
}

UNUSED
static filestat filestat_of(fd_t fd) {
  filestat out = {0};
  OK(sys_fd_filestat_get(fd, &out));
  return out;
}
