"""What is known of each frame, by the object itself and never by a reference that keeps it alive."""

import itertools
import threading
import weakref


class Thread(threading.local):
    """What this thread is doing: the cell that runs, and the same again unless inside a recorded call; the batch of cells it is one of."""

    run = None
    free = None
    batch = None


HERE = Thread()
_counter = itertools.count(1)


class Node:
    """One version of one frame: columns and rows as they were, and where the columns came from."""

    __slots__ = ("uid", "type", "facts", "prov", "leaf", "flags")

    def __init__(self, kind, facts):
        self.uid = next(_counter)
        self.type = kind
        # (columns, rows, index names or None)
        self.facts = facts
        self.prov = None
        self.leaf = None
        self.flags = 0

    @property
    def kind(self):
        return self.type.name

    @property
    def columns(self):
        return self.facts[0]

    @property
    def rows(self):
        return self.facts[1]

    @property
    def index(self):
        return self.facts[2]


class _Ref(weakref.ref):
    __slots__ = ("key", "node")


class Registry:
    """id -> weak reference and node; an id used again is told apart by the reference."""

    def __init__(self):
        self._refs = {}

        def forget(ref, refs=self._refs):
            if refs.get(ref.key) is ref:
                del refs[ref.key]

        self._forget = forget

    def get(self, obj):
        ref = self._refs.get(id(obj))
        if ref is not None and ref() is obj:
            return ref.node
        return None

    def put(self, obj, node):
        key = id(obj)
        ref = _Ref(obj, self._forget)
        ref.key = key
        ref.node = node
        self._refs[key] = ref
        return node

    def __len__(self):
        return len(self._refs)


NODES = Registry()
