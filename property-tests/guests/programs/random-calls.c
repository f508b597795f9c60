/* random-calls SEED COUNT: COUNT calls drawn from SEED, over all of preview 1 with few names, descriptors, sizes and
 * offsets, so that they meet each other; then one line with a digest of all answers, and an end that is drawn too.
 * A time enters the digest only if the virtual clock gave it (2020): those of the host's files are the host's own. */
#include "../conformance/check.h"
#include <stdlib.h>

/* ---- what is drawn ---- */

static uint64_t state;

static uint64_t next(void) {
  uint64_t mixed = state += 0x9e3779b97f4a7c15u;
  mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9u;
  mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111ebu;
  return mixed ^ (mixed >> 31);
}

static uint32_t draw(uint32_t below) { return (uint32_t)(next() >> 33) % below; }
static bool seldom(uint32_t one_in) { return draw(one_in) == 0; }

/* ---- what was answered ---- */

static uint64_t digest = 0xcbf29ce484222325u;

static void take(const void *bytes, uint32_t size) {
  const uint8_t *from = bytes;
  for (uint32_t i = 0; i < size; i++) digest = (digest ^ from[i]) * 0x100000001b3u;
}

static void take_number(uint64_t value) { take(&value, 8); }

static bool good(errno_of_call code) {
  take_number(code);
  return code == 0;
}

#define START_OF_2021 1609459200000000000u
static void take_time(uint64_t nanos) { take_number(nanos < START_OF_2021 ? nanos : 0); }

static void take_stat(const filestat *stat) {
  take_number(stat->dev);
  take_number(stat->ino);
  take_number(stat->filetype);
  take_number(stat->nlink);
  take_number(stat->size);
  take_time(stat->atim);
  take_time(stat->mtim);
  take_time(stat->ctim);
}

/* ---- descriptors, names, memory ---- */

#define OPENED 24u
#define BUFFER 24576u
static fd_t opened[OPENED];
static uint32_t opened_count, preopen_count;
static uint8_t in[BUFFER], out[BUFFER];

static fd_t a_descriptor(void) {
  uint32_t kind = draw(32);
  if (kind < 26 && opened_count > 0) return opened[draw(opened_count)];
  if (kind < 30) return PREOPEN + draw(preopen_count);
  return kind == 30 ? draw(3) : draw(40);
}

static fd_t a_directory(void) { return seldom(12) ? a_descriptor() : PREOPEN + draw(preopen_count); }

/* One that may be lost: standard output is needed for the last line, and without preopens little happens. */
static fd_t to_lose(void) {
  fd_t fd = a_descriptor();
  if (fd == 1 || (fd < PREOPEN + preopen_count && !seldom(40))) return opened_count > 0 ? opened[0] : CLOSED_FD;
  return fd;
}

static void *a_pointer(void *good_one) { return seldom(80) ? (void *)(0xffffffffu - draw(64)) : good_one; }
static uint32_t a_size(void) { return seldom(6) ? draw(BUFFER) : draw(300); }
static uint64_t an_offset(void) {
  if (seldom(40)) return next() >> draw(64);
  return seldom(4) ? draw(30000) : draw(600);
}
static uint64_t a_time(void) { return (uint64_t)draw(1500000000) * 1000000000u + draw(1000000000); }

typedef struct {
  const char *at;
  uint32_t size;
} name;

#define N(literal) {literal, sizeof(literal) - 1}
static const name names[] = {
    N("a"),       N("b"),         N("c"),      N("dir"),     N("dir/a"),  N("dir/b"),      N("dir/sub"),
    N("empty"),   N("dir/sub/a"), N("link"),   N("link/a"),  N("loop"),   N("./b"),        N("dir/../c"),
    N("dir/"),    N("a/"),        N("..."),    N("empty/x"), N("empty/y"), N("link/sub/a"), N("dir/sub/../b"),
    N("dir/./a"), N("b"),         N("dir/sub"),
};
static const name odd_names[] = {
    N(""), N("."), N(".."), N("../a"), N("/a"), N("/"), N("n\0ul"), N("\xff\xfe"), N("\xc3\xbc"), N("dir/../../a"),
};

static name a_name(void) {
  static char text[4][264];
  static uint32_t turn;
  if (seldom(30)) return odd_names[draw(sizeof odd_names / sizeof *odd_names)];
  if (!seldom(4)) return names[draw(seldom(2) ? 6 : sizeof names / sizeof *names)];
  char *at = text[turn++ % 4];
  uint32_t size = 0;
  if (seldom(3)) at[size++] = 'd', at[size++] = 'i', at[size++] = 'r', at[size++] = '/';
  uint32_t number = draw(90);
  uint32_t repeats = seldom(20) ? 100 + draw(30) : 1;
  for (uint32_t i = 0; i < repeats; i++) at[size++] = (char)('0' + number / 10), at[size++] = (char)('0' + number % 10);
  return (name){at, size};
}

