"""Column labels as text."""


def text(label):
    if type(label) is str:
        return label
    if isinstance(label, tuple):
        return ".".join(text(part) for part in label if part != "")
    try:
        return str(label)
    except Exception:
        return f"<{type(label).__name__}>"


class Names(list):
    """Texts of one column index; equal ones are the same object while a session remembers them."""

    __slots__ = ("doubled", "schema")


class Labels:
    """Texts of column indexes, by the object and by what it says."""

    def __init__(self):
        self._objects = {}
        self._texts = {}

    def of(self, columns):
        """Names, or None where there are none to tell."""
        if type(columns) is tuple:
            # A series' one name, in a tuple of its own each time.
            return self._named(columns)
        if columns is None:
            return None
        known = self._objects.get(id(columns))
        if known is not None and known[0] is columns:
            return known[1]
        names = self._named(listed(columns))
        if len(self._objects) > 1000:
            self._objects.clear()
        self._objects[id(columns)] = (columns, names)
        return names

    def _named(self, listed):
        key = tuple([label if type(label) is str else text(label) for label in listed])
        names = self._texts.get(key)
        if names is None:
            names = Names(key)
            names.doubled = len(set(key)) != len(key)
            # Its id in the session, once it has one.
            names.schema = None
            if len(self._texts) > 5000:
                self._texts.clear()
            self._texts[key] = names
        return names


def listed(columns):
    if type(columns) is list:
        return columns
    # The long way round through NumPy is ten times as slow.
    array = None if hasattr(columns, "levels") else getattr(columns, "array", None)
    arrow = getattr(array, "_pa_array", None)
    if arrow is not None:
        return ["nan" if label is None else label for label in arrow.to_pylist()]
    return columns.tolist() if hasattr(columns, "tolist") else list(columns)
