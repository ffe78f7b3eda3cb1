"""Grouped and windowed pandas operations; operand 0 is the frame behind the group."""

from .rule_context import CALL, EXACT, INFERRED, Map, Mark, Ref, coarse, text

COUNTS = {"count", "size", "nunique", "ngroup", "cumcount"}
# Results shaped like the operand: keys stay out, the group decides values only.
SHAPED = {"cumsum", "cumprod", "cummax", "cummin", "shift", "diff", "rank", "pct_change", "ffill", "bfill", "cumcount", "ngroup", "transform", "fillna"}
ROWS = {"head", "tail", "sample", "filter"}


def keys_of(c):
    """(column texts, further parts, whether all keys are known)."""
    keys = c.op.extra[0]
    if keys is None:
        return [], [], False
    if not isinstance(keys, tuple):
        keys = (keys,)
    names, parts, known = [], [], True
    for key in keys:
        if c.is_series(key):
            parts.append((int(key), c.series_column(key)))
        elif isinstance(key, (Mark, Ref)) or key is None:
            known = False
        elif text(key) in (c.ins[0] or ()):
            names.append(text(key))
        else:
            names.append(f"index:{text(key)}")
    return names, parts, known


def selected(c):
    """The one column chosen from the group, when it is one."""
    choice = c.op.extra[1]
    return text(choice) if isinstance(choice, (str, int)) and not isinstance(choice, (Mark, Ref)) else None


def grouped(c):
    names, parts, known = keys_of(c)
    method = c.op.name.rsplit(".", 1)[-1]
    plain = [name[6:] if name.startswith("index:") else name for name in names]
    influences = [(0, name, "G") for name in names] + [(at, column, "G") for at, column in parts]
    confidence = EXACT if known else INFERRED
    code = "M" if method in COUNTS else "A"
    out = c.out or []
    if c.op.out is None:
        return Map()
    if method in ("apply", "pipe") or method == "describe":
        made = coarse(c, "a user's function per group")
        made.influences = influences
        return made
    if method in ROWS:
        return Map(rest=(0,), influences=influences, confidence=INFERRED if method == "filter" else confidence)
    explicit = {}
    for name, column in zip(plain, names):
        if name not in out:
            explicit[f"index:{name}"] = [(0, column, "I")]
        elif method not in SHAPED:
            explicit[name] = [(0, column, "I")]
    for at, column in parts:
        target = column if column in out else f"index:{column}"
        explicit[target] = [(at, column, "I")]
    if method in ("agg", "aggregate"):
        return aggregated(c, explicit, influences, confidence)
    if method == "transform":
        function = c.arg(1, "func")
        if not isinstance(function, str) or isinstance(function, Mark):
            confidence = max(confidence, INFERRED)
        code = "T"
    if method in SHAPED:
        code = "T"
    before = c.ins[0] or []
    if c.op.out.kind == "series":
        name = out[0] if out else "None"
        if method in ("size", "ngroup", "cumcount"):
            explicit[name] = []
        elif c.kind(0) == "series":
            explicit[name] = [(0, c.series_column(0), code)]
        elif (selected(c) or name) in before:
            explicit[name] = [(0, selected(c) or name, code)]
        else:
            return coarse(c)
        if method in SHAPED:
            influences = [*[(0, key, "W") for key in names], *[(at, column, "W") for at, column in parts]]
        return Map(explicit, influences=influences, confidence=confidence)
    if method in SHAPED:
        influences = [*[(0, key, "W") for key in names], *[(at, column, "W") for at, column in parts]]
    for name in out:
        if name in explicit:
            continue
        if method == "size":
            explicit[name] = []
        elif name in before:
            explicit[name] = [(0, name, code)]
        else:
            return coarse(c)
    return Map(explicit, influences=influences, confidence=confidence)


def aggregated(c, explicit, influences, confidence):
    """agg with a name, a list, a dict or named pairs."""
    function = c.arg(1, "func")
    out = c.out or []
    before = c.ins[0] or []
    named = {key: value for key, value in c.op.kwargs.items() if isinstance(value, tuple) and len(value) == 2}
    columns = {}

    def code(name, how):
        certain = isinstance(how, str) and not isinstance(how, Mark)
        if not certain:
            columns[name] = INFERRED
        return "M" if certain and how in COUNTS else "A"

    one = c.series_column(0) if c.kind(0) == "series" else selected(c)
    if one is not None and one not in before:
        return coarse(c)
    if function is None and c.op.kwargs and one is not None:
        for name in out:
            if name not in explicit:
                explicit[name] = [(0, one, code(name, c.op.kwargs.get(name)))]
        return Map(explicit, influences=influences, confidence=confidence, columns=columns)
    if function is None and named:
        for name in out:
            if name in explicit:
                continue
            pair = named.get(name)
            if pair is None or text(pair[0]) not in before:
                return coarse(c)
            explicit[name] = [(0, text(pair[0]), code(name, pair[1]))]
        return Map(explicit, influences=influences, confidence=confidence, columns=columns)
    if c.op.out.kind == "series":
        source = one or out[0]
        if source not in before:
            return coarse(c)
        explicit[out[0]] = [(0, source, code(out[0], function))]
        return Map(explicit, influences=influences, confidence=confidence, columns=columns)
    raw = c.op.out.columns
    for label, name in zip(raw if raw is not None else (), out):
        if name in explicit:
            continue
        if one is not None:
            plain = isinstance(function, tuple) and all(isinstance(each, str) and not isinstance(each, Mark) for each in function)
            explicit[name] = [(0, one, code(name, name if plain else CALL))]
            continue
        source = text(label[0]) if isinstance(label, tuple) else name
        if source not in before:
            return coarse(c)
        how = label[1] if isinstance(label, tuple) else function.get(label) if isinstance(function, dict) else function
        if isinstance(function, tuple) and isinstance(label, tuple):
            how = next((each for each in function if each == label[1]), CALL)
        if isinstance(function, dict) and isinstance(label, tuple):
            given = function.get(label[0])
            given = (given,) if isinstance(given, str) else given
            how = label[1] if isinstance(given, tuple) and all(isinstance(one, str) and not isinstance(one, Mark) for one in given) else CALL
        explicit[name] = [(0, source, code(name, how))]
    return Map(explicit, influences=influences, confidence=confidence, columns=columns)


def rolled(c):
    """rolling, expanding, ewm, resample results: each column from itself."""
    if c.op.out is None:
        return Map()
    method = c.op.name.rsplit(".", 1)[-1]
    if method in ("corr", "cov"):
        return coarse(c, "each column with each")
    confidence = EXACT if method not in ("apply", "agg", "aggregate", "pipe") else INFERRED
    keys = c.op.extra or ()
    before = c.ins[0] or ()
    if any(key not in before for key in keys):
        confidence = INFERRED
    influences = [(0, key, "W") for key in keys if key in before]
    if c.op.out.kind == "series" and c.kind(0) == "series":
        return Map({c.out[0]: [(0, c.series_column(0), "T")]}, rest=(0,), influences=influences, confidence=confidence)
    explicit = {}
    for name in c.out or ():
        if name not in (c.ins[0] or ()):
            return coarse(c)
        explicit[name] = [(0, name, "T")]
    return Map(explicit, rest=(0,), influences=influences, confidence=max(confidence, INFERRED if c.op.name.startswith("resample") else EXACT))
