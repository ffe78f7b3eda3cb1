"""
Every operation claimed exact, done once and again with each column of its operands changed: what changes in the result is what it comes from.
usage: operations.py pandas|polars [TRIES [ROW…]], only those rows, prints JSON {done: {ROW: problem or null}, varied: the same of more ways to call them, unlisted: what is observed and in no row}
"""

import datetime
import json
import os
import random
import sys
import tempfile
import warnings
from types import SimpleNamespace

HERE_ = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE_, "..", "..", "scripts"), HERE_]
warnings.simplefilter("ignore")

import operations_table
from lineage_mcp_capture import arrow_hooks, pandas_hooks, pandas_table, polars_hooks
from lineage_mcp_capture import patch as patching
from lineage_mcp_capture.interpret import prov_of
from lineage_mcp_capture.kinds import kind_of
from lineage_mcp_capture.labels import text
from lineage_mcp_capture.nodes import HERE, NODES
from lineage_mcp_capture.openlineage import output_dataset
from lineage_mcp_capture.record import Spec
from lineage_mcp_capture.runs import Run, _schema
from lineage_mcp_capture.session import Session
from lineage_mcp_capture.settings import Settings
from lineage_mcp_capture.slim import node_for

ROWS = 12
TRIES = int(sys.argv[2]) if len(sys.argv) > 2 else 8
ONLY = set(sys.argv[3:])
COLUMNS = {
    "d": {"k": "key", "a": "float", "b": "float", "c": "int", "p": "bool", "q": "bool", "s": "word", "t": "time"},
    "e": {"k": "unique", "x": "float", "y": "float"},
    "f": {"a": "float", "b": "float", "c": "int"},
}
MAKE = {
    "key": lambda rng: rng.randint(0, 3), "int": lambda rng: rng.randint(1, 99), "bool": lambda rng: rng.random() < 0.5, "word": lambda rng: "".join(rng.choice("aeiou") for _ in range(rng.randint(1, 4))),
    "time": lambda rng: datetime.datetime(2000, 1, 1) + datetime.timedelta(minutes=rng.randint(0, 9_999_999)),
}


def column(rng, kind):
    if kind == "unique":
        return rng.sample(range(7), 6)
    if kind == "float":
        holes = rng.random() < 0.5
        return [None if holes and rng.random() < 0.3 else round(rng.uniform(1, 99), 1) for _ in range(ROWS)]
    return [MAKE[kind](rng) for _ in range(ROWS)]


def data():
    rng = random.Random(7)
    return {frame: {name: column(rng, kind)[: 6 if frame == "e" else ROWS] for name, kind in columns.items()} for frame, columns in COLUMNS.items()}


class Frames:
    """Each frame is made when it is asked for."""

    def __init__(self, make, data):
        self.make, self.data = make, data

    def __getattr__(self, name):
        frame = self.make(self.data[name])
        self.__dict__[name] = frame
        return frame


def shown(value):
    """{column: values} of a result."""
    if type(value).__name__ == "LazyFrame":
        value = value.collect()
    if type(value).__module__.startswith("pyarrow"):
        return {name: list(map(str, value[name].to_pylist())) for name in value.column_names}
    if type(value).__module__.startswith("polars"):
        return {value.name: list(map(str, value.to_list()))} if not hasattr(value, "columns") else {name: list(map(str, value[name].to_list())) for name in value.columns}
    index = {str(name): list(map(str, value.index.get_level_values(name))) for name in value.index.names if name is not None}
    columns = {text(value.name): value} if not hasattr(value, "columns") else {text(name): value.iloc[:, at] for at, name in enumerate(value.columns)}
    return {**{name: list(map(str, each.tolist())) for name, each in columns.items()}, **index}


