/*
 * urgent COUNT: handles so many interrupts of a line. It waits on a notification that is bound to the line, and acknowledges each interrupt.
 * It is no more urgent by itself than others are: the scheduling context that is bound to the notification is lent to it when the
 * interrupt arrives, and is gone when it acknowledges. So it does not matter how long cpu-hog calculates.
 *
 * Given: `line`, an interrupt line, to handle; `budget`, a memory budget, to spend; `context`, a scheduling context, to bind.
 */
#include "../example.h"

int main(int argc, char **argv) {
  foldos_slot line = named("line");
  foldos_slot notification = -1;
  must(foldos_notification_create(named("budget"), &notification), "notification_create");
  must(foldos_context_bind(named("context"), notification), "context_bind");
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
