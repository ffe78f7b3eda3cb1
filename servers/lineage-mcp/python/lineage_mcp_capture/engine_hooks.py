"""`mo.sql` on other databases than DuckDB: the query and its result are recorded, the columns are not followed."""

from .kinds import kind_of
from .prov import COARSE, Map
from .record import Spec, record
from .patch import patch
from .wrap import wrap_noted


def _elsewhere(c):
    return Map({name: [] for name in c.out or ()}, confidence=COARSE, why="a query of another database: not followed into its tables")


# By the library of what came back.
SPECS = {library: Spec("mo.sql", _elsewhere, "sql", library) for library in ("pandas", "polars", "pyarrow", "duckdb")}


def _note(run, _, args, kwargs, result, start, end):
    # Without its text, which the server would read as DuckDB's.
    kind = kind_of(result)
    if kind is not None:
        record(run, SPECS[kind.library], [], [], {}, result, start, end)


def install(module):
    for owner in list(vars(module).values()):
        if isinstance(owner, type) and owner.__module__ == module.__name__ and "execute" in owner.__dict__ and not getattr(owner.execute, "__isabstractmethod__", False):
            patch(owner, "execute", wrap_noted, None, note=_note)
