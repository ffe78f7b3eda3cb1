"""What stands in the place of an observed function: it does what that does, and notes the outermost call."""

from sys import _getframe
from threading import get_ident

from .kinds import Ref, kind_of
from .nodes import FREE, HERE, NODES
from .record import clock, failed, record, site_of
from .slim import node_for, operand, slim, slim_named


def takes(function, *names):
    """Whether these are its parameters, all of them and without defaults."""
    code = getattr(function, "__code__", None)
    return code is not None and code.co_varnames[: code.co_argcount] == names and not code.co_flags & 12 and not code.co_kwonlyargcount and not function.__defaults__


def wrap_noted(original, spec, note):
    """`note` is told of each outermost call of the running cell, after it."""

    def wrapper(*args, **kwargs):
        if not FREE:
            return original(*args, **kwargs)
        thread = get_ident()
        run = FREE.pop(thread, None)
        if run is None:
            return original(*args, **kwargs)
        try:
            start = clock()
            result = original(*args, **kwargs)
            end = clock()
            try:
                note(run, spec, args, kwargs, result, start, end)
            except Exception:
                failed(run)
            return result
        finally:
            FREE[thread] = run

    return wrapper


def note_call(run, spec, args, kwargs, result, start, end):
    frame = _getframe(2)
    site = None
    loops = run.loops
    if loops and result is not None:
        loop = loops.get((spec, id(frame.f_code), frame.f_lasti))
        if loop is None:
            site = site_of(run, spec, frame)
            loop = loops.get(site.place)
        if loop is not None and loop.again(None, args, kwargs, result, None, end - start):
            run.capture_seconds += clock() - end
            return
    if site is None:
        site = site_of(run, spec, frame)
    ins = []
    small = [slim(arg, ins) for arg in args]
    if not kwargs:
        record(run, spec, ins, small, {}, result, start, end, site=site)
        return
    small_named = slim_named(kwargs, ins)
    if result is None and kwargs.get("inplace"):
        # Its columns may be others by now.
        before = ins[0][0] if ins else None
        if before is not None and before is NODES.get(args[0]):
            ins[0] = (before, before.facts)
        record(run, spec, ins, small, small_named, args[0], start, end, True, site=site)
    else:
        record(run, spec, ins, small, small_named, result, start, end, site=site)


def wrap_call(original, spec):
    """A method or function whose result (or, with inplace=True, whose subject) is a new frame."""
    if takes(original, "self", "other"):
        return _wrap_other(original, spec)
    if takes(original, "self", "key"):
        return _wrap_key(original, spec)
    return wrap_noted(original, spec, note_call)


# Called far more often than others, and by the interpreter: their parameters are spelt out, which halves what a call inside another costs.
_NO_NAMES = {}


def _wrap_other(original, spec):
    def wrapper(self, other):
        if not FREE:
            return original(self, other)
        thread = get_ident()
        run = FREE.pop(thread, None)
        if run is None:
            return original(self, other)
        try:
            start = clock()
            result = original(self, other)
            end = clock()
            try:
                note_call(run, spec, (self, other), _NO_NAMES, result, start, end)
            except Exception:
                failed(run)
            return result
        finally:
            FREE[thread] = run

    return wrapper


def _wrap_key(original, spec):
    def wrapper(self, key):
        if not FREE:
            return original(self, key)
        thread = get_ident()
        run = FREE.pop(thread, None)
        if run is None:
            return original(self, key)
        try:
            start = clock()
            result = original(self, key)
            end = clock()
            try:
                note_call(run, spec, (self, key), _NO_NAMES, result, start, end)
            except Exception:
                failed(run)
            return result
        finally:
            FREE[thread] = run

    return wrapper


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
        if not FREE:
            return original(self, *args, **kwargs)
        thread = get_ident()
        run = FREE.get(thread)
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
        FREE.pop(thread, None)
        try:
            start = clock()
            result = original(self, *args, **kwargs)
            end = clock()
            try:
                site = site_of(run, spec, _getframe(1))
                loop = run.loops.get(site.place) if run.loops else None
                if loop is not None and loop.again(ins[0][0], (None, *args), kwargs, target, None, end - start):
                    run.capture_seconds += clock() - end
                else:
                    seen = args if spec.name != "update_inplace" or NODES.get(args[0]) is not None else ()
                    small = [Ref(0), *[slim(arg, ins) for arg in seen]]
                    record(run, spec, ins, small, slim_named(kwargs, ins), target, start, end, True, site=site)
            except Exception:
                failed(run)
            return result
        finally:
            FREE[thread] = run

    return wrapper


def wrap_opaque(original, spec=None):
    """Display, plotting: what happens inside is no lineage."""

    def wrapper(*args, **kwargs):
        thread = get_ident()
        run = FREE.pop(thread, None) if FREE else None
        if run is None:
            return original(*args, **kwargs)
        try:
            return original(*args, **kwargs)
        finally:
            FREE[thread] = run

    return wrapper


def wrap_finalize(original, spec):
    """Results of methods that must not be wrapped, because they count references to their subject."""

    def note(result, other, method, frame):
        run = HERE.free
        if run is None:
            return
        try:
            kind = kind_of(other)
            if kind is not None and kind_of(result) is not None and NODES.get(result) is None:
                now = clock()
                ins = []
                operand(other, kind, ins)
                record(run, spec, ins, [Ref(0)], {"method": method if type(method) is str else None}, result, now, now, site=site_of(run, spec, frame))
        except Exception:
            failed(run)

    def wrapper(self, other, *args, **kwargs):
        result = original(self, other, *args, **kwargs)
        if FREE and self is not other:
            note(result, other, args[0] if args else kwargs.get("method"), _getframe(1))
        return result

    def wrapper_of_two(self, other, method=None, **kwargs):
        result = original(self, other, method, **kwargs) if kwargs else original(self, other, method)
        if FREE and self is not other:
            note(result, other, method, _getframe(1))
        return result

    code = getattr(original, "__code__", None)
    usual = code is not None and code.co_varnames[:4] == ("self", "other", "method", "kwargs") and code.co_argcount == 3 and original.__defaults__ == (None,)
    return wrapper_of_two if usual else wrapper
