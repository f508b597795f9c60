/* interactive: prompts, reads a line, echoes it, until standard input ends. `quit` ends it too. */
#include <stdio.h>
#include <string.h>

int main(void) {
  char text[256];
  unsigned count = 0;
  for (;;) {
    printf("> ");
    fflush(stdout);
    if (fgets(text, sizeof text, stdin) == NULL) break;
    text[strcspn(text, "\n")] = 0;
    if (strcmp(text, "quit") == 0) break;
    printf("%u: %s\n", ++count, text);
  }
  printf("\nbye after %u lines\n", count);
  return 0;
}
