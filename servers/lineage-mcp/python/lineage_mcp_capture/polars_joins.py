"""Joins and concatenations of polars frames."""

from .polars_rules import _flatten, _is_expr
from .rule_context import EXACT, INFERRED, Map, Mark, Ref, coarse


def joined(c):
    other = c.arg(1, "other")
    if not isinstance(other, Ref):
        return coarse(c)
    how = c.op.kwargs.get("how", c.op.args[3] if len(c.op.args) > 3 else "inner")
    on = _keys(c.arg(2, "on"))
    left_on, right_on = _keys(c.op.kwargs.get("left_on")) or on, _keys(c.op.kwargs.get("right_on")) or on
    suffix = c.op.kwargs.get("suffix", "_right")
    influences = [(0, key, "J") for key in left_on or ()] + [(int(other), key, "J") for key in right_on or ()]
    known = how == "cross" or left_on is not None and right_on is not None
    if how in ("semi", "anti"):
        return Map(rest=(0,), influences=influences, confidence=EXACT if known else INFERRED)
    lefts, rights = c.ins[0], c.ins[int(other)]
    if c.out is None or lefts is None or rights is None:
        # Lazy: names are matched when they are known; a name on both sides is the left one.
        return Map(rest=(0, int(other)), influences=influences, confidence=INFERRED)
    explicit = {}
    coalesced = how in ("full", "outer", "outer_coalesce", "right")
    for name in c.out:
        if name in lefts and name not in rights:
            explicit[name] = [(0, name, "I")]
        elif name in lefts and name in rights:
            explicit[name] = [(0, name, "I")]
            if how == "right" or coalesced and name in (left_on or ()):
                explicit[name] = [(int(other), name, "I")] if how == "right" and name in (left_on or ()) else [(0, name, "I"), (int(other), name, "I")]
        elif name in rights:
            explicit[name] = [(int(other), name, "I")]
        elif isinstance(suffix, str) and name.endswith(suffix) and name[: -len(suffix)] in rights:
            explicit[name] = [(int(other), name[: -len(suffix)], "I")]
        else:
            return coarse(c)
    return Map(explicit, influences=influences, confidence=(INFERRED if coalesced and how != "right" or how == "right" and left_on != right_on else EXACT) if known else INFERRED)


def _keys(value):
    if value is None:
        return None
    names = []
    for each in _flatten([value]):
        if isinstance(each, str) and not isinstance(each, Mark):
            names.append(each)
        elif _is_expr(each):
            try:
                names += each.meta.root_names()
            except Exception:
                return None
        else:
            return None
    return names


def stacked(c):
    other = c.arg(1, "other")
    if not isinstance(other, Ref):
        return coarse(c)
    if c.out is None:
        return Map(rest=(0, int(other)))
    return Map({name: [(0, name, "I"), (int(other), name, "I")] for name in c.out})


def concatenated(c):
    items = c.arg(0, "items")
    how = c.op.kwargs.get("how", "vertical")
    if not isinstance(items, tuple) or not all(isinstance(each, Ref) for each in items) or not isinstance(how, str):
        return coarse(c)
    if how.startswith("align"):
        return coarse(c)
    if c.out is None:
        return Map(rest=tuple(int(each) for each in items), confidence=EXACT if how != "horizontal" else EXACT)
    return Map({name: [(int(each), name, "I") for each in items if c.ins[int(each)] is None or name in c.ins[int(each)]] for name in c.out})
