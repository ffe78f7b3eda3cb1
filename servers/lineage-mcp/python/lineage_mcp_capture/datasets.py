"""Names of files and tables outside the notebook, as OpenLineage spells them."""

import os
import re


PATH_ARGS = ("filepath_or_buffer", "path_or_buf", "path", "io", "fname", "excel_writer", "source", "file", "input_file", "where", "path_or_buffer", "base_dir")


def dataset_of(op, way):
    """(namespace, name) of what an operation reads or writes; None for buffers and connections."""
    value = None
    start = 0 if way == "read" else 1
    for position in range(start, min(len(op.args), start + 2)):
        if type(op.args[position]) is str:
            value = op.args[position]
            break
    if value is None:
        for name in PATH_ARGS:
            if type(op.kwargs.get(name)) is str:
                value = op.kwargs[name]
                break
    if value is None and way == "read" and op.args and isinstance(op.args[0], tuple) and op.args[0] and type(op.args[0][0]) is str:
        value = op.args[0][0]
    if op.name in ("to_sql", "read_sql_table"):
        return ("sql", value) if value else None
    if op.name in ("read_sql", "read_sql_query", "read_clipboard"):
        return None
    return name_of(value) if value else None


def name_of(path):
    if "\n" in path or len(path) > 4000:
        return None
    scheme = re.match(r"^([a-z][a-z0-9+.-]+)://([^/?#]*)/?([^?#]*)", path, re.I)
    if scheme and scheme.group(1).lower() != "file":
        host = scheme.group(2).rpartition("@")[2]
        return (f"{scheme.group(1).lower()}://{host}", scheme.group(3) or "/")
    if scheme:
        path = "/" + scheme.group(3)
    return ("file", os.path.abspath(os.path.expanduser(path)))
