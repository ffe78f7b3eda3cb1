"""Operation events as text: what calls of one shape share is encoded once."""

from .ids import iso, uuid7
from .kinds import Mark, Ref
from .prov import CONFIDENCE
from .writer import dumps

# Arguments that name columns or ways, never values.
SHOWN = ("on", "by", "left_on", "right_on", "how", "columns", "subset", "axis", "keys", "suffixes", "expr", "ascending", "func", "item", "key", "method", "aggs", "exprs")


def shared_fields(session, op, mapping):
    """What every call of this shape says."""
    fields = {
        "schema_version": 2,
        "event_type": "dataframe_lineage",
        "session_id": session.short,
        "session_uuid": session.uuid,
        "notebook_hash": session.notebook_hash,
        "operation_type": op.family,
        "operation_method": op.name,
        "library": op.library,
        "column_map": {name: [[at, column, code] for at, column, code in parts[:200]] for name, parts in list(mapping.explicit.items())[:1000]},
        "identity": list(mapping.rest),
        "influences": [[at, column, kind] for at, column, kind in list(mapping.influences)[:200]],
        "confidence": CONFIDENCE[mapping.confidence],
    }
    unsure = {name: CONFIDENCE[level] for name, level in mapping.columns.items() if level > mapping.confidence}
    if unsure:
        fields["column_confidence"] = unsure
    if mapping.why:
        fields["reason"] = mapping.why
    if op.family == "sql" and session.settings.source and isinstance(op.extra, dict):
        fields["sql"] = op.extra.get("sql", "")[:65536]
        fields["tables"] = op.extra.get("tables", {})
    return fields, params(op, session)


def encoded(fields, shown):
    """The shared part without its closing brace."""
    return dumps({**fields, **({"params": shown} if shown else {})})[:-1]


def event_line(run, shared, line, ins, in_schemas, out, out_schema, seconds, start, target=None):
    """One event; names of uids and schemas are ours and need no escaping."""
    session = run.session
    sid = session.short
    inputs = []
    for (node, facts), schema in zip(ins, in_schemas):
        entry = '{"uid":"%s.%d","rows":%s' % (sid, node.uid, "null" if facts[1] is None else facts[1])
        if schema is not None:
            entry += ',"schema_id":"%s"' % schema
        if node.leaf is not None:
            entry += ',"dataset":' + _dataset(node.leaf)
        inputs.append(entry + "}")
    output = "null"
    if out is not None:
        rows = out.facts[1]
        output = '{"uid":"%s.%d","rows":%s%s}' % (sid, out.uid, "null" if rows is None else rows, "" if out_schema is None else ',"schema_id":"%s"' % out_schema)
    return '%s,"event_id":"%s","run_id":"%s","execution_id":"%s","cell_id":%s,"seq":%d,"inputs":[%s],"output":%s,"duration_ms":%s,"timestamp":"%s","emitted_at":"%s"%s%s}' % (
        shared, uuid7(), run.run_id, run.run_id[-8:], run.cell_json, run.seq, ",".join(inputs), output, round(seconds * 1000, 4), iso(session.wall(start)), iso(),
        "" if line is None else ',"line":%d' % line, "" if target is None else ',"dataset":' + _dataset(target),
    )


def _dataset(key):
    return dumps({"namespace": key[0], "name": key[1]})


def params(op, session):
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
