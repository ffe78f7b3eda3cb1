import marimo

app = marimo.App()


@app.cell
def start():
    import gc
    import os
    import pickle
    import sys
    import threading
    import warnings

    import pandas as pd

    return gc, os, pickle, pd, sys, threading, warnings


@app.cell
def strange(pd):
    class Strange(pd.DataFrame):
        @property
        def _constructor(self):
            return Strange

        def __getattr__(self, name):
            if name.startswith("boo"):
                raise RuntimeError(name)
            return super().__getattr__(name)

        def __len__(self):
            return 3

        def __eq__(self, other):
            raise ValueError("not comparable")

        __hash__ = None

    odd = Strange({"a": [1, 2, 3], "b": [4, 5, 6]})
    kept = odd[odd["a"] > 1].assign(c=lambda d: d["a"] + d["b"])
    try:
        odd.boo
    except RuntimeError as error:
        print("getattr", error)
    try:
        odd == odd
    except ValueError as error:
        print("eq", error)
    print(type(kept).__name__, list(kept.columns), kept["c"].tolist())
    return (odd,)


@app.cell
def labels(pd):
    class Label:
        def __str__(self):
            raise RuntimeError("no text")

        def __repr__(self):
            return "label"

        def __hash__(self):
            return 7

        def __eq__(self, other):
            return self is other

    one = Label()
    named = pd.DataFrame({one: [1, 2], "x" * 1_000_000: [3, 4]})
    print(named[one].sum(), named["x" * 1_000_000].sum(), len(named.rename(columns={one: "ok"}).columns))
    surrogate = pd.DataFrame({"\ud800": [1], "\0": [2], (1, ("a", None)): [3], float("nan"): [4]})
    print(surrogate.sum(axis=1).tolist(), surrogate.shape)
    return


@app.cell
def wide(pd):
    broad = pd.DataFrame({f"c{at}": [at] for at in range(10_000)})
    print(broad.assign(z=1).sum(axis=1).tolist(), broad.T.shape)
    return


@app.cell
def pickled(pickle, pd):
    again = pickle.loads(pickle.dumps(pd.DataFrame({"a": [1]})))
    print(again.merge(again, on="a").shape, pickle.loads(pickle.dumps(pd.DataFrame.merge)) is pd.DataFrame.merge)
    return


@app.cell
def threaded(pd, threading):
    results = [None] * 4

    def work(at):
        frame = pd.DataFrame({"a": range(at + 1)})
        for _ in range(20):
            frame = frame.assign(b=frame["a"] + 1)
        results[at] = int(frame["b"].sum())

    workers = [threading.Thread(target=work, args=(at,)) for at in range(4)]
    [each.start() for each in workers]
    [each.join() for each in workers]
    print(results)
    return


@app.cell
def deep(pd, sys):
    base = pd.DataFrame({"a": [1]})

    def down(depth):
        try:
            return down(depth + 1)
        except RecursionError:
            return base.head(1).shape

    print(down(0), sys.getrecursionlimit())
    return


@app.cell
def uncollected(gc, pd):
    gc.disable()
    looped = pd.DataFrame({"a": [1.0]})
    for _ in range(400):
        looped = looped + 1
    print(looped["a"].tolist(), gc.isenabled())
    gc.enable()
    return


@app.cell
def forked(os, pd):
    before = pd.DataFrame({"a": [1, 2]})
    child = os.fork()
    if child == 0:
        code = int(before.assign(b=before["a"] * 2)["b"].sum())
        os._exit(code)
    print("child", os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), before["a"].sum())
    if os.fork() == 0:
        import atexit

        for _at in range(600):
            before = before.assign(c=_at)
        atexit._run_exitfuncs()
        os._exit(0)
    os.wait()
    return


@app.cell
def warned(pd, warnings):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        pd.DataFrame({"a": [1]}).sum(numeric_only=True)
        warnings.warn("mine", UserWarning, stacklevel=1)
    print([(each.category.__name__, str(each.message)) for each in caught])
    return


@app.cell
def described(pd, pickle):
    import copy
    import inspect

    for of in (pd.DataFrame.merge, pd.DataFrame.query, pd.DataFrame({"a": [1]}).sum, pd.concat, pd.Series.rename, pd.DataFrame):
        says = inspect.signature(of)
        same = [copy.copy(says), copy.deepcopy(says.replace()), pickle.loads(pickle.dumps(inspect.signature(pd.DataFrame.head)))]
        print(says, repr(says)[:40], says == inspect.signature(of), hash(says.replace()) == hash(says), [str(each)[:60] for each in same])
    print(inspect.getfullargspec(pd.DataFrame.drop).args, inspect.signature(pd.DataFrame.head).bind(None, n=3).arguments)
    return


@app.cell
def patched(pd):
    original = pd.DataFrame.head
    pd.DataFrame.head = lambda self, n=5: "mine"
    print(pd.DataFrame({"a": [1]}).head())
    pd.DataFrame.head = original
    print(pd.DataFrame({"a": [1]}).head().shape)
    return


@app.cell
def gone(pd, sys):
    for name in [name for name in sys.modules if name.startswith("lineage_mcp_capture")]:
        del sys.modules[name]
    print(pd.DataFrame({"a": [1, 2]}).query("a > 1").shape)
    return


@app.cell
def last(pd):
    print(int(pd.DataFrame({"a": [1, 2]})["a"].sum()))
    raise KeyError("the end")


if __name__ == "__main__":
    app.run()
