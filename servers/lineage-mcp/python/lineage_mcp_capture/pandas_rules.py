"""Which column of the result comes from which column of the operands, per pandas operation."""

from .rule_context import ARRAY, BIG, CALL, COARSE, COMPUTED, EXACT, INFERRED, OTHER, Map, Mark, Ref, coarse, is_plain, is_scalar, labels_of, text


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


def windowed(c):
    made = changed(c)
    return made


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
    return Map(rest=(0,))


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


def merged(c):
    """DataFrame.merge and pandas.merge, suffixes included."""
    left, right = c.op.args[0], c.arg(1, "right")
    if not isinstance(left, Ref):
        left = c.op.kwargs.get("left")
    if not isinstance(left, Ref) or not isinstance(right, Ref) or c.doubled:
        return coarse(c, "operands outside our view")
    names = ("how", "on", "left_on", "right_on", "left_index", "right_index", "sort", "suffixes")
    given = {name: c.arg(at + 2, name) for at, name in enumerate(names)}
    lefts, rights = c.ins[int(left)] or [], c.ins[int(right)] or []
    how = given["how"] or "inner"
    if not isinstance(how, str) or isinstance(how, Mark):
        return coarse(c)
    on = labels_of(given["on"])
    left_keys = on or labels_of(given["left_on"])
    right_keys = on or labels_of(given["right_on"])
    by_index = bool(given["left_index"]) or bool(given["right_index"])
    confidence = EXACT
    if given["on"] is None and given["left_on"] is None and given["right_on"] is None and not by_index and how != "cross":
        left_keys = right_keys = [name for name in lefts if name in rights]
    if (given["on"] is not None and on is None) or (given["left_on"] is not None and left_keys is None) or (given["right_on"] is not None and right_keys is None):
        confidence = INFERRED
    left_keys, right_keys = left_keys or [], right_keys or []
    if by_index:
        confidence = max(confidence, INFERRED if how in ("right", "outer") or given["left_index"] and not given["right_index"] or given["right_index"] and not given["left_index"] else EXACT)
    suffixes = given["suffixes"] if isinstance(given["suffixes"], tuple) and len(given["suffixes"]) == 2 else ("_x", "_y")
    same_keys = {a for a, b in zip(left_keys, right_keys) if a == b}
    both = [name for name in lefts if name in rights and name not in same_keys]
    explicit = {}
    for name in c.out or ():
        if name in same_keys:
            parts = []
            if how != "right":
                parts.append((int(left), name, "I"))
            if how in ("right", "outer"):
                parts.append((int(right), name, "I"))
            explicit[name] = parts
        elif name in lefts and name not in both:
            explicit[name] = [(int(left), name, "I")]
        elif name in rights and name not in both:
            explicit[name] = [(int(right), name, "I")]
        else:
            parts = _suffixed(name, both, suffixes, int(left), int(right))
            if parts is None and name == "_merge" or name.startswith("key_"):
                explicit[name] = [(int(left), key, "T") for key in left_keys] + [(int(right), key, "T") for key in right_keys]
                confidence = max(confidence, INFERRED)
            elif parts is None:
                return coarse(c, "a column of the join cannot be matched")
            else:
                explicit[name] = parts
    influences = [(int(left), key, "J") for key in left_keys] + [(int(right), key, "J") for key in right_keys]
    if by_index:
        influences += [(int(left), f"index:{name}", "J") for name in c.index_names(int(left))] if given["left_index"] else []
        influences += [(int(right), f"index:{name}", "J") for name in c.index_names(int(right))] if given["right_index"] else []
    return Map(explicit, influences=influences, confidence=confidence)


def _suffixed(name, both, suffixes, left, right):
    found = []
    for column in both:
        if suffixes[0] is not None and name == f"{column}{suffixes[0]}":
            found.append((left, column, "I"))
        if suffixes[1] is not None and name == f"{column}{suffixes[1]}":
            found.append((right, column, "I"))
    return found if len(found) == 1 else None


def joined(c):
    """DataFrame.join: by index, or a column against the other's index."""
    left, other = c.op.args[0], c.arg(1, "other")
    if not isinstance(other, Ref) or c.doubled:
        return coarse(c)
    how = c.arg(3, "how") or "left"
    on = labels_of(c.arg(2, "on"))
    suffixes = (c.arg(4, "lsuffix") or "", c.arg(5, "rsuffix") or "")
    lefts, rights = c.ins[int(left)] or [], c.ins[int(other)] or []
    both = [name for name in lefts if name in rights]
    explicit = {}
    for name in c.out or ():
        if name in lefts and name not in both:
            explicit[name] = [(int(left), name, "I")]
        elif name in rights and name not in both:
            explicit[name] = [(int(other), name, "I")]
        else:
            parts = _suffixed(name, both, suffixes, int(left), int(other))
            if parts is None:
                return coarse(c, "a column of the join cannot be matched")
            explicit[name] = parts
    influences = [(int(left), name, "J") for name in on or ()]
    influences += [(int(other), f"index:{name}", "J") for name in c.index_names(int(other))]
    if not on:
        influences += [(int(left), f"index:{name}", "J") for name in c.index_names(int(left))]
    return Map(explicit, rest=(0,), influences=influences, confidence=EXACT if how in ("left", "inner") else INFERRED)


def concatenated(c):
    objects = c.arg(0, "objs")
    axis = c.arg(1, "axis", 0)
    if not isinstance(objects, tuple) or not all(isinstance(each, Ref) for each in objects) or c.op.kwargs.get("keys") is not None:
        return coarse(c)
    if axis in (1, "columns"):
        explicit, position = {}, 0
        names = c.out or []
        for each in objects:
            for column in c.ins[int(each)] or ():
                if position >= len(names):
                    return coarse(c)
                explicit[names[position]] = [(int(each), column, "I")]
                position += 1
        if position != len(names) or c.doubled:
            return coarse(c, "labels are the same twice")
        return Map(explicit)
    if c.doubled:
        return coarse(c, "labels are the same twice")
    if c.op.out.kind == "series":
        return Map({c.out[0]: [(int(each), c.series_column(each), "I") for each in objects]})
    explicit = {}
    for name in c.out or ():
        explicit[name] = [(int(each), name, "I") for each in objects if name in (c.ins[int(each)] or ())]
    return Map(explicit)


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


def set_labels(c):
    axis = c.arg(1, "axis", 0)
    if c.kind(0) == "series" or axis == 0:
        return Map(rest=(0,), columns={f"index:{name}": INFERRED for name in c.out_index_names()})
    return positional(c)


def updated(c):
    """inplace=True of a method that must not be wrapped."""
    result = c.arg(1, "result")
    if isinstance(result, Ref):
        if c.op.out.kind == "series":
            return Map({c.out[0]: [(int(result), c.series_column(result), "I")]}, rest=(int(result),), confidence=INFERRED)
        return Map(rest=(int(result),), confidence=INFERRED)
    return Map(rest=(0,), confidence=INFERRED)


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


def read(c):
    return Map()


def written(c):
    return Map(rest=(0,))


def exploded(c):
    return Map(rest=(0,))


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
