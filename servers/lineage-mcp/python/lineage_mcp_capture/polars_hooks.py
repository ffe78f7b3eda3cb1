"""Places polars is observed at: eager and lazy frames, their groups, and the readers and writers."""

import os

from . import polars_groups as groups
from . import polars_joins as joins
from . import polars_rules as p
from . import polars_series as series
from .groups import Groups
from .kinds import KINDS, Kind, Ref
from .patch import patch
from .record import Spec, record
from .slim import KEEP, slim, slim_named
from .wrap import note_made, wrap_call, wrap_mutator, wrap_noted, wrap_opaque

BOTH = {
    "select": (p.select, "projection"), "select_seq": (p.select, "projection"), "with_columns": (p.with_columns, "assign"),
    "with_columns_seq": (p.with_columns, "assign"), "filter": (p.filtered, "filter"), "remove": (p.filtered, "filter"), "sort": (p.sorted_by, "sort"),
    "top_k": (p.sorted_by, "sort"), "bottom_k": (p.sorted_by, "sort"), "head": (p.same, "selection"), "tail": (p.same, "selection"),
    "limit": (p.same, "selection"), "slice": (p.same, "selection"), "sample": (p.same, "selection"), "reverse": (p.same, "sort"),
    "drop": (p.same, "projection"), "clone": (p.same, "other"), "lazy": (p.same, "other"), "collect": (p.same, "other"), "cache": (p.same, "other"),
    "rename": (p.renamed, "projection"), "unique": (p.unique, "filter"), "drop_nulls": (p.unique, "filter"), "drop_nans": (p.unique, "filter"),
    "fill_null": (p.filled, "assign"), "fill_nan": (p.filled, "assign"), "cast": (p.changed, "projection"), "shift": (p.changed, "assign"),
    "interpolate": (p.changed, "assign"), "explode": (p.exploded, "reshape"), "join": (joins.joined, "join"), "join_asof": (p.coarse, "join"), "join_where": (p.coarse, "join"),
    "vstack": (joins.stacked, "concat"), "hstack": (p.coarse, "concat"), "unpivot": (p.unpivoted, "reshape"), "melt": (p.coarse, "reshape"),
    "pivot": (p.coarse, "reshape"), "unstack": (p.coarse, "reshape"), "transpose": (p.coarse, "reshape"), "with_row_index": (p.row_index, "assign"),
    "with_row_count": (p.row_index, "assign"), "unnest": (p.coarse, "reshape"), "to_dummies": (p.coarse, "reshape"), "describe": (p.coarse, "aggregate"),
    "gather_every": (p.same, "selection"), "set_sorted": (p.same, "other"), "rechunk": (p.same, "other"), "shrink_to_fit": (p.same, "other"),
    "sum": (groups.aggregated_all, "aggregate"), "mean": (groups.aggregated_all, "aggregate"), "min": (groups.aggregated_all, "aggregate"), "max": (groups.aggregated_all, "aggregate"),
    "std": (groups.aggregated_all, "aggregate"), "var": (groups.aggregated_all, "aggregate"), "median": (groups.aggregated_all, "aggregate"), "count": (groups.aggregated_all, "aggregate"),
    "null_count": (groups.aggregated_all, "aggregate"), "quantile": (groups.aggregated_all, "aggregate"), "merge_sorted": (joins.stacked, "concat"), "update": (p.coarse, "join"),
    "sql": (p.coarse, "sql"), "map_batches": (p.coarse, "other"), "map_rows": (p.coarse, "other"), "get_column": (series.get_column, "projection"), "__getitem__": (p.get_item, "selection"),
    "to_series": (series.to_series, "projection"), "to_pandas": (p.same, "other"), "to_arrow": (p.same, "other"), "corr": (p.coarse, "aggregate"),
}
IN_PLACE = {
    "__setitem__": (series.set_item, "assign"), "extend": (joins.stacked, "concat"), "insert_column": (series.put_column, "assign"), "replace_column": (series.put_column, "assign"),
}
READERS = (
    "read_csv read_parquet read_json read_ndjson read_excel read_ipc read_ipc_stream read_avro read_delta read_database read_database_uri read_ods "
    "scan_csv scan_parquet scan_ndjson scan_ipc scan_delta scan_iceberg"
).split()
WRITERS = "write_csv write_parquet write_json write_ndjson write_excel write_ipc write_ipc_stream write_avro write_delta write_database sink_csv sink_parquet sink_ndjson sink_ipc".split()
SERIES_ARITHMETIC = "__add__ __radd__ __sub__ __rsub__ __mul__ __rmul__ __truediv__ __rtruediv__ __floordiv__ __rfloordiv__ __mod__ __rmod__ __pow__ __rpow__ __and__ __or__ __xor__ __eq__ __ne__ __lt__ __le__ __gt__ __ge__".split()
SERIES_SAME = "head tail slice sort sample clone rename alias filter drop_nulls unique reverse limit gather shift".split()
SERIES_CHANGED = "cast round abs fill_null fill_nan is_null is_not_null is_nan diff cum_sum cum_max cum_min cum_prod rank log exp sqrt __neg__ __invert__ is_in is_between map_elements pct_change".split()

