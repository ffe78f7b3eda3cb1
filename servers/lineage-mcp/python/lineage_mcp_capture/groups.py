"""What is known of a group, for as long as the group lives."""

import weakref


class Groups:
    """group object -> (operands, keys, choice of columns)."""

    def __init__(self):
        self._of = {}

    def put(self, group, info):
        key = id(group)
        try:
            self._of[key] = (weakref.ref(group, lambda _: self._of.pop(key, None)), info)
        except TypeError:
            pass

    def get(self, group):
        entry = self._of.get(id(group))
        return entry[1] if entry is not None and entry[0]() is group else None
