"""Column rules for polars: expressions name their roots, so most of it is exact."""

import re

from .rule_context import COARSE, EXACT, INFERRED, Map, Mark, Ref, coarse, is_scalar, labels_of

# How a series or a list inside an expression is shown; arguments and arithmetic have brackets too.
LISTED = re.compile(r"Series|\[\[(?!\()|[-+*/%&|<>=] \(\[(?!\()")


def same(c):
    return Map(rest=(0,))


def _is_expr(value):
    return hasattr(value, "meta") and hasattr(value, "alias")


def _flatten(values):
    for value in values:
        if isinstance(value, tuple):
            yield from _flatten(value)
        else:
            yield value


def parts_of(c, values, named, aggregate=False):
    """{output: parts} of expressions; (map, known) where known says that each expression named its output."""
    explicit, known = {}, True
    for value in _flatten(values):
        one = _one(c, value, aggregate)
        if one is None:
            known = False
        else:
            name, parts, certain = one
            explicit[name] = parts
            known = known and certain
    for name, value in named.items():
        one = _one(c, value, aggregate, name, named_arg=True)
        if one is None:
            explicit[name] = []
            known = False
        else:
            explicit[name] = one[1]
            known = known and one[2]
    return explicit, known


def _one(c, value, aggregate, name=None, named_arg=False):
    """(output, parts, certain) or None when the outputs cannot be told."""
    if isinstance(value, Ref):
        if c.kind(int(value)) != "series":
            return None
        column = c.series_column(int(value))
        return name or column, [(int(value), column, "I")], True
    if isinstance(value, Mark):
        return (name, [], False) if name else None
    if isinstance(value, str):
        if value == "*" or value.startswith("^") and value.endswith("$"):
            return None
        return name or value, [(0, value, "I")], True
    if not _is_expr(value):
        # A literal: named "literal" unless the argument names it.
        return name or "literal", [], True
    try:
        if value.meta.has_multiple_outputs():
            return None
        out = name or value.meta.output_name(raise_if_undetermined=False)
        roots = value.meta.root_names()
    except Exception:
        return None
    if out is None:
        return None
    code = "T"
    try:
        if value.meta.undo_aliases().meta.is_column():
            code = "I"
    except Exception:
        try:
            if str(value.meta.undo_aliases()) == f'col("{roots[0]}")':
                code = "I"
        except Exception:
            pass
    if aggregate and code != "I":
        code = "A"
    elif aggregate:
        code = "T"
    shown = str(value)
    if "order_by:" in shown:
        # No root of it before polars 2.
        roots = [*roots, *re.findall(r'col\("([^"]*)"\)', shown[shown.index("order_by:") :])]
    # A list inside the expression may hold what was computed from data.
    certain = LISTED.search(shown) is None
    return out, [(0, root, code) for root in dict.fromkeys(roots)], certain


def _fill(c, explicit, known, base, already):
    """Outputs nobody named: from wildcards and selectors, each from its own column at least."""
    unsure = {}
    if known:
        return unsure
    for name in c.out or ():
        if name not in explicit and name not in already:
            explicit[name] = [(0, name, "T")] if name in (base or ()) or base is None else []
            unsure[name] = INFERRED
    for name in explicit:
        unsure.setdefault(name, INFERRED)
    return unsure


def select(c):
    explicit, known = parts_of(c, c.op.args[1:], _named(c))
    if c.out is None:
        return Map(explicit, rest=() if known else (0,), confidence=EXACT if known else INFERRED)
    unsure = _fill(c, explicit, known, c.ins[0], ())
    return Map(explicit, columns=unsure)


def _named(c):
    return {name: value for name, value in c.op.kwargs.items()}


def with_columns(c):
    explicit, known = parts_of(c, c.op.args[1:], _named(c))
    if known:
        return Map(explicit, rest=(0,))
    # Selectors may have changed any column.
    if c.out is None:
        return Map(explicit, rest=(0,), confidence=INFERRED)
    unsure = {name: INFERRED for name in c.out}
    return Map(explicit, rest=(0,), columns=unsure, confidence=INFERRED)


