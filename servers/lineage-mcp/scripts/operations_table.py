"""
Every observed operation with what is claimed of its columns, from the recorder's own tables; needs no library.
usage: operations_table.py, prints JSON [{library, on, operation, shown, confidence, unless}]
"""

import json
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "python"))

from lineage_mcp_capture import (
    engine_hooks, groupby_rules, pandas_assign, pandas_hooks, pandas_joins, pandas_reshape, pandas_rules, pandas_select, pandas_table,
    polars_groups, polars_hooks, polars_joins, polars_rules, polars_series, sql_hooks,
)
from lineage_mcp_capture.prov import CONFIDENCE
from lineage_mcp_capture.rule_context import coarse

ARGUMENTS = "an argument is computed, a list or a function"
OUTER = "an outer join, or one side by index"
# What a rule says of its columns at best, and when it says less.
CLAIMS = {
    coarse: ("coarse", None),
    pandas_rules.same: ("exact", None), pandas_rules.same_inferred: ("inferred", None), pandas_rules.changed: ("exact", None),
    pandas_rules.changed_inferred: ("inferred", None), pandas_rules.elementwise: ("exact", ARGUMENTS), pandas_rules.windowed: ("exact", "across the columns"),
    pandas_rules.evaluated: ("inferred", None), pandas_rules.arithmetic: ("exact", ARGUMENTS), pandas_rules.universal: ("exact", ARGUMENTS),
    pandas_rules.reduced: ("coarse", None), pandas_rules.counted: ("exact", "the values have no name"), pandas_rules.first_series: ("exact", "of a frame"),
    pandas_rules.read: ("file", None), pandas_rules.written: ("file", None),
    pandas_joins.merged: ("exact", OUTER), pandas_joins.ordered: ("exact", "`left_by` or `right_by` is given"), pandas_joins.joined: ("exact", OUTER), pandas_joins.concatenated: ("exact", "`keys` are given, or two labels are the same"),
    pandas_reshape.positional: ("exact", "two labels are the same"), pandas_reshape.set_index: ("exact", "a key is computed"), pandas_reshape.reset_index: ("exact", "a level has no name"),
    pandas_reshape.set_labels: ("exact", "the rows are labelled"), pandas_select.exploded: ("exact", None), pandas_select.index_sorted: ("exact", None), pandas_select.reindexed: ("exact", ARGUMENTS), pandas_select.sampled: ("exact", "the weights are a list or an array"), pandas_reshape.melted: ("exact", "two labels are the same"), pandas_reshape.to_frame: ("exact", None),
    pandas_select.subset_filter: ("exact", None), pandas_select.sorted_by: ("exact", ARGUMENTS), pandas_select.queried: ("exact", "it names a variable with `@`"),
    pandas_select.get_item: ("exact", "by an array or a function"), pandas_select.located: ("exact", "by an array or a function, or one row"),
    pandas_assign.set_item: ("exact", "of an array, a list or a computed number"), pandas_assign.constructed: ("exact", "of arrays or lists"), pandas_assign.popped: ("exact", None),
    pandas_assign.set_located: ("inferred", None), pandas_assign.updated: ("inferred", None), pandas_assign.finalized: ("inferred", None),
    pandas_hooks._inserted_method: ("exact", "of an array, a list or a computed number"), pandas_hooks._accessed: ("exact", ARGUMENTS),
    groupby_rules.grouped: ("exact", "a key is computed, or a function takes part"), groupby_rules.rolled: ("exact", None),
    polars_rules.same: ("exact", None), polars_rules.select: ("exact", "by a selector or `pl.all()`, or with a list inside"), polars_rules.with_columns: ("exact", "by a selector or `pl.all()`, or with a list inside"),
    polars_rules.filtered: ("exact", "by a selector or an array"), polars_rules.sorted_by: ("exact", None), polars_rules.renamed: ("exact", "by a function, when lazy"),
    polars_rules.unique: ("exact", "lazy, and no subset is named"), polars_rules.changed: ("exact", "lazy"), polars_rules.filled: ("exact", "by an expression, or lazy"),
    polars_rules.exploded: ("exact", "by a selector"), polars_series.put_column: ("exact", "of an expression"), polars_rules.unpivoted: ("exact", "lazy, or by a selector"), polars_rules.row_index: ("exact", None), polars_rules.get_item: ("exact", None), polars_rules.read: ("file", None),
    polars_joins.joined: ("exact", "lazy, full or outer, or keys of two names from the right"), polars_joins.stacked: ("exact", None), polars_joins.concatenated: ("exact", "aligned"),
    polars_groups.aggregated: ("exact", "by a selector or `pl.all()`, or with a list inside"), polars_groups.aggregated_all: ("exact", "lazy"), polars_groups.aggregated_group: ("exact", "lazy"), polars_groups.coarse_group: ("coarse", None),
    polars_series.get_column: ("exact", None), polars_series.to_series: ("exact", None), polars_series.literal: ("inferred", None), polars_series.from_dict: ("exact", "of lists or arrays"),
    polars_series.constructed: ("exact", "of lists or arrays"), polars_series.set_item: ("inferred", None), polars_series.arithmetic: ("exact", ARGUMENTS),
    polars_series.series_same: ("exact", None), polars_series.series_changed: ("exact", ARGUMENTS),
    sql_hooks._sql: ("exact", "a part of the text is not followed: a subquery inside an expression, a lambda, `PIVOT`, `COLUMNS(…)`"), engine_hooks._elsewhere: ("coarse", None),
}
# Where the method decides and not the rule.
BY_METHOD = {
    "isin": ("inferred", None), "is_in": ("inferred", None), "map_elements": ("inferred", None), "setitem_frame": ("inferred", None), "setitem_slice": ("inferred", None), "setitem_frame_value": ("inferred", None), "groupby.apply": ("coarse", None), "groupby.describe": ("coarse", None), "groupby.filter": ("inferred", None), "groupby.ohlc": ("coarse", None),
    **{f"{kind}.{name}": ("inferred", None) for kind in ("rolling", "expanding", "ewm") for name in ("apply", "agg", "aggregate")},
    **{f"{kind}.{name}": ("coarse", None) for kind in ("rolling", "expanding", "ewm") for name in ("corr", "cov")},
}


