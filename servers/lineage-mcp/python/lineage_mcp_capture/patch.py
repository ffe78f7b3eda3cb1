"""Puts a wrapper where a function was, looking like the library's own code."""

import atexit
import functools
import os

from .signatures import signature_of

_missing = object()
# (owner, name, what stood there): put back when the interpreter ends, or what libraries keep for ever would keep ours, and ours theirs.
_undo = []
# Below the library's folder, where its own warnings stop looking for the caller.
FILE = "/_lineage.py"
# Named like the import system's frames, which the warnings module passes over: for callees that count a fixed number of frames.
PASSED_OVER = "<lineage importlib _bootstrap>"


def patch(owner, attr, make, *make_args, folder=None, fixed_level=False, **make_kwargs):
    """Replaces owner.attr; absent names are passed over. Returns the wrapper, or None."""
    raw = there = owner.__dict__.get(attr, _missing) if isinstance(owner, type) else getattr(owner, attr, _missing)
    if raw is _missing:
        if not isinstance(owner, type):
            return None
        raw = getattr(owner, attr, _missing)
        if raw is _missing:
            return None
    original = raw
    binder = None
    if isinstance(raw, (classmethod, staticmethod)):
        binder, original = type(raw), raw.__func__
    if not callable(original) or getattr(original, "__lineage_mcp__", False):
        return None
    wrapper = make(original, *make_args, **make_kwargs)
    try:
        place = PASSED_OVER if fixed_level else (folder or os.path.dirname(os.path.abspath(__file__))) + FILE
        wrapper.__code__ = wrapper.__code__.replace(co_filename=place, co_name=getattr(original, "__name__", attr))
        functools.update_wrapper(wrapper, original)
    except (AttributeError, TypeError, ValueError):
        pass
    wrapper.__lineage_mcp__ = True
    if not attr.startswith("_"):
        # Asked without following wrappers by pandas' own dispatch of names.
        try:
            wrapper.__signature__ = signature_of(original)
        except (TypeError, ValueError):
            pass
    return wrapper if put(owner, attr, binder(wrapper) if binder else wrapper, there) else None


def put(owner, attr, value, before):
    """Sets owner.attr until the end; False where that is not allowed."""
    try:
        setattr(owner, attr, value)
    except (AttributeError, TypeError):
        return False
    if not _undo:
        atexit.register(_restore)
    _undo.append((owner, attr, before))
    return True


def _restore():
    while _undo:
        owner, attr, before = _undo.pop()
        try:
            delattr(owner, attr) if before is _missing else setattr(owner, attr, before)
        except Exception:
            pass
