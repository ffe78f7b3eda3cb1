"""
What recording costs a notebook, against the same without it.
usage: overhead.py PYTHON BOOTSTRAP [--runs N] [--only loops|notebooks] [--original SOURCE]
  PYTHON     of an environment with marimo, pandas, polars and pyarrow
  BOOTSTRAP  folder that goes on PYTHONPATH (servers/lineage-mcp/python)
  SOURCE     checkout of the original; it takes part in the loops, and what becomes of a notebook with its two lines is told
Runs are interleaved, each in a process of its own; figures are medians of N (7).
Prints one JSON object on stdout:
  {"python", "pandas", "polars", "marimo": versions, "runs": N,
   "loops": [{"name", "rows", "iterations", "operations", "bare_ms", "recorded_ms", "overhead", "us_per_operation", "original_ms"?, "original_overhead"?}],
   "notebooks": [{"name", "bare_ms", "recorded_ms", "overhead", "bare_cpu_ms", "recorded_cpu_ms", "cpu_overhead", "same_output"}],
   "original"?: {"version", "notebook": "recorded N events" or the error it ends with}}
`overhead` is recorded/bare - 1. Loops count CPU time of the cell and of its end; notebooks wall time of `python nb.py`, interpreter start included.
"""

import json
import os
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
LOOPS = [("tiny frames", 10, 600), ("100,000 rows", 100_000, 30)]

DATA = """
import sys, os
import numpy as np, pandas as pd
rng = np.random.default_rng(7)
n = 300_000
folder = sys.argv[1]
pd.DataFrame({"order": np.arange(n), "customer": rng.integers(0, 5000, n), "currency": rng.choice(["EUR", "USD", "GBP"], n), "amount": rng.random(n).round(2) * 100,
    "quantity": rng.integers(1, 9, n), "day": pd.Timestamp("2024-01-01") + pd.to_timedelta(rng.integers(0, 700, n), unit="D")}).to_csv(os.path.join(folder, "orders.csv"), index=False)
pd.DataFrame({"customer": np.arange(5000), "country": rng.choice(["DE", "FR", "IT", "PL", "US"], 5000), "segment": rng.choice(["a", "b"], 5000)}).to_csv(os.path.join(folder, "customers.csv"), index=False)
pd.DataFrame(rng.normal(size=(20_000, 200)), columns=[f"c{at}" for at in range(200)]).to_parquet(os.path.join(folder, "wide.parquet"))
"""

LOOP = """
import sys, time
rows, iterations, recorded, original = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3] == "recorded", sys.argv[4] if sys.argv[3] == "original" else None
import numpy as np, pandas as pd
if recorded:
    import tempfile
    from types import SimpleNamespace
    from lineage_mcp_capture import pandas_hooks
    from lineage_mcp_capture.nodes import HERE
    from lineage_mcp_capture.runs import Run
    from lineage_mcp_capture.session import Session
    from lineage_mcp_capture.settings import Settings
    pandas_hooks.install(pd)
    session = Session(Settings(), tempfile.mkdtemp(), __file__ if "__file__" in globals() else "loop.py", "script", None)
if original:
    import logging, os, tempfile
    logging.disable(logging.CRITICAL)
    sys.path.insert(0, os.path.join(original, "packages/hunyo-capture/src"))
    from hunyo_capture.unified_notebook_interceptor import EnvironmentDetector, NotebookEnvironment, UnifiedNotebookInterceptor
    # It looks for hooks of marimo that are gone; the part that watches frames needs none.
    EnvironmentDetector.validate_environment = staticmethod(lambda _: True)
    folder = tempfile.mkdtemp()
    theirs = UnifiedNotebookInterceptor(None, *(os.path.join(folder, f"{family}.jsonl") for family in ("runtime", "lineage", "dataframe")), NotebookEnvironment.MARIMO)
    theirs._install_dataframe_patches()
rng = np.random.default_rng(1)
df = pd.DataFrame({"k": rng.integers(0, 5, rows), "a": rng.random(rows), "b": rng.random(rows), "c": rng.random(rows)})
right = pd.DataFrame({"k": range(5), "r": range(5)})
def body():
    x = df[df["a"] > 0.5]
    x = x.assign(d=x["a"] * 2 + x["b"])
    y = x.merge(right, on="k")
    y["e"] = y["d"] - y["r"]
    z = y.groupby("k")["e"].sum().reset_index()
    return z.sort_values("e").rename(columns={"e": "total"})
body()
if recorded:
    cell = SimpleNamespace(cell_id="Loop", code="pass", defs=set(), refs=set(), language="python")
    HERE.run = HERE.free = run = Run(session, cell, None, "run", "script")
if original:
    theirs._execution_contexts["0011aabb"] = {"execution_id": "0011aabb", "cell_id": "Loop", "cell_code": "pass", "session_id": theirs.session_id, "start_time": time.time(), "context_created_at": time.time(), "environment": "marimo"}
start = time.process_time()
for _ in range(iterations):
    body()
if original and os.path.getsize(theirs.dataframe_lineage_file) == 0:
    raise SystemExit("the original recorded nothing")
if recorded:
    HERE.run = HERE.free = None
    run.finish({}, None, None)
print((time.process_time() - start) * 1000)
"""
# What one pass of the loop records.
OPERATIONS = 18


def run(python, args, env):
    # Byte code is kept, as Python does unless told otherwise: that of the libraries was made when they were installed.
    env.pop("PYTHONDONTWRITEBYTECODE", None)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    done = subprocess.run([python, *args], env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)
    wall = (time.perf_counter() - start) * 1000
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        raise SystemExit(done.stderr)
    return done.stdout, wall, (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) * 1000


