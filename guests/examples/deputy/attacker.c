/*
 * attacker (ambient|capability): wants the compiler to write over its bills, which the attacker itself may only read. Exits with 0 if
 * the compiler did it, with 3 if no try succeeded. See deputy.h.
 *
 * Given: `compiler`, an endpoint, to send and grant; the directory /sysx, to read.
 */
#include "deputy.h"

static const char *source = "the bills are gone\n";

/* It cannot write there itself. */
static bool itself(void) {
  say("attacker: opens the bills to write\n");
  int bills = open(BILL, O_WRONLY | O_TRUNC);
  if (bills < 0) return printf("  refused: %s\n", strerror(errno)), false;
  return close(bills), true;
}

/* The classic: the name of what the compiler may write, and it may not. */
static bool by_naming(foldos_slot compiler) {
  say("attacker: names the bills as its output\n");
  return compile(compiler, BILL, source, -1);
}

/* What it can designate it can give, but with no more than its own authority. */
static bool by_giving(foldos_slot compiler) {
  say("attacker: gives the bills, which it may read, as its output\n");
  int bills = open(BILL, O_RDONLY);
  if (bills < 0) return printf("  refused: %s\n", strerror(errno)), false;
  return compile(compiler, BILL, source, bills);
}

int main(int argc, char **argv) {
  foldos_slot compiler = named("compiler");
  bool has_done = itself() || by_naming(compiler);
  if (!has_done && !by_name(argc, argv)) has_done = by_giving(compiler);
  say(has_done ? "attacker: the bills are gone\n" : "attacker: the bills are safe\n");
  return has_done ? 0 : 3;
}
