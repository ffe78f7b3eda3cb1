"""Puts a wrapper where a function was, looking like the library's own code."""

import functools
import inspect
import os

_missing = object()
# Below the library's folder, where its own warnings stop looking for the caller.
FILE = "/_lineage.py"
# Named like the import system's frames, which the warnings module passes over: for callees that count a fixed number of frames.
PASSED_OVER = "<lineage importlib _bootstrap>"


def patch(owner, attr, make, *make_args, folder=None, fixed_level=False, **make_kwargs):
    """Replaces owner.attr; absent names are passed over. Returns the wrapper, or None."""
    raw = owner.__dict__.get(attr, _missing) if isinstance(owner, type) else getattr(owner, attr, _missing)
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
        code = wrapper.__code__
        place = PASSED_OVER if fixed_level else (folder or os.path.dirname(os.path.abspath(__file__))) + FILE
        wrapper.__code__ = code.replace(co_filename=place, co_name=getattr(original, "__name__", attr))
        functools.update_wrapper(wrapper, original)
    except (AttributeError, TypeError, ValueError):
        pass
    wrapper.__lineage_mcp__ = True
    if not attr.startswith("_"):
        # Asked without following wrappers by pandas' own dispatch of names.
        try:
            wrapper.__signature__ = inspect.signature(original)
        except (TypeError, ValueError):
            pass
    try:
        setattr(owner, attr, binder(wrapper) if binder else wrapper)
    except (AttributeError, TypeError):
        return None
    return wrapper
