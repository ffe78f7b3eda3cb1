"""What is known of each frame, by the object itself and never by a reference that keeps it alive."""

import itertools
import os
import threading
from threading import get_ident
from weakref import ref


# thread -> the cell's run, while a call there is to be recorded; inside a recorded call there is none.
# Most calls are inside one: where this is empty, they cost next to nothing.
FREE = {}
if hasattr(os, "register_at_fork"):
    # What a forked child does is not what the cell does.
    os.register_at_fork(after_in_child=FREE.clear)


class Thread(threading.local):
    """What this thread is doing: the cell that runs, and the same again unless inside a recorded call; the batch of cells it is one of."""

    run = None
    batch = None

    @property
    def free(self):
        return FREE.get(get_ident())

    @free.setter
    def free(self, run):
        if run is None:
            FREE.pop(get_ident(), None)
        else:
            FREE[get_ident()] = run


HERE = Thread()
_counter = itertools.count(1)
# Flag of a node that stands for several frames.
SHARED = 4


class Node:
    """One version of one frame: columns and rows as they were, and where the columns came from."""

    __slots__ = ("uid", "type", "facts", "prov", "leaf", "flags")

    def __init__(self, kind, facts, uid=None, prov=None):
        self.uid = next(_counter) if uid is None else uid
        self.type = kind
        # (columns, rows, index names or None)
        self.facts = facts
        self.prov = prov
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


class Registry:
    """id -> weak reference, node and columns; an id used again is told apart by the reference."""

    def __init__(self):
        # For loops, which look and put here themselves.
        self.held = {}
        self.limit = 512

    def get(self, obj):
        held = self.held.get(id(obj))
        if held is None or held[0]() is not obj:
            return None
        node = held[1]
        if node.flags & SHARED:
            # Of all that one call in a loop made: whoever asks gets this one's own.
            node = self.put(obj, Node(node.type, (held[2], None, node.facts[2]), node.uid, node.prov))
        return node

    def put(self, obj, node):
        if len(self.held) >= self.limit:
            self.sweep()
        self.held[id(obj)] = (ref(obj), node, node.facts[0])
        return node

    def sweep(self):
        """Now and then: cheaper than to be told of each frame that goes."""
        held = self.held
        for key, entry in list(held.items()):
            if entry[0]() is None and held.get(key) is entry:
                del held[key]
        self.limit = max(512, 2 * len(held))

    def __len__(self):
        self.sweep()
        return len(self.held)


NODES = Registry()
