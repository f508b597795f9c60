/* fd_readdir: entries, cookies, buffers of every size, directories that change meanwhile. */
#include "check.h"

static uint8_t buffer[65536];
static uint32_t used;

/* Number `i` of the names f000, f001, ... */
static const char *numbered(uint32_t i) {
  static char name[5];
  name[0] = 'f';
  name[1] = (char)('0' + i / 100 % 10);
  name[2] = (char)('0' + i / 10 % 10);
  name[3] = (char)('0' + i % 10);
  name[4] = 0;
  return name;
}

/* Reads all with a buffer of `size` bytes, re-reading an entry that was cut; counts each name f000 to f999.
 */
static uint32_t read_all(fd_t dir, uint32_t size, uint8_t *seen) {
  uint64_t cookie = 0;
  uint32_t total = 0;
  for (uint32_t calls = 0; calls < 5000; calls++) {
    if (sys_fd_readdir(dir, buffer, size, cookie, &used) != 0 || used > size) return 0xffffffff;
    uint32_t at = 0, whole = 0;
    while (at + 24 <= used) {
      uint64_t next;
      uint32_t length;
      memcpy(&next, buffer + at, 8);
      memcpy(&length, buffer + at + 16, 4);
      if (at + 24 + length > used) break;
      const char *name = (const char *)buffer + at + 24;
      if (length == 4 && name[0] == 'f')
        seen[(name[1] - '0') * 100 + (name[2] - '0') * 10 + (name[3] - '0')]++;
      cookie = next;
      at += 24 + length;
      total++;
      whole++;
    }
    if (used < size) return total;
    if (whole == 0) return 0xfffffffe;
  }
  return 0xfffffffd;
}

static void empty(fd_t dir) {
  OK(sys_fd_readdir(dir, buffer, sizeof buffer, 0, &used));
  EQUAL(used, 24 + 1 + 24 + 2);
  uint64_t cookie = 0;
  entry one;
  bool self = false, parent = false;
  uint32_t count = 0;
  while (count < 10 && next_entry(dir, &cookie, &one)) {
    count++;
    EQUAL(one.type, __WASI_FILETYPE_DIRECTORY);
    if (strcmp(one.name, ".") == 0) {
      self = true;
      EQUAL(one.inode, filestat_of(dir).ino);
    }
    if (strcmp(one.name, "..") == 0) parent = true;
  }
  EQUAL(count, 2);
  HOLDS(self && parent);
  /* From the end there is nothing more. */
  OK(sys_fd_readdir(dir, buffer, sizeof buffer, cookie, &used));
  EQUAL(used, 0);
}

static void kinds(fd_t dir) {
  make_file(dir, "file", "x");
  make_directory(dir, "directory");
  make_symlink(dir, "file", "link");
  make_symlink(dir, "nowhere", "dangling");
  uint64_t cookie = 0;
  entry one;
  filestat stat;
  uint32_t found = 0;
  for (uint32_t guard = 0; guard < 20 && next_entry(dir, &cookie, &one); guard++) {
    if (one.name[0] == '.') continue;
    found++;
    OK(stat_at(dir, one.name, &stat));
    EQUAL(one.inode, stat.ino);
    EQUAL(one.type, stat.filetype);
    EQUAL(one.size, strlen(one.name));
  }
  EQUAL(found, 4);
  OK(sys_path_unlink_file(dir, P("file")));
  OK(sys_path_remove_directory(dir, P("directory")));
  OK(sys_path_unlink_file(dir, P("link")));
  OK(sys_path_unlink_file(dir, P("dangling")));
}

