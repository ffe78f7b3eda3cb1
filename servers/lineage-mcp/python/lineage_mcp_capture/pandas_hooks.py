"""Places pandas is observed at, chosen so that its own tests cannot tell."""

import os
import sys
from sys import _getframe

from . import groupby_rules as g
from . import pandas_assign as assign
from . import pandas_reshape as reshape
from . import pandas_rules as r
from . import pandas_select as select
from .groups import Groups
from .kinds import KINDS, Kind, Ref, kind_of
from .labels import text
from .nodes import FREE, HERE
from .pandas_table import ARITHMETIC, COARSE, FRAME, FUNCTIONS, GROUP, INPLACE, OPAQUE, READERS, REDUCE, SERIES, SERIES_COARSE, UNARY, WINDOW, WRITERS
from .patch import patch
from .patch import put as replace
from .record import Spec, clock, failed, record, site_of
from .slim import operand, slim, slim_named
from .wrap import takes, wrap_call, wrap_finalize, wrap_mutator, wrap_noted, wrap_opaque


def _version(pandas):
    try:
        return tuple(int(part) for part in pandas.__version__.split(".")[:2])
    except ValueError:
        return (0, 0)


UNNAMED = (None,)


def _kinds_of(pandas):
    """The functions every recorded call goes through, most common index first."""
    counted, several = pandas.RangeIndex, pandas.MultiIndex

    def index_names(index):
        """None for a plain count of rows."""
        cls = index.__class__
        if cls is several:
            return tuple(index.names)
        name = index._name
        if name is None:
            return None if cls is counted else UNNAMED
        return (name,)

    def frame_facts(frame):
        columns, index = frame._mgr.axes
        return columns, len(index), index_names(index)

    def series_facts(series):
        index = series._mgr.axes[0]
        return (series._name,), len(index), index_names(index)

    def frame_labels(frame):
        columns, index = frame._mgr.axes
        if index.__class__ is counted and index._name is None:
            return columns, None
        return columns, index_names(index)

    def series_labels(series):
        index = series._mgr.axes[0]
        if index.__class__ is counted and index._name is None:
            return (series._name,), None
        return (series._name,), index_names(index)

    def frame_columns(frame):
        return frame._mgr.axes[0]

    def series_columns(series):
        return (series._name,)

    return Kind("frame", "pandas", frame_facts, frame_labels, frame_columns), Kind("series", "pandas", series_facts, series_labels, series_columns)


GROUPS = Groups()


def _note_groupby(run, spec, args, kwargs, result, start, end):
    ins = []
    operand(args[0], kind_of(args[0]), ins)
    by = args[1] if len(args) > 1 else kwargs.get("by")
    keys = slim(by, ins) if by is not None else _levels(kwargs.get("level"))
    GROUPS.put(result, (ins, keys, None))


def _levels(level):
    return level if isinstance(level, str) or isinstance(level, (list, tuple)) and all(isinstance(each, str) for each in level) else None


def _note_group_item(run, spec, args, kwargs, result, start, end):
    info = GROUPS.get(args[0])
    if info is not None:
        key = args[1] if len(args) > 1 else kwargs.get("key")
        GROUPS.put(result, (info[0], info[1], key if isinstance(key, (str, int)) else None))


def _note_grouped(run, spec, args, kwargs, result, start, end):
    info = GROUPS.get(args[0])
    if info is None:
        ins, keys, choice = [], None, None
        operand(args[0].obj, kind_of(args[0].obj), ins)
    else:
        ins, keys, choice = list(info[0]), info[1], info[2]
        site = site_of(run, spec, sys._getframe(2))
        loop = run.loops.get(site.place) if run.loops and len(ins) == 1 else None
        if loop is not None and loop.again(ins[0][0], args, kwargs, result, (keys, choice), end - start):
            run.capture_seconds += clock() - end
            return
    small = [Ref(0), *[slim(arg, ins) for arg in args[1:]]]
    record(run, spec, ins, small, slim_named(kwargs, ins), result, start, end, False, (keys, choice))


