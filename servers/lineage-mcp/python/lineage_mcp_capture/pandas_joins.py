"""Which column of a join or a concatenation comes from which column of which operand."""

from .rule_context import EXACT, INFERRED, Map, Mark, Ref, coarse, labels_of


MERGE = ("how", "on", "left_on", "right_on", "left_index", "right_index", "sort", "suffixes")
ORDERED = ("on", "left_on", "right_on", "left_by", "right_by", "fill_method", "suffixes", "how")


def ordered(c):
    """pandas.merge_ordered: both sides' keys unless told otherwise."""
    if c.arg(5, "left_by") is not None or c.arg(6, "right_by") is not None:
        return coarse(c, "joined group by group")
    return merged(c, ORDERED, "outer")


def merged(c, places=MERGE, usual="inner"):
    """DataFrame.merge and pandas.merge, suffixes included."""
    left, right = c.op.args[0], c.arg(1, "right")
    if not isinstance(left, Ref):
        left = c.op.kwargs.get("left")
    if not isinstance(left, Ref) or not isinstance(right, Ref) or c.doubled:
        return coarse(c, "operands outside our view")
    given = {**dict.fromkeys(MERGE), **{name: c.arg(at + 2, name) for at, name in enumerate(places)}}
    lefts, rights = c.ins[int(left)] or [], c.ins[int(right)] or []
    how = given["how"] or usual
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