def loops(python, bootstrap, runs, source):
    found = []
    for name, rows, iterations in LOOPS:
        times = {"bare": [], "recorded": [], **({"original": []} if source else {})}
        for at in range(runs):
            for way in times:
                # Several times the bare one: needs no seven runs to be told from it.
                if way == "original" and at > 2:
                    continue
                env = {**os.environ, "LINEAGE_MCP_OFF": "1", "PYTHONPATH": bootstrap if way == "recorded" else ""}
                out, _, _ = run(python, ["-c", LOOP, str(rows), str(iterations), way, source or ""], env)
                times[way].append(float(out.strip().split("\n")[-1]))
        bare, recorded = statistics.median(times["bare"]), statistics.median(times["recorded"])
        found.append({
            "name": name, "rows": rows, "iterations": iterations, "operations": OPERATIONS * iterations, "bare_ms": round(bare, 2), "recorded_ms": round(recorded, 2),
            "overhead": round(recorded / bare - 1, 4), "us_per_operation": round((recorded - bare) * 1000 / (OPERATIONS * iterations), 2),
        })
        if source:
            theirs = statistics.median(times["original"])
            found[-1].update(original_ms=round(theirs, 2), original_overhead=round(theirs / bare - 1, 4))
    return found


def data():
    folder = tempfile.mkdtemp()
    run(sys.argv[1], ["-c", DATA, folder], dict(os.environ))
    return folder


def of_original(python, source, folder):
    """It asks for two lines in the notebook, so a copy has them."""
    with open(os.path.join(source, "packages/hunyo-mcp-server/src/hunyo_mcp_server/__init__.py")) as file:
        version = re.search(r'__version__ = "(.+)"', file.read()).group(1)
    work = tempfile.mkdtemp()
    copy = os.path.join(work, "orders.py")
    with open(os.path.join(HERE, "notebooks", "orders.py")) as file, open(copy, "w") as made:
        made.write(file.read().replace("    import pandas as pd\n", "    import pandas as pd\n    from hunyo_capture import enable_unified_tracking\n    enable_unified_tracking()\n", 1))
    env = {**os.environ, "LINEAGE_BENCH_DATA": folder, "PYTHONPATH": os.path.join(source, "packages/hunyo-capture/src"), "HUNYO_DATA_DIR": work}
    done = subprocess.run([python, copy], env=env, cwd=work, capture_output=True, text=True, check=False)
    if done.returncode:
        errors = re.findall(r"^[\w.]*?(\w+(?:Error|Exception)): ", done.stderr, re.MULTILINE)
        return {"version": version, "notebook": errors[-1] if errors else f"exit code {done.returncode}"}
    events = 0
    for where, _, names in os.walk(work):
        for name in names:
            if name.endswith(".jsonl"):
                with open(os.path.join(where, name)) as file:
                    events += sum(1 for _ in file)
    return {"version": version, "notebook": f"recorded {events} events"}


def notebooks(python, bootstrap, runs, folder):
    found = []
    for name in ("orders", "wide", "lazy"):
        path = os.path.join(HERE, "notebooks", f"{name}.py")
        walls, cpus, said = {"bare": [], "recorded": []}, {"bare": [], "recorded": []}, {"bare": set(), "recorded": set()}
        for at in range(runs + 1):
            for way in walls:
                env = {**os.environ, "LINEAGE_BENCH_DATA": folder}
                if way == "recorded":
                    env.update(PYTHONPATH=bootstrap, LINEAGE_MCP="1", LINEAGE_MCP_HOME=os.path.join(folder, "home"))
                out, wall, cpu = run(python, [path], env)
                said[way].add(out)
                # The first fills the caches.
                if at:
                    walls[way].append(wall)
                    cpus[way].append(cpu)
        (bare, recorded), (bare_cpu, recorded_cpu) = [[statistics.median(times[way]) for way in ("bare", "recorded")] for times in (walls, cpus)]
        found.append({
            "name": name, "bare_ms": round(bare, 1), "recorded_ms": round(recorded, 1), "overhead": round(recorded / bare - 1, 4), "bare_cpu_ms": round(bare_cpu, 1),
            "recorded_cpu_ms": round(recorded_cpu, 1), "cpu_overhead": round(recorded_cpu / bare_cpu - 1, 4), "same_output": said["bare"] == said["recorded"],
        })
    return found


def main(args):
    python, bootstrap = args[0], os.path.abspath(args[1])
    runs = int(args[args.index("--runs") + 1]) if "--runs" in args else 7
    only = args[args.index("--only") + 1] if "--only" in args else None
    source = os.path.abspath(args[args.index("--original") + 1]) if "--original" in args else None
    versions, _, _ = run(python, ["-c", "import sys, json; from importlib.metadata import version; print(json.dumps({'python': '%d.%d.%d' % sys.version_info[:3], **{name: version(name) for name in ('pandas', 'polars', 'marimo')}}))"], dict(os.environ))
    report = {**json.loads(versions), "runs": runs}
    if only in (None, "loops"):
        report["loops"] = loops(python, bootstrap, runs, source)
    folder = data()
    if only in (None, "notebooks"):
        report["notebooks"] = notebooks(python, bootstrap, runs, folder)
    if source:
        report["original"] = of_original(python, source, folder)
    print(json.dumps(report))


main(sys.argv[1:])
