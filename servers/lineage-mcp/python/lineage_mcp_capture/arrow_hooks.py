"""pyarrow: its tables cannot be patched, so reading and writing files is what is seen."""

from . import pandas_rules as r
from .kinds import KINDS, Kind
from .patch import patch
from .record import Spec
from .wrap import wrap_call


def _facts(table):
    return table.column_names, table.num_rows, None


def install(module):
    import sys

    arrow = sys.modules["pyarrow"]
    KINDS.setdefault(arrow.Table, Kind("table", "pyarrow", _facts))
    for name in ("read_table", "read_csv"):
        patch(module, name, wrap_call, Spec(name, r.read, "io_read", "pyarrow"))
    for name in ("write_table", "write_csv"):
        patch(module, name, wrap_call, Spec(name, r.written, "io_write", "pyarrow"))
