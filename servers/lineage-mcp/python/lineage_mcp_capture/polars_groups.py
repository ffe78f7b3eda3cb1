"""Aggregations of polars frames and groups."""

from .polars_rules import _fill, _named, parts_of
from .rule_context import EXACT, INFERRED, Map, coarse


def aggregated_all(c):
    names = c.out or c.ins[0]
    if names is None:
        return Map(rest=(0,), confidence=INFERRED)
    code = "M" if c.op.name in ("count", "null_count") else "A"
    return Map({name: [(0, name, code)] for name in names if c.ins[0] is None or name in c.ins[0]})


def _group_keys(c):
    values, named = c.op.extra
    return parts_of(c, values, named)


def aggregated(c):
    keys, known = _group_keys(c)
    explicit, sure = parts_of(c, c.op.args[1:], _named(c), aggregate=True)
    influences = [(at, column, "G") for parts in keys.values() for at, column, _ in parts]
    made = {**keys, **explicit}
    if known and sure:
        return Map(made, influences=influences)
    if c.out is None:
        return Map(made, rest=(0,), influences=influences, confidence=INFERRED)
    unsure = _fill(c, made, False, c.ins[0], ())
    return Map(made, influences=influences, columns=unsure)


def aggregated_group(c):
    keys, known = _group_keys(c)
    influences = [(at, column, "G") for parts in keys.values() for at, column, _ in parts]
    method = c.op.name.rsplit(".", 1)[-1]
    if c.out is None:
        return Map(keys, rest=(0,), influences=influences, confidence=INFERRED)
    explicit = dict(keys)
    for name in c.out:
        if name not in explicit:
            explicit[name] = [] if method in ("len", "count") else [(0, name, "A")]
    return Map(explicit, influences=influences, confidence=EXACT if known else INFERRED)


def coarse_group(c):
    return coarse(c)
