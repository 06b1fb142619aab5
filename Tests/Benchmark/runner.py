"""Runs programs, one after another, and measures each. In a process of its own and a small one, for what Linux tells of
a program's peak of memory begins with the size of the process that started it: 8 MB are the least that can be seen."""
import collections
import marshal
import os
import subprocess
import sys

Ended = collections.namedtuple("Ended", "elapsed processor peak code")
Ended.__doc__ = "Wall seconds, the processor's seconds, peak KiB, and exit code of a process and its children."

# With modules that are in the interpreter already.
SCRIPT = """
import marshal, posix, sys, time
while True:
    try:
        words, environment, out, errors = marshal.load(sys.stdin.buffer)
    except EOFError:
        break
    writing = posix.O_WRONLY | posix.O_CREAT | posix.O_TRUNC
    files = [(posix.POSIX_SPAWN_OPEN, 0, "/dev/null", posix.O_RDONLY, 0),
             (posix.POSIX_SPAWN_OPEN, 1, out, writing, 0o600),
             (posix.POSIX_SPAWN_OPEN, 2, errors, writing, 0o600)]
    begin = time.perf_counter()
    process = posix.posix_spawnp(words[0], words, environment, file_actions=files)
    _, status, usage = posix.wait4(process, 0)
    elapsed = time.perf_counter() - begin
    code = posix.waitstatus_to_exitcode(status)
    ended = (elapsed, usage.ru_utime + usage.ru_stime, usage.ru_maxrss, code)
    marshal.dump(ended, sys.stdout.buffer)
    sys.stdout.buffer.flush()
"""


class Runner:
    def __init__(self):
        self.process = subprocess.Popen([sys.executable, "-I", "-S", "-c", SCRIPT],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def run(self, command, environment=None, out=os.devnull, errors=os.devnull):
        """Runs a list of words, or a line for the shell, to its end."""
        words = ["/bin/sh", "-c", command] if isinstance(command, str) else list(command)
        order = (words, dict(os.environ if environment is None else environment), out, errors)
        marshal.dump(order, self.process.stdin)
        self.process.stdin.flush()
        return Ended(*marshal.load(self.process.stdout))

    def close(self):
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait()
