"""Which cell of the notebook's file a running cell is, told by its code."""

import os

from .cells import loose, read_cells, shape, shape_of


class CellNames:
    """Of one notebook, and of the files of apps embedded in it."""

    def __init__(self, path):
        self.path = path
        self._files = {}
        self._known = {}
        # What a cell was last called: edited, it runs before it is saved.
        self._before = {}

    def again(self):
        """The file may have changed."""
        self._files.clear()
        self._known.clear()

    @property
    def static(self):
        return self._file(self.path).static

    def of(self, cell, app=None):
        """(name or None, index or None); `app`: the file of the embedded app it is of."""
        compiled = app or getattr(getattr(cell, "body", None) or getattr(cell, "last_expr", None), "co_filename", None)
        key = (cell.code, compiled)
        known = self._known.get(key)
        if known is None:
            found = self._file(self.path).find(cell.code) if app is None else None
            known = self._known[key] = (found["name"], found["index"]) if found is not None else (self._elsewhere(cell.code, compiled), None)
        if app is not None:
            return known
        same = str(getattr(cell, "cell_id", ""))
        if known[0] is None:
            return self._before.get(same, known)
        self._before[same] = known
        return known

    def _file(self, path):
        known = self._files.get(path)
        if known is None:
            known = self._files[path] = _File(path)
        return known

    def _elsewhere(self, code, path):
        """Of a cell of an embedded app, which is compiled from a file of its own."""
        if not isinstance(path, str) or path == self.path or not path.endswith(".py") or not os.path.isfile(path):
            return None
        found = self._file(path).find(code)
        return found["name"] if found is not None else None


class _File:
    def __init__(self, path):
        self.static = read_cells(path)
        self._cells = [entry for entry in self.static["cells"] if entry["body"] is not None]
        self._shapes = None
        self._texts = {}
        for entry in self._cells:
            # Alike but for white space: that may matter.
            self._texts[entry["text"]] = None if entry["text"] in self._texts else entry

    def find(self, code):
        found = self._texts.get(loose(code.split("\n")))
        if found is not None:
            return found
        if self._shapes is None:
            self._shapes = {}
            for entry in self._cells:
                self._shapes.setdefault(shape(entry["body"]), entry)
        return self._shapes.get(shape_of(code))
