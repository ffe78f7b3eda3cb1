"""Which column of the result comes from which column of the operands: pandas operations that keep the shape, and reductions."""

from .rule_context import ARRAY, BIG, CALL, COMPUTED, EXACT, INFERRED, OTHER, Map, Mark, Ref, coarse, is_plain, is_scalar, labels_of


def same(c):
    return Map(rest=(0,))


def same_inferred(c):
    return Map(rest=(0,), confidence=INFERRED)


def changed(c):
    """Same columns, new values of each from itself alone."""
    names = c.out if c.out is not None else c.ins[0]
    if c.kind(0) == "series":
        return _single(c, "T")
    return Map({name: [(0, name, "T")] for name in names or () if name in (c.ins[0] or ())}, rest=(0,))


def changed_inferred(c):
    made = changed(c)
    made.confidence = INFERRED
    return made


def _is_type_map(value):
    return isinstance(value, dict) and all(isinstance(each, str) for each in value.values())


def elementwise(c):
    """Like `changed`, from arguments that are literals; other operands make it less certain."""
    made = changed(c)
    others = [*c.op.args[1:], *c.op.kwargs.values()]
    if not all(is_scalar(value) or _is_type_map(value) or isinstance(value, Mark) and value not in (ARRAY, BIG, CALL, COMPUTED, OTHER) for value in others):
        for value in others:
            if c.is_series(value):
                for parts in made.explicit.values():
                    parts.append((int(value), c.series_column(value), "T"))
        made.confidence = INFERRED
    return made


def _single(c, code, also=()):
    source = c.series_column(0)
    name = c.out[0] if c.out else source
    return Map({name: [(0, source, code), *also]}, rest=(0,))


# Where `axis` stands when it is not named.
AXIS_AT = {"shift": 3, "diff": 2, "pct_change": 99}


def windowed(c):
    if c.kind(0) == "frame" and c.arg(AXIS_AT.get(c.op.name, 1), "axis", 0) in (1, "columns"):
        return coarse(c, "across the columns")
    return changed(c)


def evaluated(c):
    import re

    expr = c.arg(1, "expr")
    if not isinstance(expr, str) or isinstance(expr, Mark):
        return coarse(c)
    before = c.ins[0] or []
    words = set(re.findall(r"[A-Za-z_]\w*", expr)) | set(re.findall(r"`([^`]+)`", expr))
    used = [(0, name, "T") for name in before if name in words]
    if c.op.out.kind == "series":
        return Map({c.out[0]: used}, rest=(0,), confidence=INFERRED)
    targets = re.findall(r"(?m)^\s*`?([A-Za-z_]\w*)`?\s*=[^=]", expr)
    return Map({name: used for name in targets}, rest=(0,), confidence=INFERRED)


def arithmetic(c):
    """Dunders and their named forms, between a frame or series and anything."""
    left, right = c.op.args[0], c.arg(1, "other")
    fill = c.op.kwargs.get("fill_value")
    certain = EXACT if is_scalar(fill) else INFERRED
    out_series = c.op.out.kind == "series"
    if out_series:
        name = c.out[0]
        parts = [(int(side), c.series_column(side), "T") for side in (left, right) if c.is_series(side)]
        for side in (left, right):
            if isinstance(side, Mark) or side is not None and not isinstance(side, Ref) and not is_scalar(side):
                certain = INFERRED
            if isinstance(side, Ref) and not c.is_series(side):
                return coarse(c)
        return Map({name: parts}, rest=(0,), confidence=certain)
    explicit = {name: [] for name in c.out or ()}
    for side in (left, right):
        if c.is_frame(side):
            for name in c.out or ():
                if name in (c.ins[int(side)] or ()):
                    explicit[name].append((int(side), name, "T"))
        elif c.is_series(side):
            for name in c.out or ():
                explicit[name].append((int(side), c.series_column(side), "T"))
        elif isinstance(side, Mark) or side is not None and not is_scalar(side):
            certain = INFERRED
    return Map(explicit, rest=(0,), confidence=certain)


def universal(c):
    """A numpy function over frames: __array_ufunc__(self, ufunc, method, *inputs)."""
    if c.op.out is None:
        return Map()
    operands = c.op.args[3:]
    certain = EXACT
    if not all(isinstance(each, Ref) or is_scalar(each) for each in operands):
        certain = INFERRED
    if c.op.out.kind == "series":
        parts = [(int(each), c.series_column(each), "T") for each in operands if c.is_series(each)]
        return Map({c.out[0]: parts}, rest=(0,), confidence=certain)
    explicit = {name: [] for name in c.out or ()}
    for each in operands:
        if c.is_frame(each):
            for name in explicit:
                if name in (c.ins[int(each)] or ()):
                    explicit[name].append((int(each), name, "T"))
        elif c.is_series(each):
            for parts in explicit.values():
                parts.append((int(each), c.series_column(each), "T"))
    return Map(explicit, confidence=certain)


def reduced(c):
    """A frame's columns aggregated into one series."""
    axis = c.op.kwargs.get("axis", 0)
    if c.kind(0) == "series":
        return _single(c, "A")
    made = coarse(c)
    for parts in made.explicit.values():
        parts[:] = [(at, name, "A" if axis in (0, "index", None) else "T") for at, name, _ in parts]
    if axis in (1, "columns") and is_plain(c.op.kwargs.get("numeric_only")):
        made.confidence = INFERRED if c.op.kwargs.get("numeric_only") else EXACT
    return made


def counted(c):
    """value_counts: the values become the index."""
    if c.kind(0) != "series":
        names = [(0, name, "A") for name in c.ins[0] or ()]
        subset = labels_of(c.arg(1, "subset")) or list(c.ins[0] or ())
        explicit = {c.out[0]: [(0, name, "M") for name in subset]}
        explicit.update({f"index:{name}": [(0, name, "I")] for name in c.out_index_names()})
        return Map(explicit, confidence=EXACT if names else INFERRED)
    column = c.series_column(0)
    explicit = {c.out[0]: [(0, column, "M")]}
    explicit.update({f"index:{name}": [(0, column, "I")] for name in c.out_index_names()})
    if c.op.out.index is not None and not c.out_index_names():
        return Map(explicit, confidence=INFERRED)
    return Map(explicit)


def read(c):
    return Map()


def written(c):
    return Map(rest=(0,))


def first_series(c):
    """A function of one series: cut, to_datetime, to_numeric…"""
    if c.op.out is None or not c.ins:
        return Map(confidence=INFERRED)
    if c.op.out.kind == "series" and c.kind(0) == "series":
        made = _single(c, "T")
        others = [*c.op.args[1:], *c.op.kwargs.values()]
        if not all(is_plain(value) for value in others):
            made.confidence = INFERRED
        return made
    return coarse(c)