def said(make, call, session, base):
    """{column: (sources, influences, confidence)} as the recorder tells."""
    cell = SimpleNamespace(cell_id="Each", code="pass", defs=set(), refs=set(), language="python")
    HERE.run = HERE.free = None
    these = Frames(make, base)
    run = Run(session, cell, None, "run", "script")
    for name in COLUMNS:
        frame = getattr(these, name)
        node = node_for(frame, kind_of(frame))
        node.leaf, node.flags = ("inmemory://", name), 0
    HERE.run = HERE.free = run
    try:
        result = call(these)
    finally:
        HERE.run = HERE.free = None
    run.flush_ops()
    node = NODES.get(result)
    if node is None:
        return None, 1
    facets = output_dataset(("inmemory://", "made"), _schema(result, kind_of(result)), prov_of(node), None, None, None)["facets"]
    lineage = facets.get("columnLineage", {})
    influences = {(each["name"], each["field"]) for each in lineage.get("dataset", ())}
    doubts = facets["lineageMcp_confidence"]["columns"]
    made = {}
    for name in shown(result):
        fields = lineage.get("fields", {}).get(name, {}).get("inputFields", ())
        made[name] = ({(each["name"], each["field"]) for each in fields}, influences, doubts.get(name, "exact"))
    return made, run.failures


def depends(make, call, base):
    """{column: what it changes with}; columns are changed together first, for most have no say."""
    these, found = Frames(make, base), {}
    before = shown(call(these))

    def touched(group):
        names = set()
        for at in range(TRIES if len(group) == 1 else TRIES // 2):
            rng = random.Random(f"{group} {at}")
            other = {each: dict(held) for each, held in base.items()}
            for frame, name in group:
                other[frame][name] = column(rng, COLUMNS[frame][name])[: len(base[frame][name])]
            try:
                after = shown(call(Frames(make, other)))
            except Exception:
                continue
            names.update(each for each, values in before.items() if after.get(each) != values)
            if len(names) == len(before) or len(group) > 1 and names:
                break
        return names

    waiting = [[(frame, name) for name in columns] for frame, columns in COLUMNS.items() if frame in vars(these)]
    while waiting:
        group = waiting.pop()
        names = touched(group)
        if len(group) == 1:
            for each in names:
                found.setdefault(each, set()).add(group[0])
        elif names:
            middle = len(group) // 2
            waiting += [group[:middle], group[middle:]]
    return before, found


def problem(make, call, session, base, exact=True):
    """What is wrong with what is claimed exact; with `exact`, also that not all of it is."""
    try:
        claims, failures = said(make, call, session, base)
        before, truth = depends(make, call, base)
    except Exception as error:
        # Not every version can do everything.
        return f"{type(error).__name__}: {error}"[:200] if exact else None
    if failures or not before:
        return "not recorded" if exact else None
    for name in before:
        sources, influences, level = claims[name]
        real = truth.get(name, set())
        if level != "exact":
            if exact:
                return f"{name} is {level}"
            continue
        if not sources <= real or not real <= sources | influences:
            return f"{name} comes from {sorted(real)}, said are {sorted(sources)} and for all {sorted(influences)}"
    return None


def main(library):
    labels = set()
    if library == "pandas":
        import operations_pandas as table
        import pandas as module

        hooks, make = pandas_hooks, lambda columns: module.DataFrame(columns)
        table.BINARY.update(pandas_table.ARITHMETIC)
    else:
        import operations_polars as table
        import polars as module

        hooks, make = polars_hooks, lambda columns: module.DataFrame(columns)
        table.BINARY.update(polars_hooks.SERIES_ARITHMETIC)
        import pandas
        import pyarrow.parquet

        pandas_hooks.install(pandas)
        arrow_hooks.install(pyarrow.parquet)
    real = hooks.patch

    def patch(owner, attr, *args, **kwargs):
        wrapper = real(owner, attr, *args, **kwargs)
        labels.update(each.name for each in args if isinstance(each, Spec) and wrapper is not None and each.rule is not None and each.name != "collect_all")
        return wrapper

    hooks.patch = patch
    hooks.install(module)
    rows = [row for row in operations_table.rows() if row["library"] == library]
    named = {row["operation"] for row in rows}
    session = Session(Settings(), tempfile.mkdtemp(), __file__, "script", None)
    base, done = data(), {}
    for row in rows:
        if ONLY and f"{row['on']} {row['operation']}" not in ONLY:
            continue
        if row["confidence"] == "exact" and table.exists(module, row["on"], row["operation"]):
            done[f"{row['on']} {row['operation']}"] = problem(make, table.calls(module, row["on"], row["operation"]), session, base)
    varied = {name: problem(make, lambda v, call=call: call(v, module), session, base, exact=False) for name, call in ({} if ONLY else table.VARIANTS).items()}
    print(json.dumps({"done": done, "varied": varied, "unlisted": sorted(label for label in labels if label not in named and label.split(".")[0] not in named)}))


main(sys.argv[1])
