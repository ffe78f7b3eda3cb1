"""
Runs a command and ends all that came of it, sessions of their own or not, once stdin closes or a signal arrives.
usage: python -I -S leash.py COMMAND…; the exit code is the command's. POSIX; nothing is orphaned past it on Linux.
"""

import os
import select
import signal
import subprocess
import sys
import time

ASK_SECONDS = 1.0
INSIST_SECONDS = 0.4
GIVE_UP_SECONDS = 5.0
SET_PDEATHSIG, SET_CHILD_SUBREAPER = 1, 36


def prctl():
    """The system call, or None where there is no such thing."""
    if not sys.platform.startswith("linux"):
        return None
    try:
        import ctypes

        return ctypes.CDLL(None, use_errno=True).prctl
    except (ImportError, OSError, AttributeError):
        return None


def parents():
    """{pid: parent} of every process."""
    found = {}
    if os.path.isdir("/proc/self"):
        for name in os.listdir("/proc"):
            if name.isdigit():
                try:
                    with open(f"/proc/{name}/stat", "rb") as file:
                        state, parent = file.read().rpartition(b")")[2].split()[:2]
                except (OSError, ValueError):
                    continue
                if state != b"Z":
                    found[int(name)] = int(parent)
        return found
    try:
        listed = subprocess.run(["ps", "-Ao", "pid=,ppid="], stdout=subprocess.PIPE, check=False).stdout
    except OSError:
        return found
    for line in listed.splitlines():
        pid, parent = line.split()[:2]
        found[int(pid)] = int(parent)
    return found


def descendants(known):
    """Everything below this process, and what was below it earlier and is still there."""
    above = parents()
    found = {pid for pid in known if pid in above}
    for pid in above:
        chain, at = [], pid
        while at in above and at not in found and at != os.getpid() and len(chain) < 1000:
            chain.append(at)
            at = above[at]
        if at == os.getpid() or at in found:
            found.update(chain)
    found.discard(os.getpid())
    return found


def tell(pids, number):
    for pid in pids:
        try:
            os.kill(pid, number)
        except OSError:
            pass


class Leash:
    def __init__(self, command):
        self.code = None
        call = prctl()
        if call is not None:
            call(SET_CHILD_SUBREAPER, 1, 0, 0, 0)

        def below():
            os.setsid()
            if call is not None:
                call(SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)

        self.child = subprocess.Popen(command, stdin=subprocess.DEVNULL, preexec_fn=below)

    def reap(self):
        """True while there is something left to wait for."""
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return False
            if pid == 0:
                return True
            if pid == self.child.pid:
                self.code = os.WEXITSTATUS(status) if os.WIFEXITED(status) else 128 + os.WTERMSIG(status)

    def wait(self, wake):
        """Until nothing runs any more, or this is to end."""
        watched = [0, wake]
        while self.reap():
            ready = select.select(watched, [], [])[0]
            if wake in ready and any(number != signal.SIGCHLD for number in os.read(wake, 4096)):
                return
            if 0 in ready and not os.read(0, 4096):
                return

    def end(self):
        known = descendants(())
        # The server first: it knows how to close its kernels.
        tell([self.child.pid] if self.code is None else (), signal.SIGTERM)
        limit = time.monotonic() + ASK_SECONDS
        while self.reap() and self.code is None and time.monotonic() < limit:
            time.sleep(0.02)
        began = time.monotonic()
        asked = set()
        while time.monotonic() < began + GIVE_UP_SECONDS:
            self.reap()
            known = descendants(known)
            if not known:
                return
            if time.monotonic() > began + INSIST_SECONDS:
                tell(known, signal.SIGKILL)
            else:
                tell(known - asked, signal.SIGTERM)
                asked |= known
            time.sleep(0.02)


def main(command):
    ours, wake = os.pipe()
    os.set_blocking(ours, False)
    os.set_blocking(wake, False)
    signal.set_wakeup_fd(wake)
    for number in (signal.SIGCHLD, signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: None)
    try:
        leash = Leash(command)
    except OSError as error:
        print(f"{command[0]}: {error.strerror}", file=sys.stderr)
        return 127
    leash.wait(ours)
    leash.end()
    return 0 if leash.code is None else leash.code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
