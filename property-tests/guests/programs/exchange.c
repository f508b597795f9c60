/*
 * exchange ROLE COUNT: one of a pair that asks and answers COUNT times, 8 bytes each way. ROLE is `caller` or `answerer`, over the endpoint
 * that is given as `service`; or `writer` or `reader`, over pipes: questions go through descriptor 3, answers through descriptor 4.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "foldos.h"

enum { QUESTIONS = 3, ANSWERS = 4, SIZE = 8 };

static void must(int holds, const char *what) {
  if (holds) return;
  fprintf(stderr, "exchange: %s\n", what);
  exit(1);
}

static foldos_slot service(void) {
  foldos_slot slot = -1;
  must(foldos_find("service", &slot) == 0, "there is no service");
  return slot;
}

static struct foldos_message message_of(const char *text) {
  struct foldos_message message = {text, SIZE, NULL, 0};
  return message;
}

static void call(long count) {
  foldos_slot endpoint = service();
  char text[SIZE] = "question";
  for (; count > 0; count--) {
    char answer[SIZE];
    struct foldos_message question = message_of(text);
    struct foldos_buffer room = foldos_room(answer, SIZE, NULL, 0);
    must(foldos_ipc_call(endpoint, &question, &room) == 0 && room.size == SIZE, "call");
  }
}

static void answer(long count) {
  foldos_slot endpoint = service();
  for (; count > 0; count--) {
    char text[SIZE];
    struct foldos_buffer room = foldos_room(text, SIZE, NULL, 0);
    must(foldos_ipc_receive(endpoint, &room, 0) == 0 && room.size == SIZE, "receive");
    struct foldos_message back = message_of(text);
    must(foldos_ipc_reply(room.reply, &back) == 0, "reply");
  }
}

static void ask_by_pipe(long count) {
  char text[SIZE] = "question";
  for (; count > 0; count--) {
    must(write(QUESTIONS, text, SIZE) == SIZE, "write");
    must(read(ANSWERS, text, SIZE) == SIZE, "read");
  }
}

static void answer_by_pipe(long count) {
  char text[SIZE];
  for (; count > 0; count--) {
    must(read(QUESTIONS, text, SIZE) == SIZE, "read");
    must(write(ANSWERS, text, SIZE) == SIZE, "write");
  }
}

int main(int argc, char **argv) {
  must(argc == 3, "usage: exchange caller|answerer|writer|reader COUNT");
  long count = strtol(argv[2], NULL, 10);
  const char *role = argv[1];
  if (strcmp(role, "caller") == 0) call(count);
  else if (strcmp(role, "answerer") == 0) answer(count);
  else if (strcmp(role, "writer") == 0) ask_by_pipe(count);
  else if (strcmp(role, "reader") == 0) answer_by_pipe(count);
  else must(0, "there is no such role");
  return 0;
}
