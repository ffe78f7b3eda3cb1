"""Column labels as text."""


def text(label):
    if type(label) is str:
        return label
    if isinstance(label, tuple):
        return ".".join(text(part) for part in label if part != "")
    return str(label)


class Labels:
    """Texts of column indexes, remembered while a batch is interpreted."""

    def __init__(self):
        self._known = {}

    def of(self, columns):
        """(texts, whether two are the same)."""
        if columns is None:
            return None, False
        known = self._known.get(id(columns))
        if known is not None and known[0] is columns:
            return known[1], known[2]
        names = [text(label) for label in columns]
        doubled = len(set(names)) != len(names)
        if len(self._known) > 1000:
            self._known.clear()
        self._known[id(columns)] = (columns, names, doubled)
        return names, doubled
