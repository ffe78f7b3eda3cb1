"""Frames that are made, or changed in place."""

from .pandas_rules import _single
from .rule_context import ARRAY, BIG, CALL, COARSE, EXACT, INFERRED, OTHER, Map, Ref, coarse, is_scalar, labels_of, text


def constructed(c):
    """DataFrame(...): a dict keeps its series' columns; anything else starts here."""
    data = c.arg(1, "data")
    if isinstance(data, Ref):
        return Map(rest=(int(data),)) if c.kind(data) == "frame" else Map({c.out[0]: [(int(data), c.series_column(data), "I")]} if c.out and len(c.out) == 1 else {}, confidence=EXACT if c.out and len(c.out) == 1 else COARSE)
    explicit, certain = {}, {}
    if isinstance(data, dict):
        for key, value in data.items():
            name = text(key)
            if c.is_series(value):
                explicit[name] = [(int(value), c.series_column(value), "I")]
            else:
                explicit[name] = []
                if not is_scalar(value):
                    certain[name] = INFERRED
        return Map(explicit, columns=certain)
    return Map({name: [] for name in c.out or ()}, confidence=EXACT if is_scalar(data) else INFERRED)


def set_item(c):
    """frame[key] = value, seen behind the check for chained assignment."""
    key, value = c.arg(1, "key"), c.arg(2, "value")
    names = labels_of(key)
    if c.op.name in ("setitem_slice",):
        return Map({name: [(0, name, "T"), *_value_parts(c, value, name)] for name in c.ins[0] or ()}, rest=(0,), confidence=INFERRED)
    if c.op.name == "setitem_frame" or c.is_frame(key) or c.is_series(key):
        mask = [(int(key), c.series_column(key), "T")] if c.is_series(key) else []
        return Map({name: [(0, name, "T"), *mask, *_value_parts(c, value, name), *([(int(key), name, "T")] if c.is_frame(key) and name in (c.ins[int(key)] or ()) else [])] for name in c.ins[0] or ()}, rest=(0,), confidence=INFERRED)
    if names is None:
        return Map({name: [(0, name, "T"), *_value_parts(c, value, name)] for name in c.out or ()}, rest=(0,), confidence=INFERRED)
    if isinstance(key, tuple) and c.op.name == "set_item":
        names = [text(key)]
    certain = {}
    explicit = {}
    for at, name in enumerate(names):
        if c.is_frame(value):
            others = c.ins[int(value)] or []
            explicit[name] = [(int(value), others[at], "I")] if len(others) == len(names) else []
            if not explicit[name]:
                certain[name] = INFERRED
        elif c.is_series(value):
            explicit[name] = [(int(value), c.series_column(value), "I")]
        else:
            explicit[name] = []
            if not is_scalar(value):
                certain[name] = COARSE if value in (ARRAY, OTHER, CALL, BIG) else INFERRED
    return Map(explicit, rest=(0,), columns=certain)


def _value_parts(c, value, name):
    if c.is_series(value):
        return [(int(value), c.series_column(value), "T")]
    if c.is_frame(value) and name in (c.ins[int(value)] or ()):
        return [(int(value), name, "T")]
    return []


def inserted(c):
    column, value = c.arg(2, "column"), c.arg(3, "value")
    name = text(column)
    if c.is_series(value):
        return Map({name: [(int(value), c.series_column(value), "I")]}, rest=(0,))
    return Map({name: []}, rest=(0,), columns={} if is_scalar(value) else {name: INFERRED})


def popped(c):
    return Map({c.out[0]: [(0, text(c.arg(1, "item")), "I")]}, rest=(0,))


def set_located(c):
    """loc[...] = value: which columns changed is known only from a plain label."""
    indexer, value = c.arg(1, "indexer"), c.arg(2, "value")
    names = c.ins[0] or []
    touched = names
    if c.kind(0) == "series":
        touched = names[:1]
    elif isinstance(indexer, tuple) and len(indexer) == 2 and type(indexer[1]) is int and indexer[1] < len(names):
        touched = [names[indexer[1]]]
    new = [name for name in c.out or () if name not in names]
    explicit = {name: [(0, name, "T"), *_value_parts(c, value, name)] for name in touched}
    explicit.update({name: _value_parts(c, value, name) for name in new})
    return Map(explicit, rest=(0,), columns={name: INFERRED for name in explicit})


def updated(c):
    """inplace=True of a method that must not be wrapped."""
    result = c.arg(1, "result")
    if isinstance(result, Ref):
        if c.op.out.kind == "series":
            return Map({c.out[0]: [(int(result), c.series_column(result), "I")]}, rest=(int(result),), confidence=INFERRED)
        return Map(rest=(int(result),), confidence=INFERRED)
    # What replaces it was made where nobody looked.
    names = c.ins[0] or ()
    if all(name in names for name in c.out or ()):
        return Map({name: [(0, name, "T")] for name in c.out or ()}, rest=(0,), confidence=INFERRED)
    return coarse(c, "replaced by what was not seen")


def finalized(c):
    """fillna, where, clip, replace…: each column from itself; the other operand was not seen."""
    if c.op.out.kind == "series" and c.kind(0) == "series":
        made = _single(c, "T")
    elif c.op.out.kind == "series":
        return coarse(c)
    else:
        explicit = {name: [(0, name, "T")] for name in c.out or () if name in (c.ins[0] or ())}
        if len(explicit) != len(c.out or ()):
            return coarse(c)
        made = Map(explicit, rest=(0,))
    made.confidence = INFERRED
    return made
