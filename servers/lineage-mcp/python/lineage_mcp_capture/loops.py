"""The shortest way: a call in a loop that does again what it did, told by looking at its operands only."""

from .kinds import KINDS, LITERALS, Ref
from .nodes import NODES, Node

# Some of those below, by name or argument, choose columns by what is in them.
BY_VALUE = frozenset(("dropna", "select_dtypes"))
BY_TYPE = frozenset(("numeric_only", "axis"))
# Operations whose columns follow from the operands' columns and the arguments, never from values.
STEADY = frozenset(
    "arithmetic changed elementwise get_item grouped index_sorted joined merged positional reindexed reset_index same sampled set_index set_item sorted_by subset_filter windowed".split()
)


class Loop:
    """What the call at one place is compared with."""

    __slots__ = ("args", "kwargs", "extra", "blind", "masked", "repeat", "uid", "prov", "type", "columns", "width", "names")

    def __init__(self, args, kwargs, extra, blind, repeat):
        self.args = args
        self.kwargs = kwargs
        self.extra = extra
        self.blind = blind
        self.repeat = repeat
        self.masked = len(args) == 2 and type(args[1]) is _Operand and repeat.call[0].name == "__getitem__"
        first = repeat.call[3]
        self.uid = first.uid
        self.type = first.type
        self.columns, _, self.names = first.facts
        self.width = _width(self.columns)
        self.prov = None

    def again(self, subject, args, kwargs, made, extra, seconds):
        """True when it was the same once more, and is counted. `subject`: the node of the first operand, where it was looked at before."""
        wanted = self.args
        if len(args) != len(wanted) or extra != self.extra:
            return False
        at = 0
        for want in wanted:
            if type(want) is _Operand:
                if at or subject is None:
                    if not want.again(args[at]):
                        return False
                elif subject.uid != want.uid:
                    return False
            elif (at or subject is None) and not _same(want, args[at], self.blind):
                return False
            at += 1
        if kwargs or self.kwargs:
            if len(kwargs) != len(self.kwargs):
                return False
            for name, want in self.kwargs.items():
                if name not in kwargs or not _same(want, kwargs[name], False):
                    return False
        if self.masked and getattr(args[1].dtype, "kind", None) != "b":
            # Labels, not a mask.
            return False
        kind = KINDS.get(type(made))
        if kind is not self.type:
            return False
        labels = kind.labels(made)
        columns, before = labels[0], self.columns
        if columns is not before and (columns != before if type(columns) is tuple else _width(columns) != self.width) or labels[1] != self.names:
            return False
        known = NODES.get(made)
        repeat = self.repeat
        if known is not None and known is not subject:
            # pandas 2 hands out the same series of a frame again.
            if known.uid != self.uid or known.leaf is not None:
                return False
        else:
            if self.prov is None:
                from .interpret import prov_of

                self.prov = prov_of(repeat.call[3])
            NODES.put(made, Node(kind, (columns, None, labels[1]), self.uid, self.prov))
        repeat.count += 1
        repeat.seconds += seconds
        return True


def _width(columns):
    """How many; the length of a pandas index is asked of its array, which is several calls nearer."""
    held = getattr(columns, "__dict__", None)
    array = held.get("_data") if held else None
    array = getattr(array, "_pa_array", array)
    return 0 if columns is None else len(columns if array is None else array)


class _Operand:
    __slots__ = ("uid", "columns")

    def __init__(self, node, facts):
        self.uid = node.uid
        self.columns = facts[0]

    def again(self, arg):
        node = NODES.get(arg)
        if node is None or node.uid != self.uid or node.leaf is not None and node.prov is not None:
            return False
        columns = node.type.labels(arg)[0]
        # Renamed behind our back: no longer what was seen.
        return columns is node.facts[0] or columns is self.columns or type(columns) is tuple and columns == self.columns


def _same(want, arg, blind):
    cls = type(arg)
    if type(want) is _Operand:
        return want.again(arg)
    if cls in LITERALS:
        return cls is type(want) and (blind and cls is not str or want == arg)
    if cls is list:
        return type(want) is tuple and len(arg) == len(want) and all(type(one) is str for one in arg) and tuple(arg) == want
    if cls is dict:
        return type(want) is dict and arg == want and all(type(key) is str and type(value) is str for key, value in arg.items())
    return False


def loop_of(repeat):
    """None where a look at the operands is not enough."""
    spec, _, ins, _, args, kwargs, extra, _, _ = repeat.call
    if getattr(spec.rule, "__name__", "") not in STEADY or spec.name in BY_VALUE or not BY_TYPE.isdisjoint(kwargs) or not (extra is None or len(ins) == 1 and all(one is None or type(one) is str for one in extra)):
        return None

    def wanted(value):
        return _Operand(*ins[value]) if type(value) is Ref else value

    return Loop([wanted(value) for value in args], {name: wanted(value) for name, value in kwargs.items()}, extra, spec.blind, repeat)

