"""Identifiers and times."""

import os
import random
import time
from datetime import datetime, timezone

# Of our own: the notebook's sequence of random numbers stays as it is.
_random = random.Random(os.urandom(32))
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=lambda: _random.seed(os.urandom(32)))


def uuid7():
    """Time-ordered UUID text."""
    bits = _random.getrandbits(74)
    return "%08x-%04x-7%03x-%04x-%012x" % (*divmod(time.time_ns() // 1_000_000, 65536), bits >> 62, 0x8000 | bits >> 48 & 0x3FFF, bits & 0xFFFFFFFFFFFF)


_second = (None, "")


def iso(seconds=None):
    """UTC with microseconds."""
    global _second
    micros = int((time.time() if seconds is None else seconds) * 1_000_000)
    whole, part = divmod(micros, 1_000_000)
    known, shown = _second
    if known != whole:
        shown = datetime.fromtimestamp(whole, timezone.utc).strftime("%Y-%m-%dT%H:%M:%S")
        _second = (whole, shown)
    return "%s.%06dZ" % (shown, part)
