"""Import hooks, installed once per process; nothing is imported before the user does."""

import sys

_installed = False
_done = set()
# module whose execution completes a library -> what then installs the hooks
WATCHED = {
    "pandas": "pandas_hooks", "polars": "polars_hooks", "duckdb": "sql_hooks", "pyarrow": "arrow_hooks", "pyarrow.parquet": "arrow_hooks", "pyarrow.csv": "arrow_hooks",
    "marimo._ast.app": "setup_hooks", "marimo._runtime.executor": "others", "marimo._runtime.runner.hooks_preparation": "run_hooks", "marimo._runtime.runner.hooks_on_finish": "run_hooks",
    **{f"marimo._sql.engines.{name}": "engine_hooks" for name in ("dbapi", "adbc", "sqlalchemy", "clickhouse", "ibis", "redshift")},
}


def install():
    global _installed
    if _installed:
        return
    _installed = True
    sys.meta_path.insert(0, _Finder())


def patch_loaded():
    """Libraries that were there before us."""
    for name in WATCHED:
        module = sys.modules.get(name)
        if module is not None and not getattr(getattr(module, "__spec__", None), "_initializing", False):
            _patch(name, module)


def _patch(name, module):
    if name in _done:
        return
    _done.add(name)
    try:
        import importlib

        importlib.import_module("." + WATCHED[name], __package__).install(module)
    except Exception:
        pass


class _Finder:
    """Lets the other finders find, and looks at the module once it has run."""

    def __init__(self):
        self._busy = set()

    def find_spec(self, name, path=None, target=None):
        if name not in WATCHED or name in _done or name in self._busy or "marimo" not in sys.modules and name != "marimo._ast.app":
            return None
        self._busy.add(name)
        try:
            import importlib.util

            spec = importlib.util.find_spec(name)
        except Exception:
            return None
        finally:
            self._busy.discard(name)
        if spec is None or spec.loader is None or not hasattr(spec.loader, "exec_module"):
            return None
        spec.loader = _Loader(spec.loader, name)
        return spec


class _Loader:
    def __init__(self, inner, name):
        self._inner = inner
        self._name = name

    def __getattr__(self, attr):
        return getattr(self.__dict__["_inner"], attr)

    def create_module(self, spec):
        return self._inner.create_module(spec)

    def exec_module(self, module):
        # The module keeps its own loader: resources are read through it.
        try:
            module.__spec__.loader = self._inner
            module.__loader__ = self._inner
        except AttributeError:
            pass
        self._inner.exec_module(module)
        _patch(self._name, module)
