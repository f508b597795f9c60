/*
 * spawn: starts a process with a list of what it is given, and waits for it. What is not listed the child does not have: it cannot
 * name the directory that its parent has.
 *
 * Given: `child`, a program, to spawn; a directory.
 */
#include "../example.h"

int main(void) {
  foldos_slot program = named("child");
  static const char args[] = "one\0two";
  /* They become the child's 0, 1 and 2; of its input it gets nothing but that there is one. */
  struct foldos_given given[] = {foldos_give_only(0, 0), foldos_give(1), foldos_give(2)};
  struct foldos_spawn spawn = {args, sizeof args, given, 3};
  foldos_slot child = -1;
  must(foldos_process_spawn(program, &spawn, &child), "process_spawn");
  uint32_t code = 0;
  must(foldos_process_wait(child, &code), "process_wait");
  printf("spawn: the child exited with %u\n", (unsigned)code);
  return code == 7 ? 0 : 1;
}
