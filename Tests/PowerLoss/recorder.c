// Writes down what a process does to the files of one folder, so that a test can tell what a disk
// might hold had the power gone at any moment. Loaded with LD_PRELOAD; PowerLossTests compile it.
//
//   PAPERSHELF_RECORD_ROOT   the folder, an absolute path without links in it
//   PAPERSHELF_RECORD_LOG    where to append, outside of that folder
//   PAPERSHELF_FAIL_AT       where set, the number, from 1, of the call that makes, writes, resizes, flushes or
//                            renames something there and fails with EIO, without having done anything
//
// An entry of the log, integers in the byte order of the machine:
//
//   u32 length of what follows, u8 what, u64 inode, i64 offset or size, u32 length of path,
//   u32 length of second path, path, second path, data up to the end
//
// Entries are written with one call each, after the call they tell of has succeeded; the test runs one
// process after another. Shared memory (SQLite's -shm) is not recorded: nothing of it outlives a process.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum { CREATE = 1, WRITE, RESIZE, SYNC, SYNC_FOLDER, RENAME, REMOVE, MAKE_FOLDER, REMOVE_FOLDER };

static int log_file = -2;
static const char *root;

static int is_on(void) {
  if (log_file == -2) {
    const char *path = getenv("PAPERSHELF_RECORD_LOG");
    root = getenv("PAPERSHELF_RECORD_ROOT");
    log_file = path == NULL || root == NULL
      ? -1 : (int)syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    if (path != NULL && log_file < 0) abort();
  }
  return log_file >= 0;
}

static int is_inside(const char *path) {
  size_t length = strlen(root);
  return strncmp(path, root, length) == 0 && (path[length] == '/' || path[length] == 0);
}

// Whether the call that is about to be made is the one that is to fail.
static int is_broken(void) {
  static long calls = 0, wanted = -1;
  if (wanted < 0) {
    const char *text = getenv("PAPERSHELF_FAIL_AT");
    wanted = text == NULL ? 0 : atol(text);
  }
  if (wanted == 0 || ++calls != wanted) return 0;
  errno = EIO;
  return 1;
}

static void note(uint8_t what, uint64_t inode, int64_t offset, const char *path, const char *second,
                 const void *data, size_t count) {
  uint32_t lengths[2] = {(uint32_t)strlen(path), (uint32_t)strlen(second)};
  uint32_t whole = (uint32_t)(1 + 8 + 8 + 8 + lengths[0] + lengths[1] + count);
  struct iovec parts[] = {
    {&whole, 4}, {&what, 1}, {&inode, 8}, {&offset, 8}, {lengths, 8},
    {(void *)path, lengths[0]}, {(void *)second, lengths[1]}, {(void *)data, count},
  };
  if (syscall(SYS_writev, log_file, parts, 8) != (long)whole + 4) abort();
}

// The path of an open file; false when it is not one of the folder's.
static int path_of(int file, char path[PATH_MAX]) {
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  ssize_t length = readlink(link, path, PATH_MAX - 1);
  if (length <= 0) return 0;
  path[length] = 0;
  return is_inside(path);
}

// The whole path of a name relative to an open folder; its folder's links are followed.
static int path_at(int folder, const char *name, char path[PATH_MAX]) {
  char whole[PATH_MAX], above[PATH_MAX];
  if (name[0] == '/') {
    snprintf(whole, sizeof whole, "%s", name);
  } else {
    char base[PATH_MAX];
    if (folder == AT_FDCWD) {
      if (getcwd(base, sizeof base) == NULL) return 0;
    } else {
      char link[64];
      snprintf(link, sizeof link, "/proc/self/fd/%d", folder);
      ssize_t length = readlink(link, base, sizeof base - 1);
      if (length <= 0) return 0;
      base[length] = 0;
    }
    if (snprintf(whole, sizeof whole, "%s/%s", base, name) >= (int)sizeof whole) return 0;
  }
  size_t end = strlen(whole);
  while (end > 1 && whole[end - 1] == '/') whole[--end] = 0;
  char *slash = strrchr(whole, '/');
  if (slash == NULL) return 0;
  *slash = 0;
  if (realpath(slash == whole ? "/" : whole, above) == NULL) return 0;
  if (snprintf(path, PATH_MAX, "%s/%s", above, slash + 1) >= PATH_MAX) return 0;
  return is_inside(path);
}

static int opened(int folder, const char *name, int flags, mode_t mode) {
  char path[PATH_MAX];
  struct stat before;
  int is_watched = is_on() && (flags & (O_CREAT | O_TRUNC)) && path_at(folder, name, path);
  int was_there = is_watched && fstatat(folder, name, &before, 0) == 0;
  if (is_watched && !was_there && is_broken()) return -1;
  int file = (int)syscall(SYS_openat, folder, name, flags, mode);
  if (file >= 0 && is_watched) {
    int error = errno;
    struct stat after;
    fstat(file, &after);
    if (!was_there) note(CREATE, after.st_ino, after.st_mode & 07777, path, "", NULL, 0);
    else if (flags & O_TRUNC) note(RESIZE, after.st_ino, 0, path, "", NULL, 0);
    errno = error;
  }
  return file;
}

#define MODE(flags) \
  mode_t mode = 0; \
  if ((flags) & (O_CREAT | __O_TMPFILE)) { \
    va_list rest; \
    va_start(rest, flags); \
    mode = va_arg(rest, mode_t); \
    va_end(rest); \
  }

