"""The shortest way: a call in a loop that does again what it did, told by looking at its operands only."""

from .kinds import KINDS, LITERALS, Ref
from .nodes import NODES, Node
from .record import clock

# Some of those below, by name or argument, choose columns by what is in them.
BY_VALUE = frozenset(("dropna", "select_dtypes"))
BY_TYPE = frozenset(("numeric_only", "axis"))
# Operations whose columns follow from the operands' columns and the arguments, never from values.
STEADY = frozenset(
    "arithmetic changed elementwise get_item grouped index_sorted joined merged positional reindexed reset_index same sampled set_index set_item sorted_by subset_filter windowed".split()
)


class Loop:
    """What the call at one place is compared with."""

    __slots__ = ("args", "kwargs", "extra", "blind", "masked", "repeat", "uid", "prov")

    def __init__(self, args, kwargs, extra, blind, repeat):
        self.args = args
        self.kwargs = kwargs
        self.extra = extra
        self.blind = blind
        self.repeat = repeat
        self.masked = len(args) == 2 and type(args[1]) is _Operand and repeat.call[0].name == "__getitem__"
        self.uid = repeat.call[3].uid
        self.prov = None

    def again(self, subject, args, kwargs, made, extra, start, end):
        """True when it was the same once more, and is counted. `subject`: the node of the first operand, where it was looked at before."""
        wanted = self.args
        if len(args) != len(wanted) or len(kwargs) != len(self.kwargs) or extra != self.extra:
            return False
        at = 0
        if subject is not None:
            if subject.uid != wanted[0].uid:
                return False
            at = 1
        while at < len(wanted):
            if not _same(wanted[at], args[at], self.blind):
                return False
            at += 1
        for name, want in self.kwargs.items():
            if name not in kwargs or not _same(want, kwargs[name], False):
                return False
        if self.masked and getattr(args[1].dtype, "kind", None) != "b":
            # Labels, not a mask.
            return False
        first = self.repeat.call[3]
        kind = KINDS.get(type(made))
        if kind is not first.type:
            return False
        facts = kind.facts(made)
        columns, before = facts[0], first.facts[0]
        if len(columns) != len(before) or type(columns) is tuple and columns != before or facts[2] != first.facts[2]:
            return False
        known = NODES.get(made)
        if known is not None and known is not subject:
            # pandas 2 hands out the same series of a frame again.
            if known.uid != self.uid or known.leaf is not None:
                return False
            self.repeat.count += 1
            self.repeat.seconds += end - start
            return True
        node = NODES.put(made, Node(kind, facts))
        node.uid = self.uid
        if self.prov is None:
            from .interpret import prov_of

            self.prov = prov_of(first)
        node.prov = self.prov
        self.repeat.count += 1
        self.repeat.seconds += end - start
        return True


class _Operand:
    __slots__ = ("uid", "columns")

    def __init__(self, node, facts):
        self.uid = node.uid
        self.columns = facts[0]


def _same(want, arg, blind):
    cls = type(arg)
    if type(want) is _Operand:
        node = NODES.get(arg)
        if node is None or node.uid != want.uid or node.leaf is not None and node.prov is not None:
            return False
        columns = node.type.facts(arg)[0]
        # Renamed behind our back: no longer what was seen.
        return columns is node.facts[0] or columns is want.columns or type(columns) is tuple and columns == want.columns
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


def counted(run, site, subject, args, kwargs, made, extra, start, end):
    loop = run.loops.get(site.place)
    if loop is None or not loop.again(subject, args, kwargs, made, extra, start, end):
        return False
    run.capture_seconds += clock() - end
    return True
