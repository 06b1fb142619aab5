// A disk that lacks what network and FUSE file systems lack, for the files under one folder. Loaded
// with LD_PRELOAD; PoorDiskTests compile it.
//
//   PAPERSHELF_POOR_ROOT   the folder, an absolute path without links in it
//   PAPERSHELF_POOR        what it lacks: flush (of folders), locks, maps
//   PAPERSHELF_POOR_MOUNTS a file that is read as the table of mounts
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static int lacks(const char *what) {
  const char *text = getenv("PAPERSHELF_POOR");
  return text != NULL && strcmp(text, what) == 0;
}

static int is_inside(const char *path) {
  const char *root = getenv("PAPERSHELF_POOR_ROOT");
  return root != NULL && strncmp(path, root, strlen(root)) == 0;
}

static int is_file_inside(int file) {
  char link[64], path[PATH_MAX];
  snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  ssize_t length = readlink(link, path, PATH_MAX - 1);
  if (length <= 0) return 0;
  path[length] = 0;
  return is_inside(path);
}

int fsync(int file) {
  struct stat status;
  if (lacks("flush") && fstat(file, &status) == 0 && S_ISDIR(status.st_mode) && is_file_inside(file)) {
    errno = EINVAL;
    return -1;
  }
  return (int)syscall(SYS_fsync, file);
}

static int control(int file, int command, void *argument) {
  int is_lock = command == F_SETLK || command == F_SETLKW || command == F_OFD_SETLK
    || command == F_GETLK || command == F_OFD_GETLK;
  if (is_lock && lacks("locks") && is_file_inside(file)) {
    errno = ENOLCK;
    return -1;
  }
  return (int)syscall(SYS_fcntl, file, command, argument);
}

int fcntl(int file, int command, ...) {
  va_list list;
  va_start(list, command);
  void *argument = va_arg(list, void *);
  va_end(list);
  return control(file, command, argument);
}

int fcntl64(int file, int command, ...) {
  va_list list;
  va_start(list, command);
  void *argument = va_arg(list, void *);
  va_end(list);
  return control(file, command, argument);
}

void *mmap(void *where, size_t length, int rights, int flags, int file, off_t offset) {
  if (lacks("maps") && file >= 0 && (flags & MAP_SHARED) && is_file_inside(file)) {
    errno = ENODEV;
    return MAP_FAILED;
  }
  return (void *)syscall(SYS_mmap, where, length, rights, flags, file, offset);
}

void *mmap64(void *where, size_t length, int rights, int flags, int file, off_t offset) {
  return mmap(where, length, rights, flags, file, offset);
}

static FILE *opened(const char *name, const char *path, const char *mode) {
  FILE *(*real)(const char *, const char *) = (FILE * (*)(const char *, const char *)) dlsym(RTLD_NEXT, name);
  const char *mounts = getenv("PAPERSHELF_POOR_MOUNTS");
  return real(mounts != NULL && strcmp(path, "/proc/self/mountinfo") == 0 ? mounts : path, mode);
}

FILE *fopen(const char *path, const char *mode) { return opened("fopen", path, mode); }
FILE *fopen64(const char *path, const char *mode) { return opened("fopen64", path, mode); }