static iovec *some_iovecs(uint8_t *memory, uint32_t *count) {
  static iovec parts[4];
  *count = 1 + draw(4);
  uint32_t at = 0;
  for (uint32_t i = 0; i < *count; i++) {
    uint32_t size = a_size() / *count;
    parts[i] = (iovec){a_pointer(memory + at), size};
    at += seldom(8) ? size / 2 : size;
  }
  return a_pointer(parts);
}

static void fill_out(void) {
  uint64_t word = next();
  uint32_t from = draw(BUFFER - 512);
  for (uint32_t i = 0; i < 512; i++) out[from + i] = (uint8_t)(word >> (i % 57)) + (uint8_t)i;
}

/* ---- calls on descriptors ---- */

static void transfer(uint32_t kind) {
  uint32_t count, done = 0;
  fd_t fd = a_descriptor();
  if (kind == 0) {
    if (good(sys_fd_read(fd, some_iovecs(in, &count), count, a_pointer(&done)))) take(in, done < 4096 ? done : 4096);
  } else if (kind == 1) {
    if (good(sys_fd_pread(fd, some_iovecs(in, &count), count, an_offset(), &done))) take(in, done < 4096 ? done : 4096);
  } else {
    fill_out();
    good(kind == 2 ? sys_fd_write(fd, some_iovecs(out, &count), count, a_pointer(&done))
                   : sys_fd_pwrite(fd, some_iovecs(out, &count), count, an_offset() & 0xffffffffffu, &done));
  }
  take_number(done);
}

static void close_one(void) {
  fd_t fd = to_lose();
  if (!good(sys_fd_close(fd))) return;
  for (uint32_t i = 0; i < opened_count; i++)
    if (opened[i] == fd) opened[i--] = opened[--opened_count];
}

static void renumber(void) {
  fd_t from = to_lose(), to = to_lose();
  if (!good(sys_fd_renumber(from, to))) return;
  for (uint32_t i = 0; i < opened_count; i++)
    if (opened[i] == from) opened[i] = to;
}

static void narrow(void) {
  fd_t fd = to_lose();
  fdstat now;
  if (!good(sys_fd_fdstat_get(fd, &now))) return;
  uint64_t mask = seldom(3) ? next() : next() | next() | next();
  good(sys_fd_fdstat_set_rights(fd, now.fs_rights_base & mask, now.fs_rights_inheriting & (next() | next() | mask)));
}

static void stat_descriptor(void) {
  filestat stat;
  memset(&stat, 0, sizeof stat);
  if (good(sys_fd_filestat_get(a_descriptor(), a_pointer(&stat)))) take_stat(&stat);
}

static void fdstat_descriptor(void) {
  fdstat now;
  memset(&now, 0, sizeof now);
  good(sys_fd_fdstat_get(a_descriptor(), a_pointer(&now)));
  take_number(now.fs_filetype);
  take_number(now.fs_flags);
  take_number(now.fs_rights_base);
  take_number(now.fs_rights_inheriting);
}

static void list(void) {
  uint64_t cookie = seldom(3) ? draw(20) : 0;
  fd_t fd = seldom(3) ? a_descriptor() : a_directory();
  for (uint32_t round = 0; round < 3; round++) {
    uint32_t used = 0, size = draw(seldom(3) ? 2000 : 200);
    if (!good(sys_fd_readdir(fd, in, size, cookie, a_pointer(&used)))) return;
    take(in, used);
    uint32_t at = 0;
    while (at + 24 <= used) {
      memcpy(&cookie, in + at, 8);
      uint32_t length;
      memcpy(&length, in + at + 16, 4);
      at += 24 + length;
    }
    if (used < size) return;
  }
}

static void position(void) {
  uint64_t at = 0;
  int64_t by = (int64_t)an_offset();
  if (seldom(3)) by = -by;
  good(seldom(4) ? sys_fd_tell(a_descriptor(), a_pointer(&at)) : sys_fd_seek(a_descriptor(), by, draw(3) + seldom(30), &at));
  take_number(at);
}

static void prestat(void) {
  uint32_t about[2] = {0, 0};
  fd_t fd = seldom(3) ? a_descriptor() : PREOPEN + draw(preopen_count + 1);
  good(sys_fd_prestat_get(fd, a_pointer(about)));
  take(about, 8);
  memset(in, 0, 64);
  good(sys_fd_prestat_dir_name(fd, (char *)in, about[1] % 64));
  take(in, 64);
}

