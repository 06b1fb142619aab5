// The words of the command line as the kernel handed them over.
//
// Swift's runtime looks for them behind `environ` on the stack, and finds none when a preloaded library
// (libfaketime, a sandbox) put the environment somewhere else before main. glibc hands them to every
// constructor, whatever became of the environment since, and needs no /proc for that.
#pragma once

/// How many there are, the program's name included; 0 where nobody called the constructor.
int carguments_count(void);

/// One of them, ended by NUL; NULL beyond the last.
const char *carguments_word(int index);
