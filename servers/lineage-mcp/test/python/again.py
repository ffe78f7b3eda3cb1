"""An app that one process runs again and again. usage: again.py ROUNDS; prints {sessions}: how many are still kept"""

import gc
import json
import sys

import marimo

app = marimo.App()


@app.cell
def load():
    import pandas as pd

    frame = pd.DataFrame({"a": [1.0, 2.0]})
    return (frame,)


@app.cell
def use(frame):
    kept = frame[frame["a"] > 1]
    return (kept,)


for _ in range(int(sys.argv[1])):
    app.run()
gc.collect()
print(json.dumps({"sessions": sum(type(each).__name__ == "Session" and "lineage_mcp" in type(each).__module__ for each in gc.get_objects())}))
