/* What code that clang compiled with -fwasm-exceptions calls to throw and to catch: Debian's C++ library for
 * WebAssembly is built without it. Enough for `throw` and `catch (...)`, which asks for no type; an exception
 * is one allocation, a head and what was thrown. Those that are being handled are a stack: threads there are none. */
#include <stdlib.h>

struct exception {
  struct exception *below;
  void (*destroy)(void *);
  int handlers;
} __attribute__((aligned(16)));

/* The tag's number in __builtin_wasm_throw: C++ has 0. */
#define CPP_EXCEPTION 0

static struct exception *handled;

void *__cxa_allocate_exception(size_t size) {
  struct exception *made = malloc(sizeof *made + size);
  if (made == NULL) abort();
  made->handlers = 0;
  return made + 1;
}

void __cxa_free_exception(void *thrown) { free((struct exception *)thrown - 1); }

_Noreturn void __cxa_throw(void *thrown, void *type, void (*destroy)(void *)) {
  ((struct exception *)thrown - 1)->destroy = destroy;
  __builtin_wasm_throw(CPP_EXCEPTION, thrown);
}

void *__cxa_begin_catch(void *thrown) {
  struct exception *caught = (struct exception *)thrown - 1;
  if (caught->handlers++ == 0) {
    caught->below = handled;
    handled = caught;
  }
  return thrown;
}

void __cxa_end_catch(void) {
  struct exception *caught = handled;
  if (--caught->handlers > 0) return;
  handled = caught->below;
  if (caught->destroy != NULL) caught->destroy(caught + 1);
  __cxa_free_exception(caught + 1);
}
