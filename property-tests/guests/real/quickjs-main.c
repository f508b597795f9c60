/* qjs SCRIPT [ARGS...]: QuickJS with a main of its own, since quickjs-libc wants processes, signals and
 * threads. A script has: print(...), console.log(...), scriptArgs, readFile(path), writeFile(path, text),
 * readLine(), now() in milliseconds of the monotonic clock, exit(code), promises. A `.mjs` script is a
 * module. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "quickjs.h"

static void report(JSContext *context) {
  JSValue error = JS_GetException(context);
  const char *text = JS_ToCString(context, error);
  fprintf(stderr, "qjs: %s\n", text != NULL ? text : "(an error that has no text)");
  JS_FreeCString(context, text);
  if (JS_IsError(context, error)) {
    JSValue stack = JS_GetPropertyStr(context, error, "stack");
    if ((text = JS_ToCString(context, stack)) != NULL) fputs(text, stderr);
    JS_FreeCString(context, text);
    JS_FreeValue(context, stack);
  }
  JS_FreeValue(context, error);
}

static JSValue print(JSContext *context, JSValueConst self, int count, JSValueConst *values) {
  for (int i = 0; i < count; i++) {
    size_t size;
    const char *text = JS_ToCStringLen(context, &size, values[i]);
    if (text == NULL) return JS_EXCEPTION;
    if (i > 0) putchar(' ');
    fwrite(text, 1, size, stdout);
    JS_FreeCString(context, text);
  }
  putchar('\n');
  fflush(stdout);
  return JS_UNDEFINED;
}

static char *read_whole(const char *path, size_t *size) {
  FILE *file = fopen(path, "rb");
  if (file == NULL) return NULL;
  char *text = NULL;
  size_t room = 0;
  *size = 0;
  do {
    room = room * 2 + 4096;
    text = realloc(text, room + 1);
    *size += fread(text + *size, 1, room - *size, file);
  } while (*size == room);
  text[*size] = 0;
  fclose(file);
  return text;
}

static JSValue fail(JSContext *context, const char *path) {
  return JS_ThrowTypeError(context, "%s: %s", path, strerror(errno));
}

static JSValue read_file(JSContext *context, JSValueConst self, int count, JSValueConst *values) {
  const char *path = JS_ToCString(context, values[0]);
  if (path == NULL) return JS_EXCEPTION;
  size_t size;
  char *text = read_whole(path, &size);
  JSValue result = text == NULL ? fail(context, path) : JS_NewStringLen(context, text, size);
  free(text);
  JS_FreeCString(context, path);
  return result;
}

static JSValue write_file(JSContext *context, JSValueConst self, int count, JSValueConst *values) {
  size_t size;
  const char *path = JS_ToCString(context, values[0]);
  const char *text = path == NULL ? NULL : JS_ToCStringLen(context, &size, values[1]);
  JSValue result = JS_EXCEPTION;
  if (text != NULL) {
    FILE *file = fopen(path, "wb");
    int wrong = file == NULL || fwrite(text, 1, size, file) != size;
    if (file != NULL) wrong |= fclose(file) != 0;
    result = wrong ? fail(context, path) : JS_UNDEFINED;
  }
  JS_FreeCString(context, text);
  JS_FreeCString(context, path);
  return result;
}

static JSValue read_line(JSContext *context, JSValueConst self, int count, JSValueConst *values) {
  static char text[65536];
  if (fgets(text, sizeof text, stdin) == NULL) return JS_NULL;
  return JS_NewStringLen(context, text, strcspn(text, "\n"));
}

static JSValue now(JSContext *context, JSValueConst self, int count, JSValueConst *values) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return JS_NewFloat64(context, time.tv_sec * 1e3 + time.tv_nsec / 1e6);
}

static JSValue leave(JSContext *context, JSValueConst self, int count, JSValueConst *values) {
  int32_t code = 0;
  JS_ToInt32(context, &code, values[0]);
  exit(code);
}

static void define(JSContext *context, JSValueConst on, const char *name, JSCFunction *function, int arity) {
  JS_SetPropertyStr(context, on, name, JS_NewCFunction(context, function, name, arity));
}

static void define_globals(JSContext *context, int count, char **args) {
  JSValue global = JS_GetGlobalObject(context), console = JS_NewObject(context), list = JS_NewArray(context);
  define(context, global, "print", print, 1);
  define(context, console, "log", print, 1);
  JS_SetPropertyStr(context, global, "console", console);
  define(context, global, "readFile", read_file, 1);
  define(context, global, "writeFile", write_file, 2);
  define(context, global, "readLine", read_line, 0);
  define(context, global, "now", now, 0);
  define(context, global, "exit", leave, 1);
  for (int i = 0; i < count; i++)
    JS_SetPropertyUint32(context, list, (uint32_t)i, JS_NewString(context, args[i]));
  JS_SetPropertyStr(context, global, "scriptArgs", list);
  JS_FreeValue(context, global);
}

int main(int argc, char **argv) {
  if (argc < 2) return fprintf(stderr, "usage: qjs SCRIPT [ARGS...]\n"), 2;
  size_t size;
  char *text = read_whole(argv[1], &size);
  if (text == NULL) return fprintf(stderr, "qjs: %s: %s\n", argv[1], strerror(errno)), 2;
  JSRuntime *runtime = JS_NewRuntime();
  JS_SetMaxStackSize(runtime, 512 * 1024);
  JSContext *context = JS_NewContext(runtime);
  define_globals(context, argc - 1, argv + 1);
  const char *ending = strrchr(argv[1], '.');
  int kind = ending != NULL && strcmp(ending, ".mjs") == 0 ? JS_EVAL_TYPE_MODULE : JS_EVAL_TYPE_GLOBAL;
  JSValue result = JS_Eval(context, text, size, argv[1], kind);
  int status = JS_IsException(result);
  if (status != 0) report(context);
  JS_FreeValue(context, result);
  JSContext *of_job;
  int more;
  while ((more = JS_ExecutePendingJob(runtime, &of_job)) != 0)
    if (more < 0) {
      report(of_job);
      status = 1;
    }
  free(text);
  JS_FreeContext(context);
  JS_FreeRuntime(runtime);
  return status;
}