def _note_windowed(run, spec, args, kwargs, result, start, end):
    ins = []
    slim(args[0].obj, ins)
    record(run, spec, ins, [Ref(0), *[slim(arg, ins) for arg in args[1:]]], slim_named(kwargs, ins), result, start, end, False, _keys(args[0]))


def _keys(window):
    """What a window of groups is grouped by; an unnamed key is told as one not known."""
    if not type(window).__name__.lower().endswith("groupby"):
        return None
    return tuple([text(name) if name is not None else "" for name in window._grouper.names])


def _note_located(run, spec, args, kwargs, result, start, end):
    """_LocIndexer.__getitem__: operand 0 is the indexed frame."""
    if kind_of(result) is not None:
        ins = []
        slim(args[0].obj, ins)
        record(run, spec, ins, [Ref(0), slim(args[1] if len(args) > 1 else kwargs.get("key"), ins)], {}, result, start, end)


def _note_accessor(run, spec, args, kwargs, result, start, end):
    """.str, .dt, .cat: the series behind the accessor is operand 0."""
    if kind_of(result) is None:
        return
    ins = []
    held = args[0].__dict__
    source = held.get("_orig", None)
    slim(held.get("_parent") if source is None else source, ins)
    if ins:
        record(run, spec, ins, [Ref(0), *[slim(arg, ins) for arg in args[1:]]], slim_named(kwargs, ins), result, start, end)


def _accessed(c):
    if c.op.out.kind != "series":
        return r.coarse(c)
    return r.elementwise(c)


def install(pandas):
    """Called once, right after pandas is imported."""
    folder = os.path.dirname(os.path.abspath(pandas.__file__))
    frame, series = pandas.DataFrame, pandas.Series
    KINDS[frame], KINDS[series] = _kinds_of(pandas)

    def spec(name, rule, family):
        return Spec(name, rule, family, "pandas")

    def put(owner, name, make, rule, family, label=None, **extra):
        return patch(owner, name, make, spec(label or name, rule, family), folder=folder, **extra)

    def watch(owner, name, note, rule, family, label=None):
        return put(owner, name, wrap_noted, rule, family, label, note=note)

    # Since 3.1 these warn about inplace=True for the frame two levels up, whatever stands there.
    counted_frames = INPLACE if _version(pandas) >= (3, 1) else ()
    for owner, table in ((frame, FRAME), (series, SERIES)):
        for name, (rule, family) in table.items():
            if name == "drop" and counted_frames:
                continue
            put(owner, name, wrap_call, rule, family, fixed_level=name in counted_frames)
        for name in COARSE:
            if owner is frame or name in SERIES_COARSE:
                if name != "T":
                    put(owner, name, wrap_call, r.coarse, "reshape")
        for name in ARITHMETIC:
            put(owner, name, wrap_call, r.arithmetic, "assign")
        for name in UNARY:
            put(owner, name, wrap_call, r.changed, "assign")
        put(owner, "__array_ufunc__", wrap_call, r.universal, "assign")
        for name in OPAQUE:
            if name in owner.__dict__ or name in ("to_string", "to_latex", "equals", "__str__") and False:
                patch(owner, name, wrap_opaque, folder=folder)
        for name in WRITERS:
            put(owner, name, wrap_call, r.written, "io_write")
        watch(owner, "groupby", _note_groupby, None, "aggregate")
    for name in REDUCE:
        put(frame, name, wrap_call, r.reduced, "aggregate")
    for name, key in (("_set_item", "set_item"), ("_setitem_array", "setitem_array"), ("_setitem_frame", "setitem_frame"), ("_setitem_slice", "setitem_slice"), ("_set_item_frame_value", "setitem_frame_value")):
        put(frame, name, wrap_mutator, assign.set_item, "assign", label=key)
    put(frame, "insert", wrap_mutator, _inserted_method, "assign")
    put(frame, "pop", wrap_call, assign.popped, "projection")
    generic = pandas.core.generic.NDFrame
    put(generic, "__init__", _wrap_constructed, assign.constructed, "construct", label="DataFrame", code=frame.__init__.__code__)
    if counted_frames:
        put(generic, "_drop_axis", wrap_call, r.same, "projection", label="drop")
    put(generic, "_set_axis", wrap_mutator, reshape.set_labels, "projection", label="set_axis")
    put(generic, "_update_inplace", wrap_mutator, assign.updated, "mutate", label="update_inplace")
    put(generic, "__finalize__", wrap_finalize, assign.finalized, "assign", label="derive")
    put(series, "_set_values", wrap_mutator, assign.set_located, "mutate", label="set_values")
    indexing = pandas.core.indexing
    put(indexing._iLocIndexer, "_setitem_with_indexer", wrap_mutator, assign.set_located, "mutate", label="set_located", subject=lambda indexer: indexer.obj)
    watch(indexing._LocIndexer, "__getitem__", _note_located, select.located, "selection", label="loc")
    watch(indexing._iLocIndexer, "__getitem__", _note_located, select.located, "selection", label="iloc")
    # Both inherit it: each gets its own.
    _groups(pandas, watch)
    _accessors(pandas, watch)
    _functions(pandas, put)