def listed(library, on, operations):
    for operation, rule in operations:
        confidence, unless = BY_METHOD.get(operation) or CLAIMS[rule]
        if operation.startswith("resample.") and confidence == "exact":
            confidence, unless = "inferred", None
        yield {"library": library, "on": on, "operation": operation, "shown": "columns = …, index = …" if rule is pandas_reshape.set_labels else shown(operation), "confidence": confidence, "unless": unless}


OPERATORS = {
    "add": "+", "sub": "-", "mul": "*", "truediv": "/", "floordiv": "//", "mod": "%", "pow": "**", "and": "&", "or": "|", "xor": "^", "eq": "==", "ne": "!=", "lt": "<", "le": "<=", "gt": ">", "ge": ">=",
    "neg": "-", "invert": "~", "abs": "abs()", "pos": "+", "getitem": "[…]", "array_ufunc": "functions of NumPy",
}
# Seen at a place of the library's own, below what a user writes.
SEEN_AS = {
    "DataFrame": "DataFrame(…)", "set_item": "frame[name] = …", "setitem_array": "frame[[names]] = …", "setitem_frame": "frame[mask] = …", "setitem_frame_value": "frame[mask] = …",
    "setitem_slice": "frame[a:b] = …", "set_located": "loc[…] = …", "set_values": "values set in place", "update_inplace": "inplace=True", "derive": "fillna, where, mask, clip, replace, interpolate and others that keep the columns",
    "str": "str.…", "dt": "dt.…", "__setitem__": "frame[…] = …",
}


def shown(operation):
    """As a user knows it."""
    if operation in SEEN_AS:
        return SEEN_AS[operation]
    bare = operation.strip("_")
    if operation.startswith("__"):
        return OPERATORS.get(bare) or OPERATORS.get(bare[1:], operation)
    return operation