static void descriptor_call(void) {
  switch (draw(22)) {
    case 0: case 1: case 2: case 3: case 4: case 5: case 6: case 7: transfer(draw(4)); return;
    case 8: close_one(); return;
    case 9: if (seldom(2)) renumber(); else narrow(); return;
    case 10: stat_descriptor(); return;
    case 11: fdstat_descriptor(); return;
    case 12: case 13: list(); return;
    case 14: case 15: position(); return;
    case 16: prestat(); return;
    case 17: good(sys_fd_filestat_set_size(a_descriptor(), an_offset() & 0xffffffffffu)); return;
    case 18: good(sys_fd_filestat_set_times(a_descriptor(), a_time(), a_time(), draw(16))); return;
    case 19: good(sys_fd_allocate(a_descriptor(), draw(20000), draw(20000))); return;
    case 20: good(sys_fd_advise(a_descriptor(), an_offset(), an_offset(), draw(7))); return;
    default:
      if (seldom(12)) good(seldom(2) ? sys_fd_sync(a_descriptor()) : sys_fd_datasync(a_descriptor()));
      else good(sys_fd_fdstat_set_flags(to_lose(), draw(32)));
  }
}

/* ---- calls on paths ---- */

static void open_path(void) {
  if (opened_count == OPENED) {
    good(sys_fd_close(opened[--opened_count]));
    return;
  }
  name path = a_name();
  uint64_t rights = seldom(8) ? FILE_RIGHTS & next() : seldom(8) ? 0 : FILE_RIGHTS;
  fd_t dir = a_directory(), fd = CLOSED_FD;
  uint32_t oflags = seldom(5) ? draw(16) : seldom(3) ? 0 : CREAT;
  if (seldom(6)) {
    fdstat all;
    if (sys_fd_fdstat_get(dir, &all) == 0) rights = all.fs_rights_base;
    oflags = DIRECTORY;
  }
  uint32_t fdflags = seldom(8) ? draw(8) : seldom(80) ? draw(32) : 0;
  errno_of_call code =
      sys_path_open(dir, draw(2), path.at, path.size, oflags, rights, seldom(2) ? rights : ~(uint64_t)0 & FILE_RIGHTS, fdflags, a_pointer(&fd));
  take_number(fd);
  if (good(code)) opened[opened_count++] = fd;
}

static void stat_path(void) {
  filestat stat;
  memset(&stat, 0, sizeof stat);
  name path = a_name();
  if (good(sys_path_filestat_get(a_directory(), draw(2), path.at, path.size, &stat))) take_stat(&stat);
}

static void read_link(void) {
  name path = seldom(2) ? names[9 + draw(3)] : a_name();
  uint32_t used = 0;
  if (good(sys_path_readlink(a_directory(), path.at, path.size, in, draw(40), a_pointer(&used)))) take(in, used);
}

static void path_call(void) {
  name path = a_name(), other = a_name();
  fd_t dir = a_directory(), to = seldom(6) ? a_directory() : dir;
  switch (draw(20)) {
    case 0: case 1: case 2: case 3: case 4: case 5: case 6: open_path(); return;
    case 7: case 8: stat_path(); return;
    case 9: case 10: good(sys_path_create_directory(dir, path.at, path.size)); return;
    case 11: good(sys_path_remove_directory(dir, path.at, path.size)); return;
    case 12: case 13: good(sys_path_unlink_file(dir, path.at, path.size)); return;
    case 14: case 15: good(sys_path_rename(dir, path.at, path.size, to, other.at, other.size)); return;
    case 16: good(sys_path_link(dir, draw(2), path.at, path.size, to, other.at, other.size)); return;
    case 17: good(sys_path_symlink(path.at, path.size, to, other.at, other.size)); return;
    case 18: read_link(); return;
    default: good(sys_path_filestat_set_times(dir, draw(2), path.at, path.size, a_time(), a_time(), draw(16)));
  }
}

/* ---- the rest ---- */

static void poll(void) {
  static __wasi_subscription_t asked[4];
  static __wasi_event_t events[4];
  uint32_t count = 1 + draw(4), found = 0;
  memset(asked, 0, sizeof asked);
  memset(events, 0, sizeof events);
  for (uint32_t i = 0; i < count; i++) {
    asked[i].userdata = next();
    asked[i].u.tag = (uint8_t)draw(3);
    if (asked[i].u.tag == 0) {
      asked[i].u.u.clock.id = draw(seldom(20) ? 5 : 2);
      asked[i].u.u.clock.timeout = draw(5000000);
      asked[i].u.u.clock.flags = seldom(5);
    } else
      asked[i].u.u.fd_read.file_descriptor = a_descriptor();
  }
  if (!good(sys_poll_oneoff(asked, events, seldom(60) ? 0 : count, a_pointer(&found)))) return;
  take_number(found);
  for (uint32_t i = 0; i < found && i < 4; i++) {
    take_number(events[i].userdata);
    take_number(events[i].error);
    take_number(events[i].type);
    take_number(events[i].fd_readwrite.nbytes);
    take_number(events[i].fd_readwrite.flags);
  }
}