def _inserted_method(c):
    # insert(loc, column, value): operand 0 stands before them.
    return assign.inserted(c)


def _wrap_constructed(original, spec, code):
    """NDFrame.__init__, the last step of DataFrame(…): a frame around that itself would move its warnings."""

    def note(self, caller):
        run = HERE.free
        if run is None or caller.f_code is not code:
            return
        try:
            now = clock()
            given = caller.f_locals
            ins = []
            record(run, spec, ins, [None, slim(given.get("data"), ins)], {}, self, now, now, True, depth=4)
        except Exception:
            failed(run)

    def wrapper(self, *args, **kwargs):
        original(self, *args, **kwargs)
        if FREE:
            note(self, _getframe(1))

    def wrapper_of_one(self, data):
        original(self, data)
        if FREE:
            note(self, _getframe(1))

    return wrapper_of_one if takes(original, "self", "data") else wrapper


def _groups(pandas, watch):
    module = pandas.core.groupby.generic
    for owner in (module.DataFrameGroupBy, module.SeriesGroupBy):
        for name in GROUP:
            watch(owner, name, _note_grouped, g.grouped, "aggregate", label=f"groupby.{name}")
        watch(owner, "__getitem__", _note_group_item, None, "selection")
    for path, label in (("window.rolling.Rolling", "rolling"), ("window.expanding.Expanding", "expanding"), ("window.ewm.ExponentialMovingWindow", "ewm"), ("resample.Resampler", "resample")):
        owner = pandas.core
        for part in path.split("."):
            owner = getattr(owner, part, None)
            if owner is None:
                break
        if owner is not None:
            for name in WINDOW[label]:
                watch(owner, name, _note_windowed, g.rolled, "aggregate", label=f"{label}.{name}")


def _accessors(pandas, watch):
    strings = pandas.core.strings.accessor.StringMethods
    for name, value in list(vars(strings).items()):
        if not name.startswith("_") and callable(value):
            watch(strings, name, _note_accessor, _accessed, "assign", label=f"str.{name}")
    watch(strings, "__getitem__", _note_accessor, _accessed, "assign", label="str.[]")
    properties = pandas.core.indexes.accessors.Properties
    watch(properties, "_delegate_property_get", _note_accessor, _accessed, "assign", label="dt")
    watch(properties, "_delegate_method", _note_accessor, _accessed, "assign", label="dt")


def _functions(pandas, put):
    homes = {}
    for module in ("pandas.core.reshape.merge", "pandas.core.reshape.api", "pandas.core.reshape.concat", "pandas.core.reshape.pivot", "pandas.core.reshape.melt", "pandas.core.reshape.tile", "pandas.core.reshape.encoding", "pandas.core.api", "pandas.io.api"):
        homes[module] = sys.modules.get(module)
    table = {**FUNCTIONS, **{name: (r.read, "io_read") for name in READERS}}
    for name, (rule, family) in table.items():
        original = getattr(pandas, name, None)
        if original is None:
            continue
        wrapper = put(pandas, name, wrap_call, rule, family)
        if wrapper is None:
            continue
        for home in homes.values():
            if home is not None and getattr(home, name, None) is original and home.__name__.endswith(".api"):
                replace(home, name, wrapper, original)