def each(names, rule):
    return [(name, rule) for name in names]


def rules(table):
    return [(name, rule) for name, (rule, _) in table.items()]


def pandas_rows():
    r, t = pandas_rules, pandas_table
    both = [*each(t.ARITHMETIC, r.arithmetic), *each(t.UNARY, r.changed), ("__array_ufunc__", r.universal), *each(t.WRITERS, r.written)]
    inside = [
        *each(("set_item", "setitem_array", "setitem_frame", "setitem_frame_value", "setitem_slice"), pandas_assign.set_item), ("insert", pandas_hooks._inserted_method), ("pop", pandas_assign.popped),
    ]
    shared = [
        ("loc", pandas_select.located), ("iloc", pandas_select.located), ("set_located", pandas_assign.set_located), ("set_axis", pandas_reshape.set_labels),
        ("update_inplace", pandas_assign.updated), ("derive", pandas_assign.finalized), ("set_values", pandas_assign.set_located),
    ]
    yield from listed("pandas", "DataFrame", [("DataFrame", pandas_assign.constructed), *rules(t.FRAME), *each(t.COARSE, coarse), *each(t.REDUCE, r.reduced), *both, *inside, *shared])
    yield from listed("pandas", "Series", [*rules(t.SERIES), *each(pandas_table.SERIES_COARSE, coarse), *both, *shared])
    yield from listed("pandas", "groupby", each([f"groupby.{name}" for name in t.GROUP], groupby_rules.grouped))
    for kind, names in t.WINDOW.items():
        yield from listed("pandas", kind, each([f"{kind}.{name}" for name in names], groupby_rules.rolled))
    yield from listed("pandas", "accessor", each(("str", "dt"), pandas_hooks._accessed))
    yield from listed("pandas", "function", [*rules(t.FUNCTIONS), *each(t.READERS, r.read)])


def polars_rows():
    p, h = polars_rules, polars_hooks
    yield from listed("polars", "frame", [
        ("DataFrame", polars_series.constructed), *rules(h.IN_PLACE), *rules(h.BOTH), *each(("group_by_dynamic", "rolling"), coarse), *each(h.WRITERS, pandas_rules.written),
    ])
    yield from listed("polars", "Series", [
        *each(h.SERIES_ARITHMETIC, polars_series.arithmetic), *each(h.SERIES_SAME, polars_series.series_same), *each(h.SERIES_CHANGED, polars_series.series_changed),
        *each(("to_frame", "to_pandas"), polars_series.series_same),
    ])
    yield from listed("polars", "group_by", [
        ("group_by.agg", polars_groups.aggregated), *each([f"group_by.{name}" for name in h.GROUP], polars_groups.aggregated_group),
        *each([f"group_by.{name}" for name in h.GROUP_COARSE], polars_groups.coarse_group),
    ])
    yield from listed("polars", "function", [*rules(h.FUNCTIONS), *each(h.READERS, p.read)])


def other_rows():
    yield from listed("pyarrow", "function", [*each(("read_table", "read_csv"), pandas_rules.read), *each(("write_table", "write_csv"), pandas_rules.written)])
    yield from listed("duckdb", "SQL", each(("sql", "query", "from_query", "execute", "mo.sql"), sql_hooks._sql))
    yield from listed("duckdb", "frame", each(sql_hooks.FROM, pandas_rules.same))
    yield from listed("duckdb", "file", each((*sql_hooks.READ, "FROM 'path'"), pandas_rules.read))
    yield from listed("duckdb", "relation", [*each(sql_hooks.CONVERT, pandas_rules.same), *each(sql_hooks.DERIVE, coarse)])
    yield from listed("other databases", "SQL", [("mo.sql", engine_hooks._elsewhere)])


def rows():
    return [*pandas_rows(), *polars_rows(), *other_rows()]


if __name__ == "__main__":
    print(json.dumps(rows()))