int open(const char *name, int flags, ...) { MODE(flags) return opened(AT_FDCWD, name, flags, mode); }
int open64(const char *name, int flags, ...) { MODE(flags) return opened(AT_FDCWD, name, flags, mode); }
int openat(int folder, const char *name, int flags, ...) { MODE(flags) return opened(folder, name, flags, mode); }
int openat64(int folder, const char *name, int flags, ...) { MODE(flags) return opened(folder, name, flags, mode); }

static void noted_write(int file, int64_t offset, const void *data, ssize_t count) {
  char path[PATH_MAX];
  int error = errno;
  if (count > 0 && is_on() && file != log_file && path_of(file, path)) {
    struct stat status;
    if (fstat(file, &status) == 0 && S_ISREG(status.st_mode)) {
      // After a plain write the position is behind what was written.
      if (offset < 0) offset = lseek(file, 0, SEEK_CUR) - count;
      note(WRITE, status.st_ino, offset, path, "", data, (size_t)count);
    }
  }
  errno = error;
}

static int is_broken_for(int file) {
  char path[PATH_MAX];
  return is_on() && file != log_file && path_of(file, path) && is_broken();
}

ssize_t write(int file, const void *data, size_t count) {
  if (is_broken_for(file)) return -1;
  ssize_t result = syscall(SYS_write, file, data, count);
  noted_write(file, -1, data, result);
  return result;
}
ssize_t pwrite(int file, const void *data, size_t count, off_t offset) {
  if (is_broken_for(file)) return -1;
  ssize_t result = syscall(SYS_pwrite64, file, data, count, offset);
  noted_write(file, offset, data, result);
  return result;
}
ssize_t pwrite64(int file, const void *data, size_t count, off_t offset) { return pwrite(file, data, count, offset); }

int ftruncate(int file, off_t size) {
  if (is_broken_for(file)) return -1;
  int result = (int)syscall(SYS_ftruncate, file, size);
  char path[PATH_MAX];
  struct stat status;
  if (result == 0 && is_on() && path_of(file, path) && fstat(file, &status) == 0)
    note(RESIZE, status.st_ino, size, path, "", NULL, 0);
  return result;
}
int ftruncate64(int file, off_t size) { return ftruncate(file, size); }

// Noted after it is done: what comes after a flush may rely on it.
static int flushed(int file, long call) {
  if (is_broken_for(file)) return -1;
  int result = (int)syscall(call, file);
  char path[PATH_MAX];
  struct stat status;
  if (result == 0 && is_on() && path_of(file, path) && fstat(file, &status) == 0)
    note(S_ISDIR(status.st_mode) ? SYNC_FOLDER : SYNC, status.st_ino, 0, path, "", NULL, 0);
  return result;
}
int fsync(int file) { return flushed(file, SYS_fsync); }
int fdatasync(int file) { return flushed(file, SYS_fdatasync); }

static int renamed(int from, const char *old, int to, const char *new) {
  char first[PATH_MAX], second[PATH_MAX];
  int is_watched = is_on() && path_at(from, old, first) && path_at(to, new, second);
  if (is_watched && is_broken()) return -1;
  int result = (int)syscall(SYS_renameat2, from, old, to, new, 0);
  if (result == 0 && is_watched) note(RENAME, 0, 0, first, second, NULL, 0);
  return result;
}
int rename(const char *old, const char *new) { return renamed(AT_FDCWD, old, AT_FDCWD, new); }
int renameat(int from, const char *old, int to, const char *new) { return renamed(from, old, to, new); }

static int removed(int folder, const char *name, int flags) {
  char path[PATH_MAX];
  int is_watched = is_on() && path_at(folder, name, path);
  int result = (int)syscall(SYS_unlinkat, folder, name, flags);
  if (result == 0 && is_watched)
    note(flags & AT_REMOVEDIR ? REMOVE_FOLDER : REMOVE, 0, 0, path, "", NULL, 0);
  return result;
}
int unlink(const char *name) { return removed(AT_FDCWD, name, 0); }
int unlinkat(int folder, const char *name, int flags) { return removed(folder, name, flags); }
int rmdir(const char *name) { return removed(AT_FDCWD, name, AT_REMOVEDIR); }

static int made(int folder, const char *name, mode_t mode) {
  char path[PATH_MAX];
  int is_watched = is_on() && path_at(folder, name, path);
  int result = (int)syscall(SYS_mkdirat, folder, name, mode);
  if (result == 0 && is_watched) note(MAKE_FOLDER, 0, mode, path, "", NULL, 0);
  return result;
}
int mkdir(const char *name, mode_t mode) { return made(AT_FDCWD, name, mode); }
int mkdirat(int folder, const char *name, mode_t mode) { return made(folder, name, mode); }

// Ways to change a file that nothing here is known to use: better to stop than to miss one.
static void refuse(int file, const char *name) {
  char path[PATH_MAX];
  if (is_on() && path_of(file, path)) {
    fprintf(stderr, "recorder: %s of %s is not recorded\n", name, path);
    abort();
  }
}
ssize_t writev(int file, const struct iovec *parts, int count) {
  refuse(file, "writev");
  return syscall(SYS_writev, file, parts, count);
}
int fallocate(int file, int mode, off_t offset, off_t length) {
  refuse(file, "fallocate");
  return (int)syscall(SYS_fallocate, file, mode, offset, length);
}
int posix_fallocate(int file, off_t offset, off_t length) {
  refuse(file, "posix_fallocate");
  return syscall(SYS_fallocate, file, 0, offset, length) == 0 ? 0 : errno;
}
