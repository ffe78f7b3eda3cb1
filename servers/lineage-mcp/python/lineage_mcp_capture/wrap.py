"""What stands in the place of an observed function: it does what that does, and notes the outermost call."""

import sys

from .kinds import Ref, kind_of
from .loops import counted
from .nodes import HERE, NODES
from .record import clock, failed, record, site_of
from .slim import node_for, operand, slim, slim_named


def wrap_noted(original, spec, note):
    """`note` is told of each outermost call of the running cell, after it."""

    def wrapper(*args, **kwargs):
        run = HERE.free
        if run is None:
            return original(*args, **kwargs)
        HERE.free = None
        start = clock()
        try:
            result = original(*args, **kwargs)
            end = clock()
            try:
                note(run, spec, args, kwargs, result, start, end)
            except Exception:
                failed(run)
            return result
        finally:
            HERE.free = run

    return wrapper


def note_call(run, spec, args, kwargs, result, start, end):
    site = site_of(run, spec, sys._getframe(2))
    if run.loops and result is not None and counted(run, site, None, args, kwargs, result, None, start, end):
        return
    ins = []
    small = [slim(arg, ins) for arg in args]
    if not kwargs:
        record(run, spec, ins, small, kwargs, result, start, end, site=site)
        return
    small_named = slim_named(kwargs, ins)
    if result is None and kwargs.get("inplace"):
        record(run, spec, ins, small, small_named, args[0], start, end, True, site=site)
    else:
        record(run, spec, ins, small, small_named, result, start, end, site=site)


def wrap_call(original, spec):
    """A method or function whose result (or, with inplace=True, whose subject) is a new frame."""
    return wrap_noted(original, spec, note_call)


def note_made(run, spec, args, kwargs, result, start, end):
    """A constructor: its object is the result."""
    ins = []
    small = [None, *[slim(arg, ins) for arg in args[1:]]]
    record(run, spec, ins, small, slim_named(kwargs, ins), args[0], start, end, True)


# Mutations of what nobody has seen before say nothing.
ONLY_KNOWN = frozenset(("set_axis", "update_inplace"))


def wrap_mutator(original, spec, subject=None):
    """A callee that changes its object; the object becomes a new version."""

    def wrapper(self, *args, **kwargs):
        run = HERE.free
        if run is None:
            return original(self, *args, **kwargs)
        try:
            target = self if subject is None else subject(self)
            if spec.name in ONLY_KNOWN and NODES.get(target) is None:
                return original(self, *args, **kwargs)
            kind = kind_of(target)
            # Before the call: afterwards the columns are others.
            ins = [(node_for(target, kind), kind.facts(target))]
        except Exception:
            failed(run)
            return original(self, *args, **kwargs)
        HERE.free = None
        start = clock()
        try:
            result = original(self, *args, **kwargs)
            end = clock()
            try:
                site = site_of(run, spec, sys._getframe(1))
                if not run.loops or not counted(run, site, ins[0][0], (None, *args), kwargs, target, None, start, end):
                    small = [Ref(0), *[slim(arg, ins) for arg in args]]
                    record(run, spec, ins, small, slim_named(kwargs, ins), target, start, end, True, site=site)
            except Exception:
                failed(run)
            return result
        finally:
            HERE.free = run

    return wrapper


def wrap_opaque(original, spec=None):
    """Display, plotting: what happens inside is no lineage."""

    def wrapper(*args, **kwargs):
        run = HERE.free
        if run is None:
            return original(*args, **kwargs)
        HERE.free = None
        try:
            return original(*args, **kwargs)
        finally:
            HERE.free = run

    return wrapper


def wrap_finalize(original, spec):
    """Results of methods that must not be wrapped, because they count references to their subject."""

    def wrapper(self, other, *args, **kwargs):
        result = original(self, other, *args, **kwargs)
        run = HERE.free
        if run is None or self is other:
            return result
        try:
            kind = kind_of(other)
            if kind is not None and kind_of(result) is not None and NODES.get(result) is None:
                now = clock()
                ins = []
                operand(other, kind, ins)
                method = args[0] if args else kwargs.get("method")
                record(run, spec, ins, [Ref(0)], {"method": method if type(method) is str else None}, result, now, now, depth=2)
        except Exception:
            failed(run)
        return result

    return wrapper
