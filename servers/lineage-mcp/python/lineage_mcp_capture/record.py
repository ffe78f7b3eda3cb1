"""The hot path: one call of a DataFrame library becomes one small tuple. Nothing here may raise into user code."""

import functools
import inspect
import os
import pathlib
import sys
from time import perf_counter as clock

from .nodes import HERE, NODES, Node

LITERALS = frozenset((str, int, float, bool, type(None), complex, bytes))
SITE_LIMIT = 1000
CELL_LIMIT = 50_000

# type -> Kind; subclasses are filled in as they are met.
KINDS = {}
_UNTRACKED = object()


class Kind:
    """How to read one tracked type: facts(obj) -> (columns, rows, index names or None)."""

    __slots__ = ("name", "library", "facts")

    def __init__(self, name, library, facts):
        self.name = name
        self.library = library
        self.facts = facts


class Ref(int):
    """Position of an input among the operands."""


class Mark(str):
    """Stands for an argument whose value is not kept."""


ARRAY = Mark("array")
COMPUTED = Mark("computed scalar")
CALL = Mark("callable")
OTHER = Mark("other")
BIG = Mark("big")


def kind_of(obj):
    cls = type(obj)
    kind = KINDS.get(cls)
    if kind is None:
        kind = _UNTRACKED
        for base in cls.__mro__[1:]:
            if base in KINDS and KINDS[base] is not _UNTRACKED:
                kind = KINDS[base]
                break
        if len(KINDS) < 5000:
            KINDS[cls] = kind
    return None if kind is _UNTRACKED else kind


class Op:
    """One recorded call, not yet interpreted."""

    __slots__ = ("name", "rule", "family", "library", "line", "start", "end", "ins", "out", "args", "kwargs", "extra", "epoch")


def node_for(obj, kind):
    """The node of an operand, made when it came from outside our view."""
    node = NODES.get(obj)
    if node is None:
        columns, rows, index = kind.facts(obj)
        node = Node(kind.name, kind.library, columns, rows)
        node.index = index
        node.flags = UNSEEN
        NODES.put(obj, node)
    return node


UNSEEN = 1
CHANGED = 2
SKIPPED = 4


def slim(value, ins):
    """An argument without its data: operands become references, literals stay, the rest is a mark."""
    cls = type(value)
    if cls in LITERALS:
        return value
    kind = KINDS.get(cls)
    if kind is None:
        kind = kind_of(value)
    elif kind is _UNTRACKED:
        kind = None
    if kind is not None:
        ins.append((node_for(value, kind), kind.facts(value)))
        return Ref(len(ins) - 1)
    if cls is list or cls is tuple:
        if len(value) > 200:
            return BIG
        return tuple([slim(item, ins) for item in value])
    if cls is dict:
        if len(value) > 200:
            return BIG
        return {key if type(key) in LITERALS else str(key): slim(item, ins) for key, item in value.items()}
    if cls is slice:
        return slice(*[slim(part, ins) for part in (value.start, value.stop, value.step)])
    keep = KEEP.get(cls)
    if keep is not None:
        return keep(value, ins)
    module = cls.__module__
    if module == "numpy":
        return ARRAY if cls.__name__ == "ndarray" else COMPUTED
    if cls in ITERABLES:
        items = list(value)
        return tuple([slim(item, ins) for item in items]) if len(items) <= 200 else BIG
    if isinstance(value, type) or cls.__name__.endswith("Dtype") or cls.__name__ in DTYPES:
        return Mark(getattr(value, "__name__", cls.__name__))
    return CALL if callable(value) else OTHER


def _as_path(value, ins):
    return str(value)


# type -> function(value, ins): further immutable things kept as they are (polars expressions).
KEEP = {pathlib.PosixPath: _as_path, pathlib.WindowsPath: _as_path, pathlib.PurePosixPath: _as_path}
ITERABLES = {type({}.keys()), type({}.values()), set, frozenset}
DTYPES = {"DataTypeClass", "EnumType"}


def _caller_line():
    frame = sys._getframe(3)
    name = frame.f_code.co_filename
    depth = 0
    while frame is not None and depth < 12:
        if "__marimo__" in name or "marimo" not in name and "site-packages" not in name and "lineage_mcp" not in name and not name.startswith("<frozen"):
            return frame.f_lineno
        frame = frame.f_back
        name = frame.f_code.co_filename if frame is not None else ""
        depth += 1
    return None


