"""Columns that become index levels, rows or other columns, and back."""

from .pandas_rules import _single
from .rule_context import EXACT, INFERRED, Map, Mark, Ref, coarse, labels_of, text


def positional(c):
    """Labels change, order does not: rename, set_axis, add_prefix."""
    before, after = c.ins[0], c.out
    if c.kind(0) == "series" or c.op.out is not None and c.op.out.kind == "series":
        return _single(c, "I")
    if before is None or after is None or len(before) != len(after) or c.doubled:
        return coarse(c, "labels cannot be matched")
    return Map({new: [(0, old, "I")] for new, old in zip(after, before) if new != old}, rest=(0,))


def to_frame(c):
    return _single(c, "I")


def set_index(c):
    keys = c.arg(1, "keys")
    keys = keys if isinstance(keys, tuple) else (keys,)
    explicit, confidence = {}, EXACT
    for key in keys:
        if c.is_series(key):
            explicit[f"index:{c.series_column(key)}"] = [(int(key), c.series_column(key), "I")]
        elif isinstance(key, (Mark, Ref)):
            confidence = INFERRED
        else:
            explicit[f"index:{text(key)}"] = [(0, text(key), "I")]
    return Map(explicit, rest=(0,), confidence=confidence)


def reset_index(c):
    names = c.index_names(0)
    explicit = {}
    confidence = EXACT
    before = set(c.ins[0] or ())
    if c.kind(0) == "series":
        column = c.series_column(0)
        for name in c.out or ():
            explicit[name] = [(0, f"index:{name}", "I")] if name in names else [(0, column, "I")] if name == (c.out or [None])[-1] else []
        if c.has_index(0) and not names:
            confidence = INFERRED
        return Map(explicit, confidence=confidence)
    for name in c.out or ():
        if name in before and name not in names:
            continue
        if name in names:
            explicit[name] = [(0, f"index:{name}", "I")]
        elif name not in before:
            explicit[name] = []
            if c.has_index(0):
                return Map({**explicit, name: []}, rest=(0,), columns={name: INFERRED})
    return Map(explicit, rest=(0,), confidence=confidence)


def set_labels(c):
    # The manager's own count: its rows are columns.
    if c.kind(0) == "series" or c.arg(1, "axis", 1) == 1:
        levels, labels = [f"index:{name}" for name in c.out_index_names()], c.arg(2, "labels")
        if len(levels) == 1 and c.is_series(labels):
            return Map({levels[0]: [(int(labels), c.series_column(labels), "I")]}, rest=(0,))
        return Map({level: [] for level in levels}, rest=(0,), columns=dict.fromkeys(levels, INFERRED))
    return positional(c)


def melted(c):
    ids = labels_of(c.arg(1, "id_vars"))
    return coarse(c) if ids is None else _melted(c, ids)


def _melted(c, ids):
    values = labels_of(c.arg(2, "value_vars")) or [name for name in c.ins[0] or () if name not in ids]
    rest = [name for name in c.out or () if name not in ids]
    if len(rest) != 2 or c.doubled:
        return coarse(c)
    explicit = {name: [(0, name, "I")] for name in ids}
    explicit[rest[0]] = []
    explicit[rest[1]] = [(0, name, "I") for name in values]
    return Map(explicit)
