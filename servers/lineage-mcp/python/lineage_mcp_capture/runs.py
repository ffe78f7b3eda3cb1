"""One execution of one cell, from its start to its one terminal event."""

import gc
import json
import time
from time import perf_counter as clock

from . import openlineage as ol
from .cells import code_hash
from .errors import error_info, outcome, unseen
from .ids import iso, uuid7
from .interpret import interpret, prov_of, repeated
from .kinds import kind_of
from .labels import listed, text
from .nodes import NODES
from .process import memory_mb
from .prov import UNKNOWN
from .slim import node_for
from .statistics import statistics

class Run:
    def __init__(self, session, cell, parent, trigger, mode, app=None):
        began = clock()
        self.session = session
        self.cell = cell
        self.cell_id = str(cell.cell_id)
        self.run_id = uuid7()
        self.parent = parent
        # Of an embedded app: its name and file; variables of apps have the app's name before theirs.
        self.app, file = app if app is not None else (None, None)
        self.prefix = f"{self.app}." if self.app is not None else ""
        self.apps = {}
        self.trigger = trigger
        self.mode = mode
        self.ops = []
        self.sites = {}
        self.shapes = {}
        self.places = {}
        self.loops = {}
        self.cell_json = json.dumps(self.cell_id)
        self.skipped = 0
        self.failures = 0
        self.seq = 0
        self.events = 0
        self.capture_seconds = 0.0
        self.inputs = {}
        self.writes = {}
        self.columns = {}
        self.dropped_before = session.writer.dropped
        self.code_hash = code_hash(cell.code)
        name, index = session.names.of(cell, file)
        self.name, self.index = name or "_", index
        self.job = f"{session.stem_name}.{self.prefix}{self.name if self.name != '_' else self.code_hash[:8]}"
        self.start_memory = memory_mb()
        self._begin()
        self.cpu = time.thread_time()
        self.start = clock()
        self.capture_seconds += self.start - began

    def _job_facets(self):
        session = self.session
        facets = {
            "jobType": ol.job_type_facet("CELL"),
            "sourceCodeLocation": ol.location_facet(ol.file_uri(session.path)),
            "lineageMcp_marimoCell": ol.own_job_facet({"cellId": self.cell_id, "cellName": self.name, "codeHash": self.code_hash, "language": str(getattr(self.cell, "language", "python"))}),
        }
        if session.settings.source:
            facets["sourceCode"] = ol.source_facet("python", self.cell.code[:65536])
        return facets

    def _run_facets(self):
        session = self.session
        root = {"run": {"runId": session.uuid}, "job": {"namespace": session.namespace, "name": session.stem_name}}
        above = (self.parent.run_id, self.parent.job) if self.parent is not None else (session.uuid, session.stem_name)
        return {
            "parent": ol.parent_facet(above[0], session.namespace, above[1], root),
            "processing_engine": ol.engine_facet(session.marimo_version),
            "lineageMcp_marimoRun": ol.own_run_facet({"sessionId": session.short, "sessionUuid": session.uuid, "executionId": self.run_id[-8:], "mode": self.mode, "trigger": self.trigger, "notebook": session.path, "notebookHash": session.notebook_hash}),
        }

    def _event(self, kind):
        event = self.session.base(kind)
        event.update({
            "mode": self.mode, "run_id": self.run_id, "execution_id": self.run_id[-8:], "cell_id": self.cell_id, "cell_name": self.name,
            "cell_index": self.index, "code_hash": self.code_hash, "cell_source_lines": self.cell.code.count("\n") + 1,
            "language": str(getattr(self.cell, "language", "python")), "trigger": self.trigger,
        })
        if self.parent is not None:
            event["parent_run_id"] = self.parent.run_id
        return event

    def _begin(self):
        event = self._event("cell_execution_start")
        if self.session.source_once(self.code_hash):
            event["cell_source"] = self.cell.code[:65536]
        event["defs"] = sorted(map(str, self.cell.defs))
        event["refs"] = sorted(map(str, self.cell.refs))[:200]
        event["start_memory_mb"] = self.start_memory
        session = self.session
        session.writer.write("lineage", [ol.run_event("START", self.run_id, session.namespace, self.job, self._run_facets(), self._job_facets(), [], [])])
        session.writer.write("runtime", [event])

    def seen_columns(self, dataset, names):
        if names is not None:
            self.columns.setdefault(dataset, [(name, None) for name in names])

    def wrote(self, dataset, prov, names, operands):
        facts = operands[0][1] if operands else None
        self.writes[dataset] = ([(name, None) for name in names or ()], prov, facts[1] if facts else None)

    def flush_ops(self, last=False):
        calls, self.ops = self.ops, []
        collecting = gc.isenabled()
        # What is made in here is gone at its end; the notebook's heap need not be gone through for it.
        gc.disable()
        try:
            events = interpret(self, calls) if calls else []
            if last:
                events += repeated(self)
        finally:
            if collecting:
                gc.enable()
        if not events:
            return
        self.events += len(events)
        self.session.writer.write("dataframe_lineage", events)

    def finish(self, glbls, error, result_kind):
        """Writes operations, then the OpenLineage terminal event, then the runtime one."""
        end = clock()
        cpu = time.thread_time() - self.cpu
        unseen(error)
        status, cause = outcome(error)
        memory = memory_mb()
        self.flush_ops(last=True)
        texts = ol.Texts()
        inputs, outputs, bindings = self._datasets(glbls, texts)
        self.session.writer.write("dataframe_lineage", bindings)
        self._lineage(status, cause, inputs, outputs, texts)
        kind = {"completed": "cell_execution_end", "stopped": "cell_execution_end", "failed": "cell_execution_error", "interrupted": "cell_execution_interrupted", "cancelled": "cell_execution_interrupted"}[status]
        event = self._event(kind)
        event.update({
            "duration_ms": round((end - self.start) * 1000, 4), "cpu_ms": round(cpu * 1000, 4),
            "start_memory_mb": self.start_memory, "end_memory_mb": memory,
        })
        if status == "stopped":
            event["output_type"] = "stopped"
        elif result_kind is not None:
            event["output_type"] = result_kind
        if cause is not None and status == "failed":
            event["error_info"] = error_info(cause, self.session.settings.source)
        self.capture_seconds += clock() - end
        event["capture"] = {
            "events": self.events, "dropped": self.session.writer.dropped - self.dropped_before, "skipped": self.skipped,
            "failures": self.failures, "overhead_ms": round(self.capture_seconds * 1000, 4),
        }
        self.session.writer.write("runtime", [event])

    def _datasets(self, glbls, texts):
        session = self.session
        found, bindings, schemas = [], [], []
        for name in sorted(map(str, set(self.cell.defs) | set(self.cell.refs))):
            value = glbls.get(name)
            kind = kind_of(value) if value is not None else None
            if kind is None:
                continue
            node = NODES.get(value)
            own = name in self.cell.defs
            key = ("inmemory://", f"{session.notebook_hash}/{session.short}/{self.prefix}{name}")
            if not own:
                if node is not None and node.leaf is not None:
                    self.inputs.setdefault(node.leaf, None)
                    continue
                if node is None or node.prov is None:
                    continue
            if node is None:
                node = node_for(value, kind)
            if node.leaf == key and node.prov is None and not own:
                continue
            schema = _schema(value, kind)
            columns, rows, index = kind.facts(value)
            node.facts = (node.facts[0], node.facts[1], index)
            prov = node.prov if node.prov is not None else UNKNOWN if node.leaf is None else prov_of(node)
            if own and node.leaf is not None and node.leaf != key:
                prov = prov_of(node)
            found.append((key, node, schema, prov, rows, _nbytes(value), name, kind))
        outputs = []
        for key, node, schema, prov, rows, size, name, kind in found:
            outputs.append(ol.output_dataset(key, schema, prov, rows, size, f"{session.short}.{node.uid}", texts))
            names = [each for each, _ in schema] if schema is not None else []
            schema_id = session.schema_id(names, bindings)
            bindings.append({
                "schema_version": 2, "event_type": "dataframe_binding", "event_id": uuid7(), "run_id": self.run_id, "cell_id": self.cell_id,
                "session_id": session.short, "session_uuid": session.uuid, "notebook_hash": session.notebook_hash, "variable": self.prefix + name,
                "uid": f"{session.short}.{node.uid}", "library": kind.library, "kind": kind.name, "rows": rows, "nbytes": size, "schema_id": schema_id,
                "dtypes": [each for _, each in schema or ()], "timestamp": iso(), "emitted_at": iso(),
            })
            if session.settings.stats:
                metrics = statistics(glbls.get(name), kind)
                if metrics:
                    bindings[-1]["statistics"] = metrics
                    outputs[-1]["facets"]["dataQualityMetrics"] = ol.quality_facet(rows, metrics)
            if node.leaf is None or node.prov is not None and node.leaf != key:
                node.leaf = key
            node.prov = None
        for key, (schema, prov, rows) in self.writes.items():
            outputs.append(ol.output_dataset(key, schema, prov, rows, None, None, texts))
        made = {key for key, *_ in found} | set(self.writes)
        inputs = dict.fromkeys(self.inputs)
        for _, _, schema, prov, *_ in found:
            _add_inputs(inputs, schema, prov)
        for schema, prov, _ in self.writes.values():
            _add_inputs(inputs, schema, prov)
        listed = [ol.dataset(key, self.columns.get(key)) for key in inputs if key not in made]
        return listed, outputs, bindings

    def _lineage(self, status, cause, inputs, outputs, texts):
        facets = self._run_facets()
        kind = "COMPLETE"
        if status == "failed":
            kind = "FAIL"
            info = error_info(cause, self.session.settings.source) if cause is not None else {"error_message": "failed", "traceback": None}
            facets["errorMessage"] = ol.error_facet(f"{info.get('error_type', '')}: {info['error_message']}"[:4000], info.get("traceback"))
        elif status in ("interrupted", "cancelled"):
            kind = "ABORT"
        session = self.session
        session.writer.write("lineage", [lambda: texts.whole(ol.run_event(kind, self.run_id, session.namespace, self.job, facets, self._job_facets(), inputs, outputs))])


