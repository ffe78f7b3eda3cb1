"""From recorded calls to operation events and provenance; runs when a cell ends or its buffer is full."""

from .datasets import dataset_of
from .ids import iso, uuid7
from .prov import CONFIDENCE, COARSE, EXACT, INFERRED, Leaf, Map, Prov, UNKNOWN, compose
from .record import CHANGED, Mark, Ref
from .rule_context import Context, coarse

# Arguments that name columns or ways, never values.
SHOWN = ("on", "by", "left_on", "right_on", "how", "columns", "subset", "axis", "keys", "suffixes", "expr", "ascending", "func", "item", "key", "method", "aggs", "exprs")


def prov_of(node):
    if node.leaf is not None:
        return Leaf(node.leaf)
    return node.prov if node.prov is not None else UNKNOWN


def interpret(run, ops):
    """Events of the operations, in order; sets the provenance of what they made."""
    session = run.session
    labels = session.labels
    events = []
    for op in ops:
        try:
            event = _one(run, session, labels, op, events)
        except Exception:
            run.failures += 1
            if op.out is not None:
                op.out.prov = UNKNOWN
            continue
        if event is not None:
            events.append(event)
    return events


def _one(run, session, labels, op, events):
    ins, provs, doubled = [], [], False
    for node, facts in op.ins:
        columns = facts[0] if facts is not None else node.columns
        names, twice = labels.of(columns)
        doubled = doubled or twice
        ins.append(names)
        provs.append(_checked(node, columns, names, labels))
    out_names, twice = labels.of(op.out.columns) if op.out is not None else (None, False)
    doubled = doubled or twice
    context = Context(op, ins, out_names, doubled)
    try:
        mapping = op.rule(context)
    except Exception:
        mapping = coarse(context, "the rule failed")
        run.failures += 1
    if doubled:
        mapping.confidence = max(mapping.confidence, INFERRED)
    target = None
    if op.family == "io_read":
        target = dataset_of(op, "read")
        if target is not None:
            run.inputs.setdefault(target, None)
            op.out.prov = Leaf(target)
            run.seen_columns(target, out_names)
        else:
            op.out.prov = Prov({}, [], {}, INFERRED)
    elif op.family == "io_write":
        target = dataset_of(op, "write")
        if target is not None:
            run.wrote(target, provs[0] if provs else UNKNOWN, ins[0] if ins else None, op)
    elif op.out is not None:
        op.out.prov = compose(mapping, provs, out_names)
        if op.library == "duckdb" or op.family == "sql":
            op.out.extra = "sql"
    for node, _ in op.ins:
        if node.leaf is not None:
            run.inputs.setdefault(node.leaf, None)
    run.seq += 1
    return _event(run, session, op, mapping, ins, out_names, target, events)


def _checked(node, columns, names, labels):
    """The provenance, unless the columns were renamed where we could not see it."""
    if columns is not node.columns and node.columns is not None and names is not None:
        before, _ = labels.of(node.columns)
        if before != names and not set(names) <= set(before):
            node.flags |= CHANGED
    if node.flags & CHANGED:
        return UNKNOWN
    return prov_of(node)


def _event(run, session, op, mapping, ins, out_names, target, events):
    sid = session.short
    inputs = []
    for (node, facts), names in zip(op.ins, ins):
        entry = {"uid": f"{sid}.{node.uid}", "rows": facts[1] if facts is not None else node.rows}
        if names is not None:
            entry["schema_id"] = session.schema_id(names, events)
        if node.leaf is not None:
            entry["dataset"] = {"namespace": node.leaf[0], "name": node.leaf[1]}
        inputs.append(entry)
    output = None
    if op.out is not None:
        output = {"uid": f"{sid}.{op.out.uid}", "rows": op.out.rows}
        if out_names is not None:
            output["schema_id"] = session.schema_id(out_names, events)
    column_map = {}
    for name, parts in list(mapping.explicit.items())[:1000]:
        column_map[name] = [[at, column, code] for at, column, code in parts[:200]]
    event = {
        "schema_version": 2,
        "event_type": "dataframe_lineage",
        "event_id": uuid7(),
        "run_id": run.run_id,
        "execution_id": run.run_id[-8:],
        "cell_id": run.cell_id,
        "session_id": sid,
        "session_uuid": session.uuid,
        "notebook_hash": session.notebook_hash,
        "seq": run.seq,
        "operation_type": op.family,
        "operation_method": op.name,
        "library": op.library,
        "inputs": inputs,
        "output": output,
        "column_map": column_map,
        "identity": list(mapping.rest),
        "influences": [[at, column, kind] for at, column, kind in list(mapping.influences)[:200]],
        "confidence": CONFIDENCE[mapping.confidence],
        "duration_ms": round((op.end - op.start) * 1000, 4),
        "timestamp": iso(session.wall(op.start)),
        "emitted_at": iso(),
    }
    unsure = {name: CONFIDENCE[level] for name, level in mapping.columns.items() if level > mapping.confidence}
    if unsure:
        event["column_confidence"] = unsure
    if mapping.why:
        event["reason"] = mapping.why
    if op.line is not None:
        event["line"] = op.line
    if target is not None:
        event["dataset"] = {"namespace": target[0], "name": target[1]}
    if op.family == "sql" and session.settings.source and isinstance(op.extra, dict):
        event["sql"] = op.extra.get("sql", "")[:65536]
        event["tables"] = op.extra.get("tables", {})
    params = _params(op, session)
    if params:
        event["params"] = params
    return event


def _params(op, session):
    shown = {}
    for name in SHOWN:
        if name in op.kwargs:
            value = _shown(op.kwargs[name], session.settings.source)
            if value is not None:
                shown[name] = value
    if op.family in ("selection", "filter", "projection", "sort", "join") and len(op.args) > 1 and op.name not in ("query",):
        value = _shown(op.args[1], True)
        if value is not None and op.name in ("__getitem__", "drop", "sort_values", "filter", "select_dtypes"):
            shown.setdefault("key", value)
    if op.name == "query" and session.settings.source and len(op.args) > 1:
        value = _shown(op.args[1], True)
        if value is not None:
            shown["expr"] = value
    return shown


def _shown(value, source):
    if isinstance(value, (Mark, Ref)):
        return None
    if isinstance(value, bool) or value is None or isinstance(value, int) and abs(value) < 10:
        return value
    if isinstance(value, str) and source:
        return value[:200]
    if isinstance(value, tuple) and all(isinstance(item, (str, int)) and not isinstance(item, (Mark, Ref)) for item in value):
        return [str(item)[:200] for item in value[:50]]
    if isinstance(value, dict):
        return {str(key)[:200]: str(item)[:100] for key, item in list(value.items())[:50] if isinstance(item, str)}
    return None
