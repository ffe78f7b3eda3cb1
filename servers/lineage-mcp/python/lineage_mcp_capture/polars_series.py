"""polars series, and frames made of them."""

from .rule_context import EXACT, INFERRED, Map, Mark, Ref, coarse, is_scalar


def get_column(c):
    name = c.arg(1, "name")
    if not isinstance(name, str) or c.op.out is None:
        return coarse(c)
    return Map({name: [(0, name, "I")]})


def to_series(c):
    at = c.arg(1, "index", 0)
    names = c.ins[0] or []
    if type(at) is not int or at >= len(names):
        return coarse(c)
    return Map({c.out[0]: [(0, names[at], "I")]})


def literal(c):
    return Map({name: [] for name in c.out or ()}, confidence=INFERRED)


def from_dict(c):
    return _from(c, c.arg(0, "data"))


def constructed(c):
    return _from(c, c.arg(1, "data"))


def _from(c, data):
    if isinstance(data, Ref):
        if c.kind(int(data)) in ("frame", "table", "relation"):
            return Map(rest=(int(data),))
        return Map({c.out[0]: [(int(data), c.series_column(int(data)), "I")]}) if c.out and len(c.out) == 1 else coarse(c)
    explicit, unsure = {}, {}
    if isinstance(data, dict):
        for name, value in data.items():
            if isinstance(value, Ref) and c.kind(int(value)) == "series":
                explicit[str(name)] = [(int(value), c.series_column(int(value)), "I")]
            else:
                explicit[str(name)] = []
                if not is_scalar(value):
                    unsure[str(name)] = INFERRED
        return Map(explicit, columns=unsure)
    if isinstance(data, tuple) and data and all(isinstance(each, Ref) for each in data) and c.out and len(c.out) == len(data):
        return Map({name: [(int(each), c.series_column(int(each)), "I")] for name, each in zip(c.out, data)})
    return Map({name: [] for name in c.out or ()}, confidence=EXACT if is_scalar(data) else INFERRED)


def set_item(c):
    key, value = c.op.args[1], c.op.args[2]
    if isinstance(key, str) and isinstance(value, Ref):
        return Map({key: [(int(value), c.series_column(int(value)), "I")]}, rest=(0,))
    return Map({name: [(0, name, "T")] for name in c.out or ()}, rest=(0,), confidence=INFERRED)


def put_column(c):
    """insert_column and replace_column: (place, series) into the frame itself."""
    value = c.arg(2, "column")
    if isinstance(value, Ref) and c.kind(int(value)) == "series":
        column = c.series_column(int(value))
        return Map({column: [(int(value), column, "I")]}, rest=(0,))
    return coarse(c)


def arithmetic(c):
    if c.op.out is None or c.op.out.kind != "series":
        return coarse(c)
    parts, certain = [], EXACT
    for side in c.op.args[:2]:
        if isinstance(side, Ref):
            parts.append((int(side), c.series_column(int(side)), "T"))
        elif not is_scalar(side):
            certain = INFERRED
    return Map({c.out[0]: parts}, confidence=certain)


def series_same(c):
    if c.op.out is None:
        return Map()
    made = Map({c.out[0]: [(0, c.series_column(0), "I")]}) if c.out and len(c.out) == 1 else coarse(c)
    for at in range(1, len(c.op.ins)):
        made.influences = [*made.influences, (at, c.series_column(at), "F")]
    return made


def series_changed(c):
    if c.op.out is None or c.op.out.kind != "series":
        return coarse(c)
    certain = all(is_scalar(value) or isinstance(value, Mark) for value in c.op.args[1:]) and not c.op.kwargs and c.op.name not in ("map_elements", "is_in")
    return Map({c.out[0]: [(0, c.series_column(0), "T")]}, confidence=EXACT if certain else INFERRED)
