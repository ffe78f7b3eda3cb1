"""What a long loop leaves in the notebook's process. usage: growth.py ROUNDS; prints {rounds, objects, nodes, private_mb} after a third of them and at the end"""

import gc
import json
import os
import sys
import tempfile
from types import SimpleNamespace

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "python"))

import pandas as pd

from lineage_mcp_capture import pandas_hooks
from lineage_mcp_capture.nodes import HERE, NODES
from lineage_mcp_capture.runs import Run
from lineage_mcp_capture.session import Session
from lineage_mcp_capture.settings import Settings


def private_mb():
    with open("/proc/self/smaps_rollup", encoding="utf-8") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("Private_Dirty")) / 1024


def main(rounds):
    pandas_hooks.install(pd)
    session = Session(Settings(), tempfile.mkdtemp(), __file__, "script", None)
    cell = SimpleNamespace(cell_id="Grow", code="pass", defs=set(), refs=set(), language="python")
    HERE.run = HERE.free = Run(session, cell, None, "run", "script")
    source = pd.DataFrame({"a": [1.0, 2.0], "b": [3.0, 4.0]})
    carried, seen = source, []
    for at in range(1, rounds + 1):
        # The same again; carried on; another literal each time; another column each time.
        source[source["a"] > 1].sort_values("b")
        carried = carried.assign(a=carried["a"] + 1)
        source.assign(c=at)
        source.rename(columns={"a": f"a{at}"})
        if at in (rounds // 3, rounds):
            gc.collect()
            seen.append({"rounds": at, "objects": len(gc.get_objects()), "nodes": len(NODES), "private_mb": round(private_mb(), 1)})
    print(json.dumps(seen))


main(int(sys.argv[1]))