static void own_texts(void) {
  uint32_t count = 0, size = 0;
  bool args = seldom(2);
  good(args ? sys_args_sizes_get(&count, &size) : sys_environ_sizes_get(&count, &size));
  take_number(count);
  take_number(size);
  if (size > 1024 || count > 64) return;
  good(args ? sys_args_get(a_pointer(in), in + 1024) : sys_environ_get(a_pointer(in), in + 1024));
  take(in + 1024, size);
}

static void other_call(void) {
  uint64_t time = 0;
  uint32_t count, done = 0;
  switch (draw(10)) {
    case 0: case 1:
      count = a_size();
      if (good(sys_random_get(a_pointer(in), count))) take(in, count < 1024 ? count : 1024);
      return;
    case 2: case 3:
      good(sys_clock_time_get(draw(seldom(10) ? 6 : 2), next(), a_pointer(&time)));
      take_number(time);
      return;
    case 4:
      good(sys_clock_res_get(draw(5), a_pointer(&time)));
      take_number(time);
      return;
    case 5: case 6: poll(); return;
    case 7: own_texts(); return;
    case 8: good(sys_sched_yield()); return;
    default:
      switch (draw(4)) {
        case 0: good(sys_sock_accept(a_descriptor(), 0, &done)); return;
        case 1: good(sys_sock_recv(a_descriptor(), some_iovecs(in, &count), count, 0, &done, &time)); return;
        case 2: good(sys_sock_send(a_descriptor(), some_iovecs(out, &count), count, 0, &done)); return;
        default: good(sys_sock_shutdown(a_descriptor(), draw(4)));
      }
  }
}

/* To the end of standard input: what is not there yet would be news that come when they come. */
static void drain_input(void) {
  iovec part = {in, 512};
  uint32_t done = 1;
  while (done > 0 && good(sys_fd_read(0, &part, 1, &done))) take(in, done);
}

/* So that names lead somewhere. Where a tree is there already, this meets it. */
static void plant(void) {
  good(sys_path_create_directory(PREOPEN, P("dir")));
  good(sys_path_create_directory(PREOPEN, P("dir/sub")));
  good(sys_path_symlink(P("dir"), PREOPEN, P("link")));
  good(sys_path_symlink(P("loop"), PREOPEN, P("loop")));
  for (uint32_t i = 0; i < 6; i++) {
    fd_t fd = CLOSED_FD;
    if (good(sys_path_open(PREOPEN, 0, names[i].at, names[i].size, i == 3 ? DIRECTORY : CREAT, FILE_RIGHTS | RIGHT(FD_READDIR), 0, 0, &fd)))
      opened[opened_count++] = fd;
  }
}

static void say_digest(uint32_t count) {
  line text = {.size = 0};
  add(&text, "random-calls ");
  add_number(&text, count);
  add(&text, " ");
  add_number(&text, digest);
  end_line(&text);
}

static uint32_t words_of_memory(uint32_t from) { return *(volatile uint32_t *)(uintptr_t)(from * 1024u * 1024u); }

static void end(void) {
  switch (draw(12)) {
    case 0: case 1: case 2: sys_proc_exit((uint32_t)digest & 0x7f); return;
    case 3: sys_proc_raise(6); return;
    case 4: __builtin_trap(); return;
    case 5: take_number(words_of_memory(4000)); return;
    default: return;
  }
}

int main(int argc, char **argv) {
  state = argc > 1 ? strtoull(argv[1], NULL, 10) : 1;
  uint32_t count = argc > 2 ? (uint32_t)strtoul(argv[2], NULL, 10) : 100;
  uint32_t about[2];
  while (sys_fd_prestat_get(PREOPEN + preopen_count, about) == 0) preopen_count++;
  if (preopen_count == 0) return 2;
  drain_input();
  plant();
  for (uint32_t done = 0; done < count; done++) {
    uint32_t kind = draw(10);
    if (kind < 4) descriptor_call();
    else if (kind < 8) path_call();
    else if (kind == 8) other_call();
    else if (seldom(6)) say_digest(done);
    else transfer(2 + draw(2));
  }
  say_digest(count);
  end();
  return 0;
}
