// Starting a program that nobody waits for: posix_spawn(3), of which glibc shows Swift no part that
// is not of POSIX, such as a new session, another folder, and the closing of all that is open.
#pragma once

/// Starts the program that runs now once more, in a new session and in the folder `/`, with nothing
/// open but `/dev/null` as standard input, output and error, and `kept` as descriptor `as`, which is
/// more than 2. No signal is blocked or ignored in it.
/// - words: its command line, its own name first, ended by NULL.
/// Returns 0, or what went wrong as errno has it. It waits for nothing but exec(2).
int cdetach_start(char *const words[], int kept, int as);
