"""What marimo calls: one factory for both generations of its executor registry."""

import atexit
import os
import sys
import threading
import weakref

from .nodes import HERE
from .runs import Run
from .session import Session
from .settings import Settings

_lock = threading.RLock()
_sessions = {}
_settings = None


def settings():
    global _settings
    if _settings is None:
        _settings = Settings()
    return _settings


def make_executor(base=None):
    """marimo < 0.23.9 passes the executor to wrap; later ones expect a whole executor and take only this one."""
    from . import boot
    from .others import another

    boot.install()
    boot.patch_loaded()
    return Recording(base if base is not None else another())


class Recording:
    """Runs cells through the executor below it and tells what happened."""

    name = "lineage_mcp"

    def __init__(self, base):
        self.base = base

    def __getattr__(self, attr):
        return getattr(self.__dict__["base"], attr)

    def execute_cell(self, cell, glbls, *rest, **kwargs):
        state = _begin(cell, glbls, rest)
        if state is None:
            return self.base.execute_cell(cell, glbls, *rest, **kwargs)
        try:
            value = self.base.execute_cell(cell, glbls, *rest, **kwargs)
        except BaseException as error:
            _end(state, glbls, error, None)
            raise
        _end(state, glbls, None, value)
        return value

    async def execute_cell_async(self, cell, glbls, *rest, **kwargs):
        state = _begin(cell, glbls, rest)
        if state is None:
            return await self.base.execute_cell_async(cell, glbls, *rest, **kwargs)
        try:
            value = await self.base.execute_cell_async(cell, glbls, *rest, **kwargs)
        except BaseException as error:
            _end(state, glbls, error, None)
            raise
        _end(state, glbls, None, value)
        return value


def _begin(cell, glbls, rest):
    try:
        context = _context()
        above = HERE.run
        session, mode, trigger, graph = _where(context, cell, glbls, rest)
        if session is None:
            return None
        if above is not None:
            mode = "embed"
        if graph is not None and mode != "embed":
            session.graph_event(graph)
        app = session.embedded.of(context, cell, above) if mode == "embed" else None
        run = Run(session, cell, above, trigger, mode, app)
        state = (run, above, HERE.free if above is not None else None)
        HERE.run = HERE.free = run
        return state
    except Exception:
        return None


def _end(state, glbls, error, value):
    run, HERE.run, HERE.free = state
    try:
        run.finish(glbls, error, type(value).__name__ if value is not None else None)
    except Exception:
        try:
            run.session.writer.dropped += 1
        except Exception:
            pass


def _context():
    try:
        from marimo._runtime.context import get_context

        return get_context()
    except Exception:
        return None


def _where(context, cell, glbls, rest):
    """(session, mode, trigger, graph) of the cell about to run."""
    root = context
    embedded = False
    for _ in range(20):
        parent = getattr(root, "parent", None)
        if parent is None:
            break
        root, embedded = parent, True
    path = _path(root, glbls)
    if path is None:
        return None, None, None, None
    mode = _mode(root)
    session = _session_of(root, path, mode)
    graph = rest[0] if rest else _graph(context)
    trigger = "startup" if mode == "script" else _trigger(context, cell, session)
    return session, "embed" if embedded else mode, trigger, graph


def _path(context, glbls):
    for source in (getattr(context, "filename", None), glbls.get("__file__"), getattr(sys.modules.get("__main__"), "__file__", None)):
        if isinstance(source, str) and source:
            return source
    return None


def _graph(context):
    try:
        return context.graph
    except Exception:
        return None


def _mode(context):
    name = type(context).__name__
    if name == "ScriptRuntimeContext" or context is None:
        return "script"
    mode = getattr(context, "session_mode", None)
    return str(getattr(mode, "value", mode) or "edit").lower()


def _trigger(context, cell, session):
    try:
        state = context.execution_context
        if state is not None and getattr(state, "setting_element_value", False):
            return "ui"
    except Exception:
        pass
    batch = HERE.batch
    if batch is None or session is None:
        return "run"
    # The whole notebook, the first time: nobody asked for this cell in particular.
    if session.first_batch is None:
        session.first_batch = batch
    if batch is session.first_batch and batch.whole:
        return "startup"
    return "run" if cell.cell_id in batch.roots else "reactive"


def skipped(cells):
    """Tells of cells that were to run and did not: [(cell, reason)]."""
    context = _context()
    path = _path(context, getattr(context, "globals", {}))
    session = _session_of(context, path, _mode(context)) if path is not None else None
    if session is not None:
        session.skip_events(cells)


def _session_of(root, path, mode):
    known = getattr(root, "_lineage_mcp", None) if root is not None else None
    if known is not None:
        return known if known.__class__ is Session else None
    home = settings().home_for(path)
    if home is None:
        _mark(root, False)
        return None
    with _lock:
        pending = _sessions.pop((threading.get_ident(), path), None)
        session = pending or Session(settings(), home, path, mode, _marimo_version())
        if not pending:
            _close_after(root, session)
    if not _mark(root, session):
        _sessions[(threading.get_ident(), path)] = session
    return session


def _close_after(root, session):
    """With what it is a session of, or with the interpreter: a process may run an app thousands of times."""
    try:
        weakref.finalize(root, session.close)
    except TypeError:
        atexit.register(session.close)


def _mark(root, session):
    try:
        object.__setattr__(root, "_lineage_mcp", session)
        return True
    except Exception:
        return False


def _marimo_version():
    version = getattr(sys.modules.get("marimo"), "__version__", None)
    return version if isinstance(version, str) else None


def setup_enter(context, frame):
    """Starts a run for `with app.setup` of a notebook run as a script; None in every other case."""
    path = frame.f_globals.get("__file__")
    if _context() is not None or not isinstance(path, str) or frame.f_globals.get("__name__") != "__main__":
        return None
    home = settings().home_for(path)
    if home is None:
        return None
    from . import boot

    boot.patch_loaded()
    session = Session(settings(), home, path, "script", _marimo_version())
    atexit.register(session.close)
    _sessions[(threading.get_ident(), path)] = session
    cell = getattr(context._cell, "_cell", context._cell)
    run = Run(session, cell, None, "startup", "script")
    HERE.run = HERE.free = run
    return run


def setup_exit(run, frame, error):
    HERE.run = HERE.free = None
    run.finish(frame.f_globals, error, None)
