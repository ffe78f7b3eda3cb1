"""Arguments without their data."""

import pathlib

from .kinds import ARRAY, BIG, CALL, COMPUTED, KINDS, LITERALS, OTHER, UNTRACKED, Mark, Ref, kind_of
from .labels import text
from .nodes import NODES, Node

UNSEEN = 1


def node_for(obj, kind):
    """The node of an operand, made when it came from outside our view."""
    node = NODES.get(obj)
    if node is None:
        node = Node(kind, kind.facts(obj))
        node.flags = UNSEEN
        NODES.put(obj, node)
    return node


def operand(value, kind, ins):
    """Adds a tracked object to the operands."""
    facts = kind.facts(value)
    node = NODES.get(value)
    if node is None:
        node = NODES.put(value, Node(kind, facts))
        node.flags = UNSEEN
    ins.append((node, facts))
    return Ref(len(ins) - 1)


def slim(value, ins):
    """Operands become references, literals stay, the rest is a mark."""
    cls = type(value)
    if cls in LITERALS:
        return value
    kind = KINDS.get(cls)
    if kind is None:
        kind = kind_of(value)
    elif kind is UNTRACKED:
        kind = None
    if kind is not None:
        return operand(value, kind, ins)
    if cls is list or cls is tuple:
        if len(value) > 200:
            return BIG
        return tuple([slim(item, ins) for item in value])
    if cls is dict:
        if len(value) > 200:
            return BIG
        return {key if type(key) in LITERALS else text(key): slim(item, ins) for key, item in value.items()}
    if cls is slice:
        return slice(*[slim(part, ins) for part in (value.start, value.stop, value.step)])
    keep = KEEP.get(cls)
    if keep is not None:
        return keep(value, ins)
    module = cls.__module__
    if module == "numpy":
        return ARRAY if cls.__name__ == "ndarray" else COMPUTED
    if cls in ITERABLES:
        return tuple([slim(item, ins) for item in list(value)]) if len(value) <= 200 else BIG
    if isinstance(value, type) or cls.__name__.endswith("Dtype") or cls.__name__ in DTYPES:
        return Mark(getattr(value, "__name__", cls.__name__))
    return CALL if callable(value) else OTHER


def slim_named(kwargs, ins):
    return {key: slim(arg, ins) for key, arg in kwargs.items()} if kwargs else kwargs


def _as_path(value, ins):
    return str(value)


# type -> function(value, ins): further immutable things kept as they are (polars expressions).
KEEP = {pathlib.PosixPath: _as_path, pathlib.WindowsPath: _as_path, pathlib.PurePosixPath: _as_path}
ITERABLES = {type({}.keys()), type({}.values()), set, frozenset}
DTYPES = {"DataTypeClass", "EnumType"}
