"""What is known of each frame, by the object itself and never by a reference that keeps it alive."""

import itertools
import threading
import weakref


class Thread(threading.local):
    """What this thread is doing: the depth inside a recorded call, and the cell that runs."""

    depth = 0
    run = None


HERE = Thread()
_counter = itertools.count(1)


class Node:
    """One version of one frame: columns and rows as they were, and where the columns came from."""

    __slots__ = ("uid", "kind", "library", "columns", "rows", "prov", "leaf", "index", "flags", "extra")

    def __init__(self, kind, library, columns=None, rows=None):
        self.uid = next(_counter)
        self.kind = kind
        self.library = library
        self.columns = columns
        self.rows = rows
        self.prov = None
        self.leaf = None
        self.index = None
        self.flags = 0
        self.extra = None


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
