"""Processes that are hard to be rid of: a plain child, a session of its own, a daemon, one that ignores signals. usage: brood.py FILE"""

import os
import signal
import sys
import time


def note():
    with open(sys.argv[1], "a", encoding="utf-8") as file:
        file.write(f"{os.getpid()}\n")


def fork(*steps):
    if os.fork() == 0:
        for step in steps:
            step()
        note()
        time.sleep(600)
        os._exit(0)


def away():
    if os.fork() != 0:
        os._exit(0)


def deaf():
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)


fork()
fork(os.setsid)
fork(deaf, os.setsid)
fork(os.setsid, away)
fork(os.setsid, away, deaf, os.setsid, away)
deaf()
note()
print("brood is up", flush=True)
if len(sys.argv) > 2:
    time.sleep(0.3)
    sys.exit(int(sys.argv[2]))
time.sleep(600)
