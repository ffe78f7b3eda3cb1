"""Identifiers and times."""

import os
import time
from datetime import datetime, timezone


def uuid7():
    """Time-ordered UUID text."""
    stamp = (time.time_ns() // 1_000_000).to_bytes(6, "big")
    tail = bytearray(os.urandom(10))
    tail[0] = (tail[0] & 0x0F) | 0x70
    tail[2] = (tail[2] & 0x3F) | 0x80
    text = (stamp + bytes(tail)).hex()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def iso(seconds=None):
    """UTC with microseconds."""
    moment = datetime.fromtimestamp(time.time() if seconds is None else seconds, timezone.utc)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