GROUP = "sum mean min max median n_unique first last count quantile len all".split()
GROUP_COARSE = ("head", "tail", "map_groups", "apply")
FUNCTIONS = {
    "concat": (joins.concatenated, "concat"), "from_pandas": (p.same, "other"), "from_arrow": (p.same, "other"), "from_dict": (series.from_dict, "construct"),
    "from_dicts": (series.literal, "construct"),
}


def _frame_facts(frame):
    return frame.columns, frame.height, None


def _lazy_facts(_):
    return None, None, None


def _series_facts(series):
    return (series.name,), len(series), None


GROUPS = Groups()


def _note_group(run, spec, args, kwargs, result, start, end):
    ins = []
    small = [slim(arg, ins) for arg in args]
    named = slim_named({key: arg for key, arg in kwargs.items() if key != "maintain_order"}, ins)
    GROUPS.put(result, (ins, small[1:], named))


def _note_agg(run, spec, args, kwargs, result, start, end):
    info = GROUPS.get(args[0])
    if info is not None:
        ins = list(info[0])
        small = [Ref(0), *[slim(arg, ins) for arg in args[1:]]]
        record(run, spec, ins, small, slim_named(kwargs, ins), result, start, end, False, (info[1], info[2]))


def install(polars):
    folder = os.path.dirname(os.path.abspath(polars.__file__))
    KINDS[polars.DataFrame] = Kind("frame", "polars", _frame_facts)
    KINDS[polars.LazyFrame] = Kind("lazy", "polars", _lazy_facts)
    KINDS[polars.Series] = Kind("series", "polars", _series_facts)
    KEEP[polars.Expr] = lambda value, ins: value
    try:
        import polars.selectors as selectors

        KEEP[selectors.Selector] = lambda value, ins: value
        KEEP[getattr(selectors, "_selector_proxy_", selectors.Selector)] = lambda value, ins: value
    except Exception:
        pass

    def put(owner, name, make, rule, family, label=None, **extra):
        return patch(owner, name, make, Spec(label or name, rule, family, "polars"), folder=folder, **extra)

    def watch(owner, name, note, rule, family, label=None):
        return put(owner, name, wrap_noted, rule, family, label, note=note)

    for owner in (polars.DataFrame, polars.LazyFrame):
        for name, (rule, family) in BOTH.items():
            if name in owner.__dict__:
                put(owner, name, wrap_call, rule, family)
        for name in WRITERS:
            if name in owner.__dict__:
                put(owner, name, wrap_call, p.same, "io_write")
        for name in ("group_by", "groupby"):
            if name in owner.__dict__:
                watch(owner, name, _note_group, None, "aggregate")
        for name in ("group_by_dynamic", "rolling"):
            if name in owner.__dict__:
                put(owner, name, wrap_call, p.coarse, "aggregate")
        for name in ("__repr__", "__str__", "_repr_html_", "glimpse", "explain", "show", "equals", "profile", "to_dicts", "rows", "to_dict", "collect_schema"):
            if name in owner.__dict__:
                patch(owner, name, wrap_opaque, folder=folder)
    watch(polars.DataFrame, "__init__", note_made, series.constructed, "construct", label="DataFrame")
    for name, (rule, family) in IN_PLACE.items():
        put(polars.DataFrame, name, wrap_mutator, rule, family)
    for name in SERIES_ARITHMETIC:
        put(polars.Series, name, wrap_call, series.arithmetic, "assign")
    for name in SERIES_SAME:
        put(polars.Series, name, wrap_call, series.series_same, "selection")
    for name in SERIES_CHANGED:
        put(polars.Series, name, wrap_call, series.series_changed, "assign")
    put(polars.Series, "to_frame", wrap_call, series.series_same, "reshape")
    put(polars.Series, "to_pandas", wrap_call, series.series_same, "other")
    _groups(watch)
    _functions(polars, put)


def _groups(watch):
    import importlib

    for module, name in (("polars.dataframe.group_by", "GroupBy"), ("polars.lazyframe.group_by", "LazyGroupBy")):
        try:
            owner = getattr(importlib.import_module(module), name)
        except (ImportError, AttributeError):
            continue
        watch(owner, "agg", _note_agg, groups.aggregated, "aggregate", label="group_by.agg")
        for method in GROUP:
            if method in owner.__dict__:
                watch(owner, method, _note_agg, groups.aggregated_group, "aggregate", label=f"group_by.{method}")
        for method in GROUP_COARSE:
            if method in owner.__dict__:
                watch(owner, method, _note_agg, groups.coarse_group, "aggregate", label=f"group_by.{method}")


def _functions(polars, put):
    for name in READERS:
        put(polars, name, wrap_call, p.read, "io_read")
    for name, (rule, family) in FUNCTIONS.items():
        put(polars, name, wrap_call, rule, family)
    put(polars, "collect_all", wrap_opaque, p.coarse, "other")