def _add_inputs(inputs, schema, prov):
    seen = set()
    for name, _ in schema or ():
        sources = prov.of(name)[0]
        # Columns share their sources where one operation mixed them all.
        if id(sources) in seen:
            continue
        seen.add(id(sources))
        for (key, _column) in sources:
            inputs.setdefault(key, None)
    for ((key, _column), _kind) in prov.influences:
        inputs.setdefault(key, None)


def _schema(value, kind):
    """[(column, type)] with named index levels first; None where asking would cost."""
    try:
        if kind.library == "pandas":
            names = [(text(name), "index") for name in (value.index.names if value.index.__class__.__name__ != "RangeIndex" else ()) if name is not None]
            if kind.name == "series":
                return names + [(text(value.name), str(value.dtype))]
            return names + _columns(value, {name for name, _ in names})
        if kind.library == "polars":
            if kind.name == "series":
                return [(value.name, str(value.dtype))]
            if kind.name == "lazy":
                columns = kind.facts(value)[0]
                return [(name, None) for name in columns] if columns is not None else None
            return [(name, str(each)) for name, each in value.schema.items()]
        if kind.library == "pyarrow":
            return [(field.name, str(field.type)) for field in value.schema]
        if kind.library == "duckdb":
            return [(name, str(each)) for name, each in zip(value.columns, value.types)]
    except Exception:
        return None
    return None


def _columns(frame, taken):
    """Each type is put into words once: that is slow in NumPy."""
    kinds, words, found = frame._mgr.get_dtypes().tolist(), {}, []
    for label, kind in zip(listed(frame.columns[:5000]), kinds):
        word = words.get(id(kind))
        if word is None:
            word = words[id(kind)] = str(kind)
        name = text(label)
        if name not in taken:
            found.append((name, word))
    return found


def _nbytes(value):
    try:
        manager = getattr(value, "_mgr", None)
        if manager is not None:
            return int(sum(block.values.nbytes for block in manager.blocks))
        size = getattr(value, "nbytes", None)
        if isinstance(size, int):
            return size
        estimated = getattr(value, "estimated_size", None)
        return int(estimated()) if callable(estimated) else None
    except Exception:
        return None
