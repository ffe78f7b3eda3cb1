"""Where columns came from: an operation's map, and its composition up to datasets."""

EXACT, INFERRED, COARSE = 0, 1, 2
CONFIDENCE = ("exact", "inferred", "coarse")


class Map:
    """
    explicit: output column -> [(input, column, code)], code I identity, T transformation, A aggregation, M masking aggregation
    rest: inputs whose equally named columns pass through unless explicit says otherwise
    influences: [(input, column, F|J|G|S|W|C)] on all rows of the output
    """

    __slots__ = ("explicit", "rest", "influences", "confidence", "columns", "why")

    def __init__(self, explicit=None, rest=(), influences=(), confidence=EXACT, columns=None, why=None):
        self.explicit = explicit or {}
        self.rest = rest
        self.influences = influences
        self.confidence = confidence
        self.columns = columns or {}
        self.why = why


def join_codes(outer, inner):
    """The code of a path: how `outer` uses what `inner` made."""
    if outer == "M" or inner == "M":
        return "M"
    if outer == "A" or inner == "A":
        return "A"
    return "I" if outer == "I" and inner == "I" else "T"


RANK = {"I": 0, "T": 1, "A": 2, "M": 3}


class Prov:
    """Sources per column: {column: ({(dataset, column): code}, confidence)}; `rest` answers for other names."""

    __slots__ = ("columns", "rest", "influences", "confidence", "origin")

    def __init__(self, columns, rest, influences, confidence, origin=None):
        self.columns = columns
        self.rest = rest
        self.influences = influences
        self.confidence = confidence
        self.origin = origin

    def of(self, column, depth=0):
        found = self.columns.get(column)
        if found is not None:
            return found
        if depth > 200 or not self.rest:
            return ({}, self.confidence)
        if len(self.rest) == 1:
            sources, confidence = self.rest[0].of(column, depth + 1)
            return (sources, max(confidence, self.confidence))
        merged, worst = {}, self.confidence
        for each in self.rest:
            sources, confidence = each.of(column, depth + 1)
            merge(merged, sources)
            worst = max(worst, confidence)
        return (merged, worst)


class Leaf:
    """A dataset by itself."""

    __slots__ = ("dataset", "influences", "confidence", "columns", "origin")

    def __init__(self, dataset):
        self.dataset = dataset
        self.influences = {}
        self.confidence = EXACT
        self.columns = {}
        self.origin = None

    def of(self, column, depth=0):
        name = column[6:] if column.startswith("index:") else column
        return ({(self.dataset, name): "I"}, EXACT)


class Unknown:
    """A frame that came from outside our view."""

    __slots__ = ("influences", "confidence", "columns", "origin")

    def __init__(self):
        self.influences = {}
        self.confidence = COARSE
        self.columns = {}
        self.origin = None

    def of(self, column, depth=0):
        return ({}, COARSE)


UNKNOWN = Unknown()


def merge(into, sources, outer="I"):
    for key, code in sources.items():
        code = join_codes(outer, code)
        known = into.get(key)
        if known is None or RANK[code] > RANK[known]:
            into[key] = code


def _covers(large, small):
    """Nothing of the small one is to be added to the large one."""
    if small is large:
        return True
    if len(small) > len(large):
        return False
    for key, code in small.items():
        known = large.get(key)
        if known is None or RANK[known] < RANK[code]:
            return False
    return True


class _Union:
    """Sources of several parts; what is used whole, or again, is shared and not copied."""

    def __init__(self):
        self._coded = {}

    def of(self, parts):
        """parts: [(sources, code)]; sources live as long as this does."""
        made, own, seen = {}, False, set()
        for sources, code in parts:
            which = (id(sources), code)
            if which in seen or not sources:
                continue
            seen.add(which)
            if code != "I":
                known = self._coded.get(which)
                if known is None:
                    codes = {inner: join_codes(code, inner) for inner in set(sources.values())}
                    known = sources if all(inner == outer for inner, outer in codes.items()) else {key: codes[inner] for key, inner in sources.items()}
                    self._coded[which] = known
                sources = known
            if not made or _covers(sources, made):
                made, own = sources, False
                continue
            if _covers(made, sources):
                continue
            if not own:
                made, own = dict(made), True
            if made.keys().isdisjoint(sources):
                made.update(sources)
            else:
                merge(made, sources)
        return made


def compose(mapping, ins, out_columns):
    """The provenance of an output from its map and its inputs' provenances."""
    influences, union = {}, _Union()
    # Held here: the ids of what is asked for stay their own.
    asked = {}

    def sources_of(index, column):
        found = asked.get((index, column))
        if found is None:
            found = asked[index, column] = ins[index].of(column)
        return found

    for each in ins:
        if each.influences:
            influences.update(each.influences)
    for index, column, kind in mapping.influences:
        if index >= len(ins):
            continue
        for key in sources_of(index, column)[0]:
            influences[(key, kind)] = True
    base = mapping.confidence
    columns = {}
    for name, parts in mapping.explicit.items():
        used, worst = [], max(base, mapping.columns.get(name, EXACT))
        for index, column, code in parts:
            if index >= len(ins):
                continue
            sources, confidence = sources_of(index, column)
            used.append((sources, code))
            if confidence > worst:
                worst = confidence
        columns[name] = (union.of(used), worst)
    rest = [ins[index] for index in mapping.rest if index < len(ins)]
    if len(rest) < len(mapping.rest):
        # An operand that is no frame of ours.
        base = COARSE
    if not columns and base == EXACT and len(rest) == 1 and influences == rest[0].influences:
        return rest[0]
    made = Prov(columns, rest, influences, base)
    if out_columns is not None and rest:
        for name in out_columns:
            if name not in columns:
                columns[name] = made.of(name)
        # Named index levels stay reachable through `rest`.
        made.rest = [_IndexOnly(each) for each in rest]
    return made


class _IndexOnly:
    __slots__ = ("inner", "influences", "confidence")

    def __init__(self, inner):
        while isinstance(inner, _IndexOnly):
            inner = inner.inner
        self.inner = inner
        self.influences = {}
        self.confidence = EXACT

    def of(self, column, depth=0):
        if column.startswith("index:"):
            return self.inner.of(column, depth + 1)
        return ({}, COARSE)
