"""Which embedded app a cell belongs to: its file, and a name that tells several apps of one notebook apart."""

import os


class Embedded:
    """Of one session."""

    def __init__(self, path):
        self._path = path
        self._of_prefix = {}
        self._names = {}

    def of(self, context, cell, above):
        """(name, file or None) of the app; None for a cell of the notebook itself. `above`: the run that embeds."""
        file = _file(context, cell, self._path)
        prefix = (file, str(cell.cell_id)[:-4])
        name = self._of_prefix.get(prefix)
        if name is None:
            # A clone is another each time its cell runs: the same place has the same name.
            place = (file, None, 0)
            if above is not None:
                apps = above.apps
                place = (file, (above.app, above.cell_id), apps.setdefault(prefix, len([each for each in apps if each[0] == file])))
            name = self._names.get(place)
            if name is None:
                stem = os.path.splitext(os.path.basename(file))[0] if file is not None else "app"
                taken = set(self._names.values())
                name, count = stem, 1
                while name in taken:
                    count += 1
                    name = f"{stem}#{count}"
                self._names[place] = name
            if len(self._of_prefix) > 1000:
                self._of_prefix.clear()
            self._of_prefix[prefix] = name
        return name, file


def _file(context, cell, notebook):
    compiled = getattr(getattr(cell, "body", None) or getattr(cell, "last_expr", None), "co_filename", None)
    app = getattr(getattr(context, "_app", None), "_app", None)
    for found in (compiled, getattr(app, "_filename", None), getattr(context, "filename", None)):
        # marimo's own file: where earlier versions think a clone was made.
        if isinstance(found, str) and found.endswith(".py") and found != notebook and os.path.join("marimo", "_ast") not in found and os.path.isfile(found):
            return os.path.realpath(found)
    return None
