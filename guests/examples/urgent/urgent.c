/*
 * urgent COUNT: handles so many interrupts of a line. It waits on a notification that is bound to the line, and acknowledges each interrupt;
 * as its priority is higher than that of cpu-hog, it does not matter how long that one calculates.
 *
 * Given: `line`, an interrupt line, to handle; `budget`, a memory budget, to spend.
 */
#include "../example.h"

int main(int argc, char **argv) {
  foldos_slot line = named("line");
  foldos_slot notification = -1;
  must(foldos_notification_create(named("budget"), &notification), "notification_create");
  must(foldos_interrupt_bind(line, notification), "interrupt_bind");
  long count = number_argument(argc, argv, 1, 1);
  for (long handled = 1; handled <= count; handled++) {
    uint32_t bits = 0;
    must(foldos_notification_wait(notification, &bits), "notification_wait");
    printf("urgent: interrupt %ld\n", handled);
    fflush(stdout);
    must(foldos_interrupt_acknowledge(line), "interrupt_acknowledge");
  }
  return 0;
}