static void sizes(fd_t dir) {
  enum { COUNT = 120 };
  static uint8_t seen[1000];
  for (uint32_t i = 0; i < COUNT; i++) {
    fd_t fd = OPEN(dir, numbered(i), CREAT, FILE_RIGHTS);
    OK(sys_fd_close(fd));
  }
  static const uint32_t buffer_sizes[] = {28, 29, 51, 52, 53, 64, 100, 256, 1000, 4096, 65536};
  for (uint32_t s = 0; s < 11; s++) {
    memset(seen, 0, sizeof seen);
    EQUAL(read_all(dir, buffer_sizes[s], seen), COUNT + 2);
    uint32_t once = 0;
    for (uint32_t i = 0; i < COUNT; i++) once += seen[i] == 1;
    EQUAL(once, COUNT);
  }
  /* Too small for one entry: filled with what fits of it. */
  memset(buffer, 0xee, 64);
  OK(sys_fd_readdir(dir, buffer, 10, 0, &used));
  EQUAL(used, 10);
  EQUAL(buffer[10], 0xee);
  OK(sys_fd_readdir(dir, buffer, 24, 0, &used));
  EQUAL(used, 24);
  OK(sys_fd_readdir(dir, buffer, 1, 0, &used));
  EQUAL(used, 1);
  OK(sys_fd_readdir(dir, buffer, 0, 0, &used));
  EQUAL(used, 0);
  /* Any cookie may be used again. */
  uint64_t cookies[COUNT + 2], cookie = 0;
  static entry all[COUNT + 2], again;
  uint32_t count = 0;
  while (count < COUNT + 2) {
    cookies[count] = cookie;
    if (!next_entry(dir, &cookie, &all[count])) break;
    count++;
  }
  EQUAL(count, COUNT + 2);
  uint32_t same = 0;
  for (uint32_t i = count; i-- > 0;) {
    uint64_t from = cookies[i];
    if (next_entry(dir, &from, &again) && strcmp(again.name, all[i].name) == 0) same++;
  }
  EQUAL(same, COUNT + 2);
  bool distinct = true;
  for (uint32_t i = 0; i < count; i++)
    for (uint32_t j = 0; j < i; j++)
      if (cookies[i] == cookies[j]) distinct = false;
  HOLDS(distinct);
  ANSWERS(sys_fd_readdir(dir, buffer, 256, UINT64_MAX, &used), SUCCESS, INVAL, NOENT, OVERFLOW);
}

/* Entries that stay are read once, whatever is removed or added around them. */
static void changing(fd_t dir) {
  static uint8_t seen[1000];
  uint64_t cookie = 0;
  entry one;
  memset(seen, 0, sizeof seen);
  uint32_t removed = 0;
  for (uint32_t guard = 0; guard < 1000 && next_entry(dir, &cookie, &one); guard++) {
    if (one.name[0] != 'f') continue;
    uint32_t number = (uint32_t)((one.name[1] - '0') * 100 + (one.name[2] - '0') * 10 + (one.name[3] - '0'));
    seen[number]++;
    /* Removes each entry as it is read, as rm -r does. */
    if (sys_path_unlink_file(dir, S(one.name)) == 0) removed++;
  }
  EQUAL(removed, 120);
  uint32_t once = 0;
  for (uint32_t i = 0; i < 120; i++) once += seen[i] == 1;
  EQUAL(once, 120);
  EQUAL(entry_count(dir), 0);

  for (uint32_t i = 0; i < 100; i++) {
    fd_t fd = OPEN(dir, numbered(i), CREAT, FILE_RIGHTS);
    OK(sys_fd_close(fd));
  }
  memset(seen, 0, sizeof seen);
  cookie = 0;
  uint32_t step = 0;
  for (uint32_t guard = 0; guard < 1000 && next_entry(dir, &cookie, &one); guard++) {
    if (one.name[0] != 'f') continue;
    seen[(one.name[1] - '0') * 100 + (one.name[2] - '0') * 10 + (one.name[3] - '0')]++;
    /* Every second step removes one of the odd numbers and adds one from 500 on. */
    if (step % 2 == 0 && step < 100) {
      sys_path_unlink_file(dir, S(numbered(99 - step)));
      fd_t fd = OPEN(dir, numbered(500 + step), CREAT, FILE_RIGHTS);
      OK(sys_fd_close(fd));
    }
    step++;
  }
  uint32_t stayed = 0, twice = 0;
  for (uint32_t i = 0; i < 100; i += 2) stayed += seen[i] == 1;
  for (uint32_t i = 0; i < 1000; i++) twice += seen[i] > 1;
  EQUAL(stayed, 50);
  EQUAL(twice, 0);
  /* A fresh descriptor, and a second reading, see the same. */
  fd_t again = open_directory(dir, ".");
  EQUAL(entry_count(again), entry_count(dir));
  OK(sys_fd_close(again));
}

int main(void) {
  fd_t dir = scratch("readdir");
  empty(dir);
  kinds(dir);
  sizes(dir);
  changing(dir);
  fd_t blind = CLOSED_FD;
  OK(sys_path_open(dir, 0, P("."), DIRECTORY, RIGHT(PATH_OPEN), 0, 0, &blind));
  OK(sys_fd_close(blind));
  return finish();
}
