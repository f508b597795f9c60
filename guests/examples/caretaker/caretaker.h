/*
 * A caretaker lends something and takes it back (Redell, 1974). Here it needs no forwarder between: what it hands on is derived from a
 * copy that it keeps, and revoking what was derived from the copy leaves its own capability as it was.
 */
#ifndef CARETAKER_H
#define CARETAKER_H

#include <unistd.h>

#include "../example.h"

/* What a caretaker asks of its borrower: to take what is given, and to write with it; or to write again. */
#define TAKE "take"
#define WRITE "write"

#endif
