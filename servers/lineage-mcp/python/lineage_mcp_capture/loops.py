"""The shortest way: a call in a loop that does again what it did, told by looking at its operands only."""

from weakref import ref

from .kinds import KINDS, LITERALS, Ref
from .nodes import NODES, SHARED, Node

HELD = NODES.held
FIND = HELD.get

# Some of those below, by name or argument, choose columns by what is in them.
BY_VALUE = frozenset(("dropna", "select_dtypes"))
BY_TYPE = frozenset(("numeric_only", "axis"))
# Operations whose columns follow from the operands' columns and the arguments, never from values.
STEADY = frozenset(
    "arithmetic changed elementwise get_item grouped index_sorted joined merged positional reindexed reset_index same sampled set_index set_item sorted_by subset_filter windowed".split()
)


class Loop:
    """What the call at one place is compared with. Time goes with the number of byte codes executed, so they are few."""

    __slots__ = ("args", "literals", "operands", "later", "kwargs", "extra", "masked", "repeat", "subject", "uid", "type", "columns", "width", "names", "node")

    def __init__(self, args, kwargs, extra, blind, repeat):
        self.args = len(args)
        self.operands = [(at, want.uid, want.columns) for at, want in enumerate(args) if type(want) is _Operand]
        # Of a number, a blind one looks at the type.
        self.literals = [
            (at, type(want) if type(want) in LITERALS else None, want, blind and type(want) is not str) for at, want in enumerate(args) if type(want) is not _Operand
        ]
        # Where the first was looked at before.
        self.later = [each for each in self.operands if each[0]], [each for each in self.literals if each[0]]
        self.subject = args[0].uid if args and type(args[0]) is _Operand else None
        self.kwargs = kwargs
        self.extra = extra
        self.repeat = repeat
        self.masked = len(args) == 2 and type(args[1]) is _Operand and repeat.call[0].name == "__getitem__"
        first = repeat.call[3]
        self.uid = first.uid
        self.type = first.type
        self.columns, _, self.names = first.facts
        self.width = _width(self.columns)
        self.node = None

    def again(self, subject, args, kwargs, made, extra, seconds):
        """True when it was the same once more, and is counted. `subject`: the node of the first operand, where it was looked at before."""
        if len(args) != self.args or extra != self.extra:
            return False
        if subject is None:
            operands, literals = self.operands, self.literals
        else:
            if self.subject is not None and subject.uid != self.subject:
                return False
            operands, literals = self.later
        for at, uid, columns in operands:
            arg = args[at]
            held = FIND(id(arg))
            if held is None or held[0]() is not arg:
                return False
            node = held[1]
            if node.uid != uid or node.leaf is not None and node.prov is not None:
                return False
            now = node.type.columns(arg)
            # Renamed behind our back: no longer what was seen.
            if now is not held[2] and now is not columns and (type(now) is not tuple or now != columns):
                return False
        for at, cls, want, blind in literals:
            arg = args[at]
            if type(arg) is cls:
                if not blind and arg != want:
                    return False
            elif not _same(want, arg):
                return False
        if (kwargs or self.kwargs) and not self._same_named(kwargs):
            return False
        if self.masked and getattr(getattr(args[1], "dtype", None), "kind", None) != "b":
            # Labels, not a mask.
            return False
        kind = self.type
        if KINDS.get(type(made)) is not kind:
            return False
        columns, names = kind.labels(made)
        if names != self.names:
            return False
        before = self.columns
        if columns is not before and (columns != before if type(columns) is tuple else _width(columns) != self.width):
            return False
        key = id(made)
        held = FIND(key)
        if held is not None and held[0]() is made and held[1] is not subject:
            # pandas 2 hands out the same series of a frame again.
            if held[1].uid != self.uid or held[1].leaf is not None:
                return False
        else:
            if len(HELD) >= NODES.limit:
                NODES.sweep()
            HELD[key] = (ref(made), self.node or self._shared(), columns)
        repeat = self.repeat
        repeat.count += 1
        repeat.seconds += seconds
        return True

    def _shared(self):
        from .interpret import prov_of

        made = self.node = Node(self.type, (self.columns, None, self.names), self.uid, prov_of(self.repeat.call[3]))
        made.flags = SHARED
        return made

    def _same_named(self, kwargs):
        if len(kwargs) != len(self.kwargs):
            return False
        for name, want in self.kwargs.items():
            if name not in kwargs or not _same(want, kwargs[name]):
                return False
        return True


class _Operand:
    __slots__ = ("uid", "columns")

    def __init__(self, node, facts):
        self.uid = node.uid
        self.columns = facts[0]

    def again(self, arg):
        node = NODES.get(arg)
        if node is None or node.uid != self.uid or node.leaf is not None and node.prov is not None:
            return False
        columns = node.type.columns(arg)
        return columns is node.facts[0] or columns is self.columns or type(columns) is tuple and columns == self.columns


def _width(columns):
    """How many; the length of a pandas index is asked of its array, which is several calls nearer."""
    try:
        return len(columns._data._pa_array)
    except AttributeError:
        return 0 if columns is None else len(columns)


def _same(want, arg):
    cls = type(arg)
    if type(want) is _Operand:
        return want.again(arg)
    if cls in LITERALS:
        return cls is type(want) and want == arg
    if cls is list:
        return type(want) is tuple and len(arg) == len(want) and _TEXT.issuperset(map(type, arg)) and tuple(arg) == want
    if cls is dict:
        return type(want) is dict and len(arg) == len(want) and _TEXT.issuperset(map(type, arg)) and _TEXT.issuperset(map(type, arg.values())) and arg == want
    return False


_TEXT = frozenset((str,))


def loop_of(repeat):
    """None where a look at the operands is not enough."""
    spec, _, ins, _, args, kwargs, extra, _, _ = repeat.call
    if getattr(spec.rule, "__name__", "") not in STEADY or spec.name in BY_VALUE or not BY_TYPE.isdisjoint(kwargs) or not (extra is None or len(ins) == 1 and all(one is None or type(one) is str for one in extra)):
        return None

    def wanted(value):
        return _Operand(*ins[value]) if type(value) is Ref else value

    return Loop([wanted(value) for value in args], {name: wanted(value) for name, value in kwargs.items()}, extra, spec.blind, repeat)

