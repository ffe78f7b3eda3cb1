"""
What a recorded notebook's process keeps over a long session. usage: kernel.py SECONDS
An app of three cells runs again and again, about once a second; prints one JSON object on stdout:
  {"rounds", "first_mb", "last_mb"}: private memory at the end of the first sixth and of the last: medians of 30 samples
"""

import gc
import json
import statistics
import sys
import time

import marimo

app = marimo.App()


@app.cell
def load():
    import numpy as np
    import pandas as pd

    orders = pd.DataFrame({"customer": np.arange(2_000) % 97, "amount": np.arange(2_000) * 0.5})
    customers = pd.DataFrame({"customer": np.arange(97), "country": ["DE", "FR"] * 48 + ["IT"]})
    return customers, orders


@app.cell
def join(customers, orders):
    joined = orders.merge(customers, on="customer", how="left")
    joined["euros"] = joined["amount"] * 1.1
    for cut in range(10):
        joined = joined[joined["amount"] >= cut].rename(columns={"euros": "euros"})
    return (joined,)


@app.cell
def summarise(joined):
    totals = joined.groupby("country").agg({"euros": "sum"}).sort_values("euros")
    return (totals,)


def private_mb():
    with open("/proc/self/smaps_rollup", encoding="utf-8") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("Private_Dirty")) / 1024


def main(seconds):
    samples, began = [], time.monotonic()
    while (past := time.monotonic() - began) < seconds:
        app.run()
        gc.collect()
        samples.append((past, private_mb()))
        time.sleep(max(0, len(samples) - (time.monotonic() - began)))
    before = lambda end: round(statistics.median([mb for at, mb in samples if at <= end][-30:]), 1)
    print(json.dumps({"rounds": len(samples), "first_mb": before(seconds / 6), "last_mb": before(seconds)}))


main(float(sys.argv[1]))
