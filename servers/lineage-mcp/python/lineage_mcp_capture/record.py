"""The hot path: one call of a DataFrame library becomes one tuple, understood later. Nothing here may raise into user code."""

import os
import sys
from time import perf_counter as clock

from .kinds import KINDS, UNTRACKED, kind_of
from .nodes import NODES, Node

# Calls kept before they are understood: few enough to stay young, in caches and for the garbage collector.
BUFFER = 256
# file of a caller -> whether it is the user's
_USERS = {}
_FOREIGN = ("site-packages", "dist-packages", "lineage_mcp_capture", os.path.join("marimo", "_"), os.path.dirname(os.__file__) + os.sep)


class Spec:
    """What is observed at one place."""

    __slots__ = ("name", "rule", "family", "library", "memo", "blind")

    def __init__(self, name, rule, family, library):
        self.name = name
        self.rule = rule
        self.family = family
        self.library = library
        # Expressions cannot be compared; files and SQL are looked at each time.
        self.memo = library in ("pandas", "polars") and family not in ("io_read", "io_write", "sql")
        # Of a number, arithmetic says the same as of any other.
        self.blind = getattr(rule, "__name__", "") == "arithmetic"


class Op:
    """One recorded call, as the rules see it."""

    __slots__ = ("name", "family", "library", "rule", "ins", "out", "args", "kwargs", "extra", "line", "start", "end")

    def __init__(self, call):
        spec, site, self.ins, self.out, self.args, self.kwargs, self.extra, self.start, self.end = call
        self.line = site.line
        self.name, self.family, self.library, self.rule = spec.name, spec.family, spec.library, spec.rule


def _is_users(name):
    if len(_USERS) > 5000:
        _USERS.clear()
    users = "__marimo__" in name or not any(part in name for part in _FOREIGN) and not name.startswith("<frozen")
    _USERS[name] = users
    return users


class Site:
    """A place in the notebook."""

    __slots__ = ("line", "place", "code")

    def __init__(self, line, place, code):
        self.line = line
        self.place = place
        # Held, so that its id stays its own.
        self.code = code


_NOWHERE = Site(None, None, None)


def site_of(run, spec, frame):
    """Where in the notebook a call came from, remembered per place."""
    for _ in range(12):
        code = frame.f_code
        name = code.co_filename
        users = _USERS.get(name)
        if users or users is None and _is_users(name):
            place = (spec, id(code), frame.f_lasti)
            site = run.sites.get(place)
            if site is None:
                if len(run.sites) > 10_000:
                    run.sites.clear()
                site = run.sites[place] = Site(frame.f_lineno, place, code)
            return site
        frame = frame.f_back
        if frame is None:
            break
    return _NOWHERE


def record(run, spec, ins, args, kwargs, made, start, end, mutates=False, extra=None, depth=3, site=None):
    """Notes one operation of the running cell; a result that is no frame is of interest only when written away."""
    kind = KINDS.get(type(made))
    if kind is None:
        kind = kind_of(made)
    if kind is None or kind is UNTRACKED:
        if spec.family != "io_write":
            return
        out = None
    else:
        if not mutates:
            known = NODES.get(made)
            if known is not None:
                for entry in ins:
                    if entry[0] is known:
                        return
        out = NODES.put(made, Node(kind, kind.facts(made)))
    ops = run.ops
    ops.append((spec, site or site_of(run, spec, sys._getframe(depth)), ins, out, args, kwargs, extra, start, end))
    if len(ops) >= BUFFER:
        run.flush_ops()
    run.capture_seconds += clock() - end


def failed(run):
    try:
        run.failures += 1
    except Exception:
        pass
