#define _GNU_SOURCE
#include "CDetach.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <unistd.h>

static int prepare(posix_spawn_file_actions_t *actions, int kept, int as) {
  // The kept one first: it may be one of the three.
  int error = posix_spawn_file_actions_adddup2(actions, kept, as);
  for (int descriptor = 0; error == 0 && descriptor < 3; descriptor++) {
    error = posix_spawn_file_actions_addopen(actions, descriptor, "/dev/null", O_RDWR, 0);
  }
  if (error == 0) error = posix_spawn_file_actions_addclosefrom_np(actions, as + 1);
  if (error == 0) error = posix_spawn_file_actions_addchdir_np(actions, "/");
  return error;
}

int cdetach_start(char *const words[], int kept, int as) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  sigset_t none, all;
  pid_t process;
  sigemptyset(&none);
  sigfillset(&all);
  int error = posix_spawn_file_actions_init(&actions);
  if (error != 0) return error;
  error = posix_spawnattr_init(&attributes);
  if (error == 0) {
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawnattr_setflags(&attributes,
                             POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    error = prepare(&actions, kept, as);
    if (error == 0) {
      error = posix_spawn(&process, "/proc/self/exe", &actions, &attributes, words, environ);
    }
    posix_spawnattr_destroy(&attributes);
  }
  posix_spawn_file_actions_destroy(&actions);
  return error;
}
