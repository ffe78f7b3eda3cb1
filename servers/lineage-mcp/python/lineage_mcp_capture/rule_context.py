"""What a rule may ask about one operation."""

from .prov import COARSE, EXACT, INFERRED, Map
from .labels import text
from .kinds import ARRAY, BIG, CALL, COMPUTED, OTHER, Mark, Ref


class Context:
    __slots__ = ("op", "ins", "out", "doubled", "prov")

    def __init__(self, op, ins, out, doubled):
        self.op = op
        self.ins = ins
        self.out = out
        self.doubled = doubled

    def arg(self, position, name, default=None):
        args = self.op.args
        if len(args) > position:
            return args[position]
        return self.op.kwargs.get(name, default)

    def kind(self, index):
        return self.op.ins[index][0].kind

    def is_series(self, value):
        return isinstance(value, Ref) and self.kind(value) == "series"

    def is_frame(self, value):
        return isinstance(value, Ref) and self.kind(value) == "frame"

    def series_column(self, index):
        names = self.ins[index]
        return names[0] if names else "None"

    def index_names(self, index):
        return [text(name) for name in self.op.ins[index][1][2] or () if name is not None]

    def has_index(self, index):
        return self.op.ins[index][1][2] is not None

    def out_index_names(self):
        out = self.op.out
        return [text(name) for name in (out.index if out is not None else None) or () if name is not None]


def coarse(context, why="unknown operation"):
    """Every output column from every input column."""
    parts = [(at, column, "T") for at, columns in enumerate(context.ins) for column in columns or ()]
    names = list(context.out or ()) + [f"index:{name}" for name in context.out_index_names()]
    if len(names) * len(parts) > 20_000:
        return Map(confidence=COARSE, why=why)
    return Map({name: parts for name in names}, confidence=COARSE, why=why)


def labels_of(value):
    """A label or list of labels, as texts; None when it cannot be known."""
    if isinstance(value, (Mark, Ref)):
        return None
    if isinstance(value, str) or value is not None and isinstance(value, (int, float, bool)):
        return [text(value)]
    if isinstance(value, tuple):
        names = []
        for item in value:
            if isinstance(item, (Mark, Ref)) or item is None:
                return None
            names.append(text(item))
        return names
    return None


def is_plain(value):
    """A literal: nothing computed from data that we could tell."""
    if isinstance(value, (Mark, Ref)):
        return False
    if isinstance(value, (tuple,)):
        return all(is_plain(item) for item in value)
    if isinstance(value, dict):
        return all(is_plain(item) for item in value.values())
    if isinstance(value, slice):
        return all(is_plain(part) for part in (value.start, value.stop, value.step))
    return True


def is_scalar(value):
    """A literal that is no collection: a list may hold what was computed from data."""
    return is_plain(value) and not isinstance(value, (tuple, dict))


__all__ = ["is_scalar", "ARRAY", "BIG", "CALL", "COARSE", "COMPUTED", "Context", "EXACT", "INFERRED", "Map", "Mark", "OTHER", "Ref", "coarse", "is_plain", "labels_of", "text"]