def filtered(c):
    made = Map(rest=(0,))
    influences, certain = [], True
    for value in _flatten(c.op.args[1:]):
        if isinstance(value, Ref):
            influences.append((int(value), c.series_column(int(value)), "F"))
        elif _is_expr(value):
            try:
                influences += [(0, root, "F") for root in value.meta.root_names()]
                certain = certain and not value.meta.has_multiple_outputs()
            except Exception:
                certain = False
        else:
            certain = False
    influences += [(0, name, "F") for name in c.op.kwargs]
    made.influences = influences
    made.confidence = EXACT if certain else INFERRED
    return made


def sorted_by(c):
    made = Map(rest=(0,))
    by = list(_flatten([c.op.kwargs.get("by")] if "by" in c.op.kwargs else c.op.args[1:]))
    for value in by:
        if isinstance(value, str):
            made.influences = [*made.influences, (0, value, "S")]
        elif _is_expr(value):
            try:
                made.influences = [*made.influences, *[(0, root, "S") for root in value.meta.root_names()]]
            except Exception:
                made.confidence = INFERRED
    return made


def renamed(c):
    mapping = c.arg(1, "mapping")
    if not isinstance(mapping, dict):
        if c.ins[0] is not None and c.out is not None and len(c.ins[0]) == len(c.out):
            return Map({new: [(0, old, "I")] for old, new in zip(c.ins[0], c.out)})
        return Map(rest=(0,), confidence=COARSE)
    explicit = {str(new): [(0, str(old), "I")] for old, new in mapping.items()}
    return Map(explicit, rest=(0,))


def unique(c):
    subset = c.arg(1, "subset")
    names = labels_of(subset) if subset is not None else c.ins[0]
    made = Map(rest=(0,))
    if names is None:
        made.confidence = EXACT if c.ins[0] is None and subset is None else INFERRED
        if c.ins[0] is None:
            made.confidence = INFERRED
    made.influences = [(0, name, "F") for name in names or ()]
    return made


def changed(c):
    names = c.out or c.ins[0]
    if names is None:
        return Map(rest=(0,), confidence=INFERRED)
    return Map({name: [(0, name, "T")] for name in names}, rest=(0,))


def filled(c):
    made = changed(c)
    if not all(is_scalar(value) and not _is_expr(value) for value in [*c.op.args[1:], *c.op.kwargs.values()]):
        made.confidence = INFERRED
    return made


def unpivoted(c):
    index = c.op.kwargs.get("index")
    ids = labels_of(index) if index is not None else []
    on = c.arg(1, "on")
    values = labels_of(on) if on is not None else [name for name in c.ins[0] or () if name not in (ids or ())]
    rest = [name for name in c.out or () if name not in (ids or ())]
    if ids is None or values is None or len(rest) != 2 or c.ins[0] is None:
        return coarse(c)
    explicit = {name: [(0, name, "I")] for name in ids}
    explicit[rest[0]] = []
    explicit[rest[1]] = [(0, name, "I") for name in values]
    return Map(explicit)


def exploded(c):
    """How often a row comes again is told by what was in the columns."""
    made = Map(rest=(0,))
    for value in _flatten([*c.op.args[1:], *[c.op.kwargs[name] for name in ("columns", "column") if name in c.op.kwargs]]):
        if isinstance(value, str) and not isinstance(value, Mark):
            made.influences = [*made.influences, (0, value, "F")]
        elif _is_expr(value) and not value.meta.has_multiple_outputs():
            made.influences = [*made.influences, *[(0, root, "F") for root in value.meta.root_names()]]
        else:
            made.confidence = INFERRED
    return made


def row_index(c):
    name = c.arg(1, "name", "index")
    if not isinstance(name, str):
        return coarse(c)
    return Map({name: []}, rest=(0,))


def get_item(c):
    if c.op.out.kind == "series":
        return Map({c.out[0]: [(0, c.out[0], "I")]}, confidence=EXACT if c.out[0] in (c.ins[0] or ()) else INFERRED)
    made = Map(rest=(0,))
    for index, (node, _) in enumerate(c.op.ins[1:], 1):
        made.influences = [*made.influences, (index, c.series_column(index), "F")]
    return made


def read(c):
    return Map()
