"""One kernel, or one run of a script: its graph, its runs, its datasets."""

import os
import sys
import threading
import time
from time import perf_counter as clock

from . import openlineage as ol
from .cell_names import CellNames
from .cells import code_hash
from .embedded import Embedded
from .ids import iso, uuid7
from .labels import Labels, Names
from .settings import notebook_hash
from .writer import Writer


class Session:
    """Writes session_start at once; safe to leave without closing."""

    def __init__(self, settings, home, path, mode, marimo_version):
        self.settings = settings
        self.home = home
        self.path = os.path.realpath(path)
        self.mode = mode
        self.uuid = uuid7()
        self.short = self.uuid.replace("-", "")[-8:]
        self.notebook_hash = notebook_hash(path)
        self.marimo_version = marimo_version
        self.namespace = settings.namespace or f"marimo://{_host()}"
        self.stem_name = os.path.splitext(os.path.basename(self.path))[0]
        self.labels = Labels()
        self.lock = threading.RLock()
        self.wall_offset = time.time() - clock()
        self.writer = Writer(home, f"{self.notebook_hash}_{os.getpid()}_{self.short}", settings.rotate_bytes)
        self._schemas = {}
        self._sources = set()
        self._graph_shape = None
        self.first_batch = None
        self.names = CellNames(self.path)
        self.embedded = Embedded(self.path)
        self.closed = False
        self._start()

    def wall(self, counter):
        return self.wall_offset + counter

    def base(self, kind):
        return {
            "schema_version": 2,
            "event_type": kind,
            "event_id": uuid7(),
            "session_id": self.short,
            "session_uuid": self.uuid,
            "notebook_path": self.path,
            "notebook_hash": self.notebook_hash,
            "mode": self.mode,
            "timestamp": iso(),
            "emitted_at": iso(),
        }

    def _start(self):
        event = self.base("session_start")
        event.update({
            "pid": os.getpid(),
            "python_version": "%d.%d.%d" % sys.version_info[:3],
            "marimo_version": self.marimo_version,
            "libraries": _versions(),
            "job_namespace": self.namespace,
        })
        self.writer.write("lineage", [ol.run_event("START", self.uuid, self.namespace, self.stem_name, {
            "processing_engine": ol.engine_facet(self.marimo_version),
            "lineageMcp_marimoSession": ol.own_run_facet({"sessionId": self.short, "notebook": self.path, "notebookHash": self.notebook_hash, "mode": self.mode, "pid": os.getpid()}),
        }, {"jobType": ol.job_type_facet("NOTEBOOK"), "sourceCodeLocation": ol.location_facet(ol.file_uri(self.path))}, [], [])])
        self.writer.write("runtime", [event])

    def close(self):
        if os.getpid() != self.writer.pid:
            return
        with self.lock:
            if self.closed:
                return
            self.closed = True
            self.writer.write("lineage", [ol.run_event("COMPLETE", self.uuid, self.namespace, self.stem_name, {}, {"jobType": ol.job_type_facet("NOTEBOOK")}, [], [])])
            event = self.base("session_end")
            event["capture"] = {"events": self.writer.written, "dropped": self.writer.dropped}
            self.writer.write("runtime", [event])
            self.writer.close()

    def schema_id(self, names, events):
        """Writes each distinct list of columns once."""
        own = type(names) is Names
        if own and names.schema is not None:
            return names.schema
        key = tuple(names)
        known = self._schemas.get(key)
        if known is None:
            known = f"{self.short}-{len(self._schemas) + 1}"
            self._schemas[key] = known
            events.append({
                "schema_version": 2, "event_type": "dataframe_schema", "event_id": uuid7(), "session_id": self.short,
                "session_uuid": self.uuid, "notebook_hash": self.notebook_hash, "schema_id": known, "columns": list(names),
                "timestamp": iso(), "emitted_at": iso(),
            })
        if own:
            names.schema = known
        return known

    def source_once(self, digest):
        """True the first time a cell's code is seen, when sources may be kept."""
        if not self.settings.source or digest in self._sources:
            return False
        self._sources.add(digest)
        return True

    def skip_events(self, cells):
        """One event for each cell that was to run and did not."""
        events = []
        for cell, reason in cells:
            name, index = self.names.of(cell)
            run_id = uuid7()
            event = self.base("cell_skipped")
            event.update({
                "run_id": run_id, "execution_id": run_id[-8:], "cell_id": str(cell.cell_id), "cell_name": name or "_", "cell_index": index,
                "code_hash": code_hash(cell.code), "cell_source_lines": cell.code.count("\n") + 1, "language": str(getattr(cell, "language", "python")), "reason": reason,
            })
            events.append(event)
        self.writer.write("runtime", events)

    def graph_event(self, graph):
        """The static graph, when it is not the one last written."""
        try:
            cells = list(graph.cells.items())
            shape = tuple((cell_id, hash(cell.code)) for cell_id, cell in cells)
        except Exception:
            return
        if shape == self._graph_shape or not cells:
            return
        self._graph_shape = shape
        self.names.again()
        listed = []
        for at, (cell_id, cell) in enumerate(cells):
            name, index = self.names.of(cell)
            digest = code_hash(cell.code)
            entry = {
                "cell_id": str(cell_id), "cell_name": name or "_", "cell_index": at if index is None else index, "code_hash": digest,
                "language": str(getattr(cell, "language", "python")), "defs": sorted(map(str, cell.defs)), "refs": sorted(map(str, cell.refs))[:200],
                "parents": sorted(map(str, graph.parents.get(cell_id, ()))), "children": sorted(map(str, graph.children.get(cell_id, ()))),
                "disabled": bool(getattr(getattr(cell, "config", None), "disabled", False)),
            }
            if self.source_once(digest):
                entry["cell_source"] = cell.code[:65536]
            listed.append(entry)
        event = self.base("notebook_graph")
        event["cells"] = listed
        static = self.names.static
        event["unparsable"] = [
            {"cell_name": entry["name"], "cell_index": entry["index"], "problem": entry.get("problem") or "does not parse"}
            for entry in static["cells"] if entry["unparsable"]
        ]
        if static["error"]:
            event["file_error"] = static["error"]
        self.writer.write("runtime", [event])


def _host():
    import socket

    try:
        return socket.gethostname() or "localhost"
    except OSError:
        return "localhost"


def _versions():
    found = {}
    for name in ("pandas", "polars", "pyarrow", "duckdb"):
        module = sys.modules.get(name)
        version = getattr(module, "__version__", None)
        if isinstance(version, str):
            found[name] = version
    return found
