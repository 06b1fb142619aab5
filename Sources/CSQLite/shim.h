// Debian's libsqlite3-dev.
#include <sqlite3.h>

/// Counts no memory, which takes a lock at every allocation: a fifteenth of a tag on 1,000 papers.
/// To be called before anything is opened. (Swift cannot call what takes any number of arguments.)
static inline int papershelf_sqlite_without_statistics(void) {
  return sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}
