"""DuckDB: text and named frames are recorded; the server works out the columns."""

import sys
from threading import get_ident

from . import pandas_rules as r
from .nodes import FREE
from .kinds import KINDS, Kind, kind_of
from .patch import patch
from .record import Spec, clock, failed, record, site_of
from .slim import slim, slim_named
from .sql_names import named_files, named_tables
from .rule_context import coarse

# Called where the caller stands: DuckDB looks for frames in the calling Python frame only.
_CALL = compile("__lineage_f(*__lineage_a, **__lineage_k)", "<lineage-mcp>", "eval")
_last = {}
FROM = ("from_df",)
READ = ("read_csv", "from_csv_auto", "read_parquet", "from_parquet", "read_json")


class _File:
    """Stands for a file a text reads, where frames have themselves."""

    __slots__ = ("__weakref__",)


_READ_FILE = Spec("read_file", r.read, "io_read", "duckdb")
CONVERT = ("df", "to_df", "fetchdf", "fetch_df", "pl", "arrow", "to_arrow_table", "fetch_arrow_table")
DERIVE = ("filter", "project", "select", "aggregate", "join", "order", "sort", "limit", "distinct", "union", "except_", "intersect", "set_alias")


def _file_facts(file):
    return None, None, None


def _relation_facts(relation):
    return relation.columns, None, None


def _at(frame, original, args, kwargs):
    scope = {} if frame.f_locals is frame.f_globals else dict(frame.f_locals)
    scope["__lineage_f"], scope["__lineage_a"], scope["__lineage_k"] = original, args, kwargs
    return eval(_CALL, frame.f_globals, scope)


def _wrap(original, spec, note):
    def wrapper(*args, **kwargs):
        frame = sys._getframe(1)
        thread = get_ident()
        run = FREE.pop(thread, None) if FREE else None
        if run is None:
            return _at(frame, original, args, kwargs)
        try:
            start = clock()
            result = _at(frame, original, args, kwargs)
            end = clock()
            try:
                note(run, spec, frame, args, kwargs, result, start, end)
            except Exception:
                failed(run)
            return result
        finally:
            FREE[thread] = run

    return wrapper


def _note_query(run, spec, frame, args, kwargs, result, start, end):
    text = next((arg for arg in args if type(arg) is str), None) or kwargs.get("query")
    if not isinstance(text, str):
        return
    ins, tables = [], {}
    for name in _tables(text, args, kwargs):
        value = frame.f_locals.get(name, frame.f_globals.get(name))
        if value is not None and kind_of(value) is not None:
            at = len(ins)
            slim(value, ins)
            tables[name] = at
        else:
            tables[name] = None
    for path in named_files(text):
        tables[path] = len(ins)
        file = _File()
        record(run, _READ_FILE, [], [path], {}, file, start, start, site=site_of(run, spec, _asking(frame)))
        slim(file, ins)
    extra = {"sql": text, "tables": tables}
    if kind_of(result) is not None:
        record(run, spec, ins, [], {}, result, start, end, False, extra, site=site_of(run, spec, _asking(frame)))
    else:
        owner = result if result is not None else args[0]
        if len(_last) > 100:
            _last.clear()
        _last[id(owner)] = (ins, extra)


def _asking(frame):
    """`mo.sql` evaluates a text among the notebook's variables: who called it is behind that."""
    above = frame.f_back
    if frame.f_code.co_filename == "<string>" and above is not None and above.f_globals.get("__name__", "").startswith("marimo."):
        return above
    return frame


def _tables(text, args, kwargs):
    duckdb = sys.modules["duckdb"]
    owner = kwargs.get("connection")
    if owner is None:
        owner = next((arg for arg in args if type(arg).__name__ == "DuckDBPyConnection"), duckdb)
    try:
        found = owner.get_table_names(text)
    except Exception:
        found = named_tables(text)
    return sorted(str(name).strip('"') for name in found)[:100]


def _note_fetch(run, spec, frame, args, kwargs, result, start, end):
    """connection.df() after connection.execute(text)."""
    known = _last.get(id(args[0])) if args else None
    if known is not None:
        record(run, spec, list(known[0]), [], {}, result, start, end, False, known[1])


def _note_convert(run, spec, frame, args, kwargs, result, start, end):
    if kind_of(result) is not None:
        ins = []
        small = [slim(arg, ins) for arg in args]
        record(run, spec, ins, small, {}, result, start, end)


def _note_read(run, spec, frame, args, kwargs, result, start, end):
    if kind_of(result) is not None:
        record(run, spec, [], [slim(arg, []) for arg in args], slim_named(kwargs, []), result, start, end)


def _sql(c):
    return coarse(c, "columns of SQL are worked out by the server")


def install(duckdb):
    def watch(owner, name, note, spec):
        patch(owner, name, _wrap, spec, note)

    relation = getattr(duckdb, "DuckDBPyRelation", None)
    connection = getattr(duckdb, "DuckDBPyConnection", None)
    query = Spec("sql", _sql, "sql", "duckdb")
    if relation is not None:
        KINDS[relation] = Kind("relation", "duckdb", _relation_facts)
        for name in CONVERT:
            watch(relation, name, _note_convert, Spec(name, r.same, "projection", "duckdb"))
        for name in DERIVE:
            watch(relation, name, _note_convert, Spec(name, coarse, "sql", "duckdb"))
    for name in ("sql", "query", "from_query", "execute"):
        watch(duckdb, name, _note_query, query)
        if connection is not None:
            watch(connection, name, _note_query, query)
    KINDS[_File] = Kind("relation", "duckdb", _file_facts)
    for owner in (duckdb, connection):
        if owner is not None:
            for name in FROM:
                watch(owner, name, _note_convert, Spec(name, r.same, "projection", "duckdb"))
            for name in READ:
                watch(owner, name, _note_read, Spec(name, r.read, "io_read", "duckdb"))
    if connection is not None:
        for name in CONVERT:
            watch(connection, name, _note_fetch, query)
