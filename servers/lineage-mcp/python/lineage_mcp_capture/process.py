"""Figures of this process."""

import os
import sys

_PAGE = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4096


def memory_mb():
    """Resident memory; None where it is not cheap to know."""
    try:
        with open("/proc/self/statm", "rb") as file:
            return round(int(file.read().split()[1]) * _PAGE / 1048576, 3)
    except (OSError, ValueError, IndexError):
        pass
    psutil = sys.modules.get("psutil")
    if psutil is not None:
        try:
            return round(psutil.Process().memory_info().rss / 1048576, 3)
        except Exception:
            return None
    return None