def record(run, spec, ins, args, kwargs, out_obj, start, end, mutates, extra=None):
    """Appends one operation to the running cell; a result that is no frame is of interest only when written away."""
    kind = KINDS.get(type(out_obj)) or kind_of(out_obj)
    if kind is _UNTRACKED:
        kind = None
    if kind is None and spec.family != "io_write":
        return None
    line = _caller_line()
    site = (spec.name, line)
    count = run.sites.get(site, 0) + 1
    run.sites[site] = count
    out = None
    if kind is not None:
        columns, rows, index = kind.facts(out_obj)
        out = Node(kind.name, kind.library, columns, rows)
        out.index = index
        known = None if mutates else NODES.get(out_obj)
        if known is not None and any(known is entry[0] for entry in ins):
            return None
        if count > SITE_LIMIT or len(run.ops) + run.flushed > CELL_LIMIT:
            out.flags = SKIPPED
            run.skipped += 1
            NODES.put(out_obj, out)
            return None
        NODES.put(out_obj, out)
    elif count > SITE_LIMIT or len(run.ops) + run.flushed > CELL_LIMIT:
        run.skipped += 1
        return None
    op = Op()
    op.name = spec.name
    op.rule = spec.rule
    op.family = spec.family
    op.library = spec.library
    op.line = line
    op.start = start
    op.end = end
    op.ins = ins
    op.out = out
    op.args = args
    op.kwargs = kwargs
    op.extra = extra
    run.ops.append(op)
    run.capture_seconds += clock() - end
    if len(run.ops) >= 4000:
        run.flush_ops()
    return op


class Spec:
    __slots__ = ("name", "rule", "family", "library")

    def __init__(self, name, rule, family, library):
        self.name = name
        self.rule = rule
        self.family = family
        self.library = library


def _failed(run):
    try:
        run.failures += 1
    except Exception:
        pass


def wrap_call(original, spec, before=None, subject=None):
    """A method or function whose result (or, with inplace=True, whose subject) is a new frame."""

    def wrapper(*args, **kwargs):
        run = HERE.run
        if run is None or HERE.depth:
            return original(*args, **kwargs)
        HERE.depth = 1
        start = clock()
        try:
            extra = None
            if before is not None:
                try:
                    extra = before(args, kwargs)
                except Exception:
                    _failed(run)
            result = original(*args, **kwargs)
            end = clock()
            try:
                ins = []
                small = [slim(arg, ins) for arg in args]
                named = {key: slim(arg, ins) for key, arg in kwargs.items()} if kwargs else kwargs
                if result is None and kwargs and kwargs.get("inplace"):
                    record(run, spec, ins, small, named, args[0], start, end, True, extra)
                else:
                    record(run, spec, ins, small, named, result, start, end, False, extra)
            except Exception:
                _failed(run)
            return result
        finally:
            HERE.depth = 0

    return wrapper


def wrap_mutator(original, spec, subject=None):
    """A private callee that changes its object; the object becomes a new version."""

    def wrapper(self, *args, **kwargs):
        run = HERE.run
        if run is None or HERE.depth:
            return original(self, *args, **kwargs)
        try:
            target = self if subject is None else subject(self)
            if spec.name in ONLY_KNOWN and NODES.get(target) is None:
                return original(self, *args, **kwargs)
            kind = kind_of(target)
            ins = [(node_for(target, kind), None)] if kind is not None else []
        except Exception:
            _failed(run)
            return original(self, *args, **kwargs)
        HERE.depth = 1
        start = clock()
        try:
            result = original(self, *args, **kwargs)
            end = clock()
            try:
                small = [Ref(0), *[slim(arg, ins) for arg in args]]
                named = {key: slim(arg, ins) for key, arg in kwargs.items()} if kwargs else kwargs
                record(run, spec, ins, small, named, target, start, end, True)
            except Exception:
                _failed(run)
            return result
        finally:
            HERE.depth = 0

    return wrapper


ONLY_KNOWN = frozenset(("set_axis", "update_inplace"))


def wrap_opaque(original, spec=None):
    """Display, plotting: what happens inside is no lineage."""

    def wrapper(*args, **kwargs):
        if HERE.run is None or HERE.depth:
            return original(*args, **kwargs)
        HERE.depth = 1
        try:
            return original(*args, **kwargs)
        finally:
            HERE.depth = 0

    return wrapper


def wrap_finalize(original, spec):
    """Results of methods that must not be wrapped, because they count references to their subject."""

    def wrapper(self, other, *args, **kwargs):
        result = original(self, other, *args, **kwargs)
        run = HERE.run
        if run is None or HERE.depth or self is other:
            return result
        try:
            if kind_of(other) is not None and kind_of(result) is not None and NODES.get(result) is None:
                now = clock()
                ins = []
                slim(other, ins)
                method = args[0] if args else kwargs.get("method")
                record(run, spec, ins, [Ref(0)], {"method": method if type(method) is str else None}, result, now, now, False)
        except Exception:
            _failed(run)
        return result

    return wrapper


_missing = object()
# Below the library's folder, where its own warnings stop looking for the caller.
FILE = "/_lineage.py"
# Named like the import system's frames, which the warnings module passes over: for callees that count a fixed number of frames.
PASSED_OVER = "<lineage importlib _bootstrap>"


def patch(owner, attr, make, *make_args, folder=None, fixed_level=False, **make_kwargs):
    """Replaces owner.attr by a wrapper that looks like the library's own code; absent names are passed over."""
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
