"""Rows and columns chosen of a frame."""

from .pandas_rules import _single
from .rule_context import EXACT, INFERRED, Map, Mark, coarse, is_plain, labels_of, text


def get_item(c):
    key = c.arg(1, "key")
    out_series = c.op.out.kind == "series"
    if c.kind(0) == "series":
        made = _single(c, "I")
        if c.is_series(key):
            made.influences = [(int(key), c.series_column(key), "F")]
        elif not is_plain(key):
            made.confidence = INFERRED
        return made
    if out_series:
        names = labels_of(key)
        name = text(key) if isinstance(key, (str, int, float, bool)) else text(tuple(key)) if isinstance(key, tuple) and names else None
        if name is None or name not in (c.ins[0] or ()):
            return coarse(c)
        return Map({c.out[0] if c.out else name: [(0, name, "I")]}, rest=(0,))
    if c.is_series(key):
        # A series of labels chooses columns by its values.
        certain = EXACT if c.out == c.ins[0] else INFERRED
        return Map(rest=(0,), influences=[(int(key), c.series_column(key), "F")], confidence=certain)
    if c.is_frame(key):
        parts = {name: [(0, name, "I"), (int(key), name, "T")] for name in c.out or ()}
        return Map(parts, rest=(0,))
    if isinstance(key, Mark):
        # A computed list of labels, or a mask outside our view.
        return Map(rest=(0,), confidence=INFERRED)
    return _level(c, key) or Map(rest=(0,))


def _level(c, key):
    """The columns under one label of several levels, which is left out of their names."""
    names = c.ins[0] or ()
    if not isinstance(key, (str, int, float, bool, tuple)) or all(name in names for name in c.out or ()):
        return None
    above = text(key)
    under = {name: f"{above}.{name}" for name in c.out or ()}
    if not all(name in names for name in under.values()):
        return coarse(c, "a level of the labels")
    return Map({name: [(0, whole, "I")] for name, whole in under.items()}, rest=(0,))


def located(c):
    """loc and iloc: operand 0 is the frame."""
    key = c.arg(1, "key")
    made = Map(rest=(0,))
    if c.kind(0) == "series":
        made = _single(c, "I")
    elif c.op.out.kind == "series":
        name = c.out[0] if c.out else None
        column = key[-1] if isinstance(key, tuple) and len(key) == 2 else None
        if c.op.name == "loc" and isinstance(column, str) and column in (c.ins[0] or ()):
            made = Map({name: [(0, column, "I")]}, rest=(0,))
        elif c.op.name == "iloc" and type(column) is int and c.ins[0] and -len(c.ins[0]) <= column < len(c.ins[0]):
            made = Map({name: [(0, c.ins[0][column], "I")]}, rest=(0,))
        else:
            return coarse(c, "a row as a series")
    parts = key if isinstance(key, tuple) else (key,)
    for part in parts:
        if c.is_series(part):
            made.influences = [*made.influences, (int(part), c.series_column(part), "F")]
        elif not is_plain(part):
            made.confidence = max(made.confidence, INFERRED)
    return made


def subset_filter(c):
    """dropna, drop_duplicates: rows go by the values of some or all columns."""
    made = _single(c, "I") if c.kind(0) == "series" else Map(rest=(0,))
    names = labels_of(c.op.kwargs.get("subset", c.arg(1, "subset") if c.op.name == "drop_duplicates" else None))
    if c.op.name == "dropna" and c.arg(1, "axis", 0) in (1, "columns"):
        return made
    made.influences = [(0, name, "F") for name in (names or c.ins[0] or ())]
    return made


def sorted_by(c):
    made = _single(c, "I") if c.kind(0) == "series" else Map(rest=(0,))
    if c.kind(0) == "series":
        made.influences = [(0, c.series_column(0), "S")]
        return made
    position, name = {"nlargest": (2, "columns"), "nsmallest": (2, "columns")}.get(c.op.name, (1, "by"))
    names = labels_of(c.arg(position, name))
    if names is None:
        made.confidence = INFERRED
        return made
    made.influences = [(0, column, "S") for column in names if column in (c.ins[0] or ())]
    made.influences += [(0, f"index:{column}", "S") for column in names if column not in (c.ins[0] or ())]
    return made


def index_sorted(c):
    made = Map(rest=(0,))
    if c.op.kwargs.get("axis", 0) not in (1, "columns"):
        made.influences = [(0, f"index:{name}", "S") for name in c.index_names(0)]
    return made


def reindexed(c):
    """Labels that were not there are made of nothing."""
    made = Map({name: [] for name in c.out or () if name not in (c.ins[0] or ())}, rest=(0,))
    if not all(is_plain(value) for value in [*c.op.args[1:], *c.op.kwargs.values()]):
        made.confidence = INFERRED
    return made


def sampled(c):
    made = Map(rest=(0,))
    weights = c.arg(4, "weights")
    if c.is_series(weights):
        made.influences = [(int(weights), c.series_column(weights), "F")]
    elif isinstance(weights, str) and not isinstance(weights, Mark):
        made.influences = [(0, weights, "F")]
    elif weights is not None:
        made.confidence = INFERRED
    return made


def exploded(c):
    """How often a row comes again is told by what was in the column."""
    made = Map(rest=(0,))
    if c.kind(0) == "frame":
        names = labels_of(c.arg(1, "column"))
        made.influences = [(0, name, "F") for name in names or ()]
        if names is None:
            made.confidence = INFERRED
    return made


def queried(c):
    import re

    expr = c.arg(1, "expr")
    made = Map(rest=(0,))
    if not isinstance(expr, str) or isinstance(expr, Mark):
        made.confidence = INFERRED
        return made
    bare = re.sub(r"'[^']*'|\"[^\"]*\"", "''", expr)
    words = set(re.findall(r"[A-Za-z_]\w*", bare)) | set(re.findall(r"`([^`]+)`", bare))
    made.influences = [(0, name, "F") for name in c.ins[0] or () if name in words]
    if "@" in bare:
        made.confidence = INFERRED
    return made
