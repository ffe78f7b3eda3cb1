"""Calls that are alike: a loop does the same thing over and over, and is understood once."""

# Calls of one shape in one cell that get an event each; further ones with the same operands are counted.
EACH = 25
# Events of one operation at one line in one cell, whatever its operands.
PLACE_LIMIT = 1000
CELL_LIMIT = 50_000
# Shapes of one cell that are remembered, and operands of each.
KNOWN_LIMIT = 2_000
SAME_LIMIT = 200


class Shape:
    """One place, operation, arguments and columns, and what follows from them."""

    __slots__ = ("mapping", "fields", "params", "text", "ins", "out", "in_schemas", "out_schema", "events", "repeats", "provs", "prov")

    def __init__(self):
        self.events = 0
        self.text = None
        # operands' uids -> what was first made of them
        self.repeats = {}
        # of the operands of the last call, and of what it made
        self.provs = None
        self.prov = None


class Repeat:
    """The first of several calls that made the same of the same, and how many followed."""

    __slots__ = ("call", "count", "seconds")

    def __init__(self, call):
        self.call = call
        self.count = 0
        self.seconds = 0.0


def shape_key(call, ins, out_names):
    """Equal for calls no rule could tell apart; None when that cannot be said."""
    spec, site, operands, out, args, kwargs, extra, _, _ = call
    if not spec.memo:
        return None
    try:
        key = (
            spec, site.line, *[_signature(arg) if not spec.blind or type(arg) not in _NUMBERS else type(arg) for arg in args], None, *[(name, _signature(arg)) for name, arg in kwargs.items()],
            None if extra is None else _signature(extra), *[(node.type, facts[2] and tuple(facts[2]), id(names)) for (node, facts), names in zip(operands, ins)],
            None if out is None else (out.type, out.facts[2] and tuple(out.facts[2]), id(out_names), out.facts[0].__class__),
        )
        hash(key)
        return key
    except Exception:
        return None


_PLAIN = (str, bytes, type(None))
_NUMBERS = (int, float)


def _signature(value):
    """By type too: 1, True and 1.0 are equal, and so are a literal and the mark of that name."""
    cls = type(value)
    if cls in _PLAIN:
        return value
    if cls is tuple:
        return (cls, *[_signature(item) for item in value])
    if cls is dict:
        return (cls, *[(key, _signature(item)) for key, item in value.items()])
    if cls is slice:
        return (cls, _signature(value.start), _signature(value.stop), _signature(value.step))
    return (cls, value)
