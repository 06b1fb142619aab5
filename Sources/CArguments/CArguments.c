#include "CArguments.h"

#include <stddef.h>

static int count;
static char **words;

// glibc calls what is in .init_array with the arguments of main (its csu/libc-start.c).
__attribute__((constructor)) static void keep(int argc, char **argv) {
  count = argc;
  words = argv;
}

int carguments_count(void) { return words ? count : 0; }

const char *carguments_word(int index) {
  return index >= 0 && index < carguments_count() ? words[index] : NULL;
}
