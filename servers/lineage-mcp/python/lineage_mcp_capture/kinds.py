"""Which objects are tracked, and what stands for the arguments that are not."""

LITERALS = frozenset((str, int, float, bool, type(None), complex, bytes))

# type -> Kind; subclasses are filled in as they are met.
KINDS = {}
UNTRACKED = object()


class Kind:
    """How to read one tracked type: facts(obj) -> (columns, rows, index names or None); labels(obj) leaves out the rows; columns(obj)."""

    __slots__ = ("name", "library", "facts", "labels", "columns")

    def __init__(self, name, library, facts, labels=None, columns=None):
        self.name = name
        self.library = library
        self.facts = facts
        self.labels = labels or (lambda obj: facts(obj)[::2])
        self.columns = columns or (lambda obj: facts(obj)[0])


class Ref(int):
    """Position of an input among the operands."""


class Mark(str):
    """Stands for an argument whose value is not kept."""


ARRAY = Mark("array")
COMPUTED = Mark("computed scalar")
CALL = Mark("callable")
OTHER = Mark("other")
BIG = Mark("big")


def kind_of(obj):
    cls = type(obj)
    kind = KINDS.get(cls)
    if kind is None:
        kind = UNTRACKED
        for base in cls.__mro__[1:]:
            if base in KINDS and KINDS[base] is not UNTRACKED:
                kind = KINDS[base]
                break
        if len(KINDS) < 5000:
            KINDS[cls] = kind
    return None if kind is UNTRACKED else kind
