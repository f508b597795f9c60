/*
 * honest (ambient|capability) OUTPUT: has a source compiled into a file of its own. See deputy.h.
 *
 * Given: `compiler`, an endpoint, to send and grant; the directory /home.
 */
#include "deputy.h"

int main(int argc, char **argv) {
  if (argc != 3) return fprintf(stderr, "usage: honest (ambient|capability) OUTPUT\n"), 2;
  foldos_slot compiler = named("compiler");
  const char *source = "print one\nprint two\n";
  say("honest: compiles into its own file\n");
  if (by_name(argc, argv)) return compile(compiler, argv[2], source, -1) ? 0 : 1;
  int output = open(argv[2], O_WRONLY | O_CREAT | O_TRUNC, 0666);
  if (output < 0) return perror(argv[2]), 1;
  return compile(compiler, argv[2], source, output) ? 0 : 1;
}
