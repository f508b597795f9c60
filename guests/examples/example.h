/* What all examples need: to find what they were given, and to end with a word where something is refused. */
#ifndef EXAMPLE_H
#define EXAMPLE_H

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "foldos.h"

/* Ends the program if something was refused. */
static inline void must(int error, const char *what) {
  if (error == 0) return;
  fprintf(stderr, "%s: %s\n", what, strerror(error));
  exit(1);
}

/* The slot of what the machine file gave this process under a name. */
static inline foldos_slot named(const char *name) {
  foldos_slot slot = -1;
  must(foldos_find(name, &slot), name);
  return slot;
}

/* Says at once what happened: examples are read side by side. */
static inline void say(const char *text) {
  fputs(text, stdout);
  fflush(stdout);
}

/* The number that a program was given as an argument, or what stands for it. */
static inline long number_argument(int argc, char **argv, int index, long otherwise) {
  return argc > index ? strtol(argv[index], NULL, 10) : otherwise;
}

#endif
