/* args_get, args_sizes_get, environ_get, environ_sizes_get.
 * With the arguments and environment of cases.json the exact strings are checked too. */
#include "check.h"

static char *pointers[64];
static char strings[4096];

typedef errno_of_call (*sizes_call)(void *, void *);
typedef errno_of_call (*get_call)(void *, void *);

/* The strings lie one after another, each ended by NUL, and their sizes add up. Returns how many there are.
 */
static uint32_t check_list(sizes_call sizes, get_call get) {
  uint32_t count = 0xffffffff, size = 0xffffffff;
  OK(sizes(&count, &size));
  HOLDS(count < 60 && size < 4000);
  if (count >= 60 || size >= 4000) return 0;
  memset(strings, 0x55, sizeof strings);
  memset(pointers, 0x55, sizeof pointers);
  OK(get(pointers, strings));
  uint32_t total = 0;
  for (uint32_t i = 0; i < count; i++) {
    EQUAL((uintptr_t)pointers[i], (uintptr_t)strings + total);
    total += (uint32_t)strlen(strings + total) + 1;
  }
  EQUAL(total, size);
  EQUAL((uint8_t)strings[size], 0x55);
  EQUAL((uintptr_t)pointers[count], 0x55555555);
  return count;
}

static const char *variable(uint32_t count, const char *name) {
  for (uint32_t i = 0; i < count; i++) {
    size_t length = strlen(name);
    if (strncmp(pointers[i], name, length) == 0 && pointers[i][length] == '=')
      return pointers[i] + length + 1;
  }
  return "(not set)";
}

int main(void) {
  uint32_t count = check_list(sys_args_sizes_get, sys_args_get);
  HOLDS(count >= 1);
  if (count > 1) {
    EQUAL(count, 6);
    HOLDS(strcmp(pointers[1], "one") == 0);
    HOLDS(strcmp(pointers[2], "two words") == 0);
    HOLDS(strcmp(pointers[3], "") == 0);
    HOLDS(strcmp(pointers[4], "\xc3\xbcn\xc3\xaf \xf0\x9f\x90\x9f") == 0);
    HOLDS(strcmp(pointers[5], "--flag=a=b") == 0);
  }
  uint32_t variables = check_list(sys_environ_sizes_get, sys_environ_get);
  for (uint32_t i = 0; i < variables; i++) HOLDS(strchr(pointers[i], '=') != NULL);
  if (count > 1) {
    HOLDS(strcmp(variable(variables, "CHECK_PLAIN"), "value") == 0);
    HOLDS(strcmp(variable(variables, "CHECK_EMPTY"), "") == 0);
    HOLDS(strcmp(variable(variables, "CHECK_EQUALS"), "a=b=c") == 0);
    HOLDS(strcmp(variable(variables, "CHECK_UNICODE"), "\xc3\xa9\xe2\x82\xac") == 0);
  }
  /* Twice the same answer. */
  check_list(sys_args_sizes_get, sys_args_get);

  void *outside = (void *)0xfffffff0;
  uint32_t word;
  HOSTILE(sys_args_sizes_get(outside, &word), FAULT);
  HOSTILE(sys_args_sizes_get(&word, outside), FAULT);
  HOSTILE(sys_args_get(outside, strings), FAULT);
  HOSTILE(sys_args_get(pointers, outside), FAULT);
  HOSTILE(sys_environ_sizes_get(outside, &word), FAULT);
  HOSTILE(sys_environ_sizes_get(&word, outside), FAULT);
  if (variables > 0) {
    HOSTILE(sys_environ_get(outside, strings), FAULT);
    HOSTILE(sys_environ_get(pointers, outside), FAULT);
  }
  return finish();
}
