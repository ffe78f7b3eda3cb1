"""
Random pipelines whose column provenance is known by construction, against what was recorded.
usage: ground_truth.py LIBRARY COUNT SEED [REPEATS], each pipeline that often in one cell; prints JSON {pipelines, exact, inferred, coarse, wrong: […]}
"""

import json
import os
import random
import sys
import tempfile
from types import SimpleNamespace

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "python"))


class Made:
    """A frame and the truth: {column: set of (source, column)}."""

    def __init__(self, frame, truth):
        self.frame = frame
        self.truth = truth


def sources(rng, make, rows=24):
    found = []
    for at in range(rng.randint(1, 3)):
        columns = {"k": [rng.randint(0, 5) for _ in range(rows)]}
        for name in rng.sample("abcdefgh", rng.randint(2, 5)):
            columns[f"{name}{at}"] = [rng.randint(0, 99) for _ in range(rows)]
        found.append((f"s{at}", make(columns), list(columns)))
    return found


def values(truth):
    return [name for name in truth if name != "k"]


def pandas_steps(pd):
    def projection(rng, one, others):
        names = rng.sample(list(one.truth), rng.randint(max(1, len(one.truth) - 2), len(one.truth)))
        if "k" in one.truth and "k" not in names:
            names.append("k")
        return Made(one.frame[names], {name: one.truth[name] for name in names})

    def rename(rng, one, others):
        name = rng.choice(values(one.truth))
        new = f"{name}_r{rng.randint(0, 999)}"
        return Made(one.frame.rename(columns={name: new}), {new if each == name else each: source for each, source in one.truth.items()})

    def mask(rng, one, others):
        name = rng.choice(values(one.truth))
        return Made(one.frame[one.frame[name] > rng.randint(0, 30)], dict(one.truth))

    def query(rng, one, others):
        name = rng.choice(values(one.truth))
        return Made(one.frame.query(f"`{name}` >= {rng.randint(0, 30)}"), dict(one.truth))

    def assign(rng, one, others):
        a, b = rng.choice(values(one.truth)), rng.choice(values(one.truth))
        new = f"n{rng.randint(0, 999)}"
        return Made(one.frame.assign(**{new: lambda d: d[a] * 2 + d[b]}), {**one.truth, new: one.truth[a] | one.truth[b]})

    def set_item(rng, one, others):
        a, b = rng.choice(values(one.truth)), rng.choice(values(one.truth))
        target = rng.choice([a, f"z{rng.randint(0, 999)}"])
        frame = one.frame.copy()
        frame[target] = frame[a] - frame[b] / 3
        return Made(frame, {**one.truth, target: one.truth[a] | one.truth[b]})

    def constant(rng, one, others):
        frame = one.frame.copy()
        frame["fixed"] = 7
        return Made(frame, {**one.truth, "fixed": set()})

    def window(rng, one, others):
        a = rng.choice(values(one.truth))
        new = f"w{rng.randint(0, 999)}"
        series = rng.choice([lambda s: s.shift(1), lambda s: s.cumsum(), lambda s: s.rank(), lambda s: s.rolling(3).mean(), lambda s: s.diff().abs()])(one.frame[a])
        return Made(one.frame.assign(**{new: series}), {**one.truth, new: one.truth[a]})

    def sort(rng, one, others):
        return Made(one.frame.sort_values(rng.choice(list(one.truth))), dict(one.truth))

    def head(rng, one, others):
        return Made(one.frame.head(20), dict(one.truth))

    def drop(rng, one, others):
        if len(one.truth) < 4:
            return one
        name = rng.choice(values(one.truth))
        return Made(one.frame.drop(columns=[name]), {each: source for each, source in one.truth.items() if each != name})

    def dedupe(rng, one, others):
        return Made(one.frame.drop_duplicates(subset=["k"]) if "k" in one.truth else one.frame.drop_duplicates(), dict(one.truth))

    def merge(rng, one, others):
        other = rng.choice(others)
        if "k" not in one.truth or "k" not in other.truth:
            return one
        how = rng.choice(["left", "inner", "outer", "right"])
        right = other.frame.drop_duplicates(subset=["k"])
        made = one.frame.merge(right, on="k", how=how)
        key = set()
        if how != "right":
            key |= one.truth["k"]
        if how in ("right", "outer"):
            key |= other.truth["k"]
        truth = {}
        for name in one.truth:
            truth[f"{name}_x" if name in other.truth and name != "k" else name] = one.truth[name]
        for name in other.truth:
            if name != "k":
                truth[f"{name}_y" if name in one.truth else name] = other.truth[name]
        truth["k"] = key
        return Made(made, truth)

    def concat(rng, one, others):
        other = rng.choice(others)
        truth = {name: set(one.truth.get(name, set())) | set(other.truth.get(name, set())) for name in [*one.truth, *[each for each in other.truth if each not in one.truth]]}
        return Made(pd.concat([one.frame, other.frame], ignore_index=True), truth)

    def group(rng, one, others):
        if "k" not in one.truth:
            return one
        names = rng.sample(values(one.truth), rng.randint(1, min(3, len(values(one.truth)))))
        form = rng.randint(0, 2)
        if form == 0:
            made = one.frame.groupby("k")[names].sum().reset_index()
            return Made(made, {"k": one.truth["k"], **{name: one.truth[name] for name in names}})
        if form == 1:
            spec = {f"g_{name}": (name, rng.choice(["sum", "max", "mean"])) for name in names}
            made = one.frame.groupby("k", as_index=False).agg(**spec)
            return Made(made, {"k": one.truth["k"], **{f"g_{name}": one.truth[name] for name in names}})
        made = one.frame.groupby("k").agg({name: "max" for name in names}).reset_index()
        return Made(made, {"k": one.truth["k"], **{name: one.truth[name] for name in names}})

    def transform(rng, one, others):
        if "k" not in one.truth:
            return one
        name = rng.choice(values(one.truth))
        frame = one.frame.copy()
        frame["t"] = frame.groupby("k")[name].transform("sum")
        return Made(frame, {**one.truth, "t": one.truth[name]})

    def fill(rng, one, others):
        return Made(one.frame.fillna(0), dict(one.truth))

    def melt(rng, one, others):
        if "k" not in one.truth or "k_" in one.truth or len(values(one.truth)) < 2 or "variable" in one.truth:
            return one
        made = one.frame.melt(id_vars=["k"]).rename(columns={"value": "m"}).drop(columns=["variable"])
        return Made(made, {"k": one.truth["k"], "m": set().union(*[one.truth[name] for name in values(one.truth)])})

    def scalar(rng, one, others):
        a, b = rng.choice(values(one.truth)), rng.choice(values(one.truth))
        frame = one.frame.copy()
        frame["share"] = frame[a] / frame[b].sum()
        return Made(frame, {**one.truth, "share": one.truth[a] | one.truth[b]})

    def located(rng, one, others):
        a, b = rng.choice(values(one.truth)), rng.choice(values(one.truth))
        frame = one.frame.copy()
        frame.loc[frame[a] > 50, b] = 0
        return Made(frame, {**one.truth, b: one.truth[a] | one.truth[b]})

    def listed(rng, one, others):
        a = rng.choice(values(one.truth))
        frame = one.frame.copy()
        frame["listed"] = [value + 1 for value in frame[a].tolist()]
        return Made(frame, {**one.truth, "listed": one.truth[a]})

    return [projection, rename, mask, query, assign, assign, set_item, constant, window, sort, head, drop, dedupe, merge, merge, concat, group, transform, fill, melt, scalar, located, listed]


def polars_steps(pl):
    def eager(frame):
        return frame.collect() if isinstance(frame, pl.LazyFrame) else frame

    def select(rng, one, others):
        names = rng.sample(list(one.truth), rng.randint(max(1, len(one.truth) - 2), len(one.truth)))
        if "k" in one.truth and "k" not in names:
            names.append("k")
        return Made(one.frame.select([pl.col(name) for name in names]), {name: one.truth[name] for name in names})

    def with_columns(rng, one, others):
        a, b = rng.choice(values(one.truth)), rng.choice(values(one.truth))
        new = f"n{rng.randint(0, 999)}"
        expr = rng.choice([pl.col(a) * 2 + pl.col(b), pl.when(pl.col(a) > 10).then(pl.col(b)).otherwise(0), pl.col(a).cum_sum() + pl.col(b).shift(1), (pl.col(a) - pl.col(b)).abs()])
        return Made(one.frame.with_columns(expr.alias(new)), {**one.truth, new: one.truth[a] | one.truth[b]})

    def over(rng, one, others):
        if "k" not in one.truth:
            return one
        a = rng.choice(values(one.truth))
        return Made(one.frame.with_columns(o=pl.col(a).sum().over("k")), {**one.truth, "o": one.truth[a] | one.truth["k"]})

    def constant(rng, one, others):
        return Made(one.frame.with_columns(pl.lit(7).alias("fixed")), {**one.truth, "fixed": set()})

    def mask(rng, one, others):
        return Made(one.frame.filter(pl.col(rng.choice(values(one.truth))) > rng.randint(0, 30)), dict(one.truth))

    def rename(rng, one, others):
        name = rng.choice(values(one.truth))
        new = f"{name}_r{rng.randint(0, 999)}"
        return Made(one.frame.rename({name: new}), {new if each == name else each: source for each, source in one.truth.items()})

    def sort(rng, one, others):
        return Made(one.frame.sort(rng.choice(list(one.truth))), dict(one.truth))

    def drop(rng, one, others):
        if len(one.truth) < 4:
            return one
        name = rng.choice(values(one.truth))
        return Made(one.frame.drop(name), {each: source for each, source in one.truth.items() if each != name})

    def group(rng, one, others):
        if "k" not in one.truth:
            return one
        names = rng.sample(values(one.truth), rng.randint(1, min(3, len(values(one.truth)))))
        made = one.frame.group_by("k").agg([pl.col(name).max().alias(f"g_{name}") for name in names])
        return Made(made, {"k": one.truth["k"], **{f"g_{name}": one.truth[name] for name in names}})

    def join(rng, one, others):
        other = rng.choice(others)
        if "k" not in one.truth or "k" not in other.truth:
            return one
        made = eager(one.frame).join(eager(other.frame).unique(subset=["k"]), on="k", how=rng.choice(["left", "inner"]))
        truth = dict(one.truth)
        for name in other.truth:
            if name != "k":
                truth[f"{name}_right" if name in one.truth else name] = other.truth[name]
        return Made(made, truth) if set(made.columns) == set(truth) else one

    def concat(rng, one, others):
        other = rng.choice(others)
        truth = {name: set(one.truth.get(name, set())) | set(other.truth.get(name, set())) for name in [*one.truth, *[each for each in other.truth if each not in one.truth]]}
        return Made(pl.concat([eager(one.frame), eager(other.frame)], how="diagonal_relaxed"), truth)

    def lazy(rng, one, others):
        return Made(one.frame.lazy(), dict(one.truth))

    def collect(rng, one, others):
        return Made(eager(one.frame), dict(one.truth))

    def everything(rng, one, others):
        return Made(one.frame.with_columns(pl.all().cast(pl.Float64)), dict(one.truth))

    def series(rng, one, others):
        a, b = rng.choice(values(one.truth)), rng.choice(values(one.truth))
        frame = eager(one.frame)
        return Made(frame.with_columns((frame[a] * 2 + frame[b]).alias("s")), {**one.truth, "s": one.truth[a] | one.truth[b]})

    def listed(rng, one, others):
        a = rng.choice(values(one.truth))
        frame = eager(one.frame)
        return Made(frame.with_columns(pl.Series("listed", frame[a].to_list())), {**one.truth, "listed": one.truth[a]})

    return [select, with_columns, with_columns, over, constant, mask, rename, sort, drop, group, join, join, concat, lazy, lazy, collect, everything, series, listed]


def run(library, count, seed, repeats):
    from lineage_mcp_capture import pandas_hooks, polars_hooks
    from lineage_mcp_capture.nodes import HERE, NODES
    from lineage_mcp_capture.interpret import prov_of
    from lineage_mcp_capture.kinds import kind_of
    from lineage_mcp_capture.openlineage import output_dataset
    from lineage_mcp_capture.runs import Run, _schema
    from lineage_mcp_capture.session import Session
    from lineage_mcp_capture.settings import Settings

    if library == "pandas":
        import pandas as pd

        pandas_hooks.install(pd)
        make, steps = pd.DataFrame, pandas_steps(pd)
    else:
        import polars as pl

        polars_hooks.install(pl)
        make, steps = pl.DataFrame, polars_steps(pl)
    session = Session(Settings(), tempfile.mkdtemp(), __file__, "script", None)
    tally = {"exact": 0, "inferred": 0, "coarse": 0}
    by_step = {}
    wrong = []
    failures = counted = 0
    for at in range(count):
        rng = random.Random(f"{library}-{seed}-{at}")
        cell = SimpleNamespace(cell_id="Grnd", code="pass", defs=set(), refs=set(), language="python")
        HERE.run = HERE.free = None
        made = []
        for name, frame, columns in sources(rng, make):
            made.append(Made(frame, {column: {(name, column)} for column in columns}))
        HERE.run = HERE.free = run_ = Run(session, cell, None, "run", "script")
        for index, one in enumerate(made):
            from lineage_mcp_capture.slim import node_for

            node = node_for(one.frame, kind_of(one.frame))
            node.leaf = ("inmemory://", f"s{index}")
            node.flags = 0
        state = rng.getstate()
        for _ in range(repeats):
            rng.setstate(state)
            current, used = made[0], []
            for _ in range(rng.randint(2, 8)):
                step = rng.choice(steps)
                if not values(current.truth):
                    break
                try:
                    current = step(rng, current, made)
                    used.append(step.__name__)
                except Exception as error:
                    used.append(f"{step.__name__}! {type(error).__name__} {error}"[:80])
        if library == "polars" and type(current.frame).__name__ == "LazyFrame":
            current = Made(current.frame.collect(), current.truth)
        HERE.run = HERE.free = None
        run_.flush_ops()
        failures += run_.failures
        counted += sum(repeat.count for shape in run_.shapes.values() for repeat in shape.repeats.values())
        node = NODES.get(current.frame)
        # What is written, not what was meant.
        facets = output_dataset(("inmemory://", "made"), _schema(current.frame, kind_of(current.frame)), prov_of(node), None, None, None)["facets"]
        fields, doubts = facets.get("columnLineage", {}).get("fields", {}), facets["lineageMcp_confidence"]["columns"]
        for column, truth in current.truth.items():
            said = {(field["name"], field["field"]) for field in fields.get(column, {}).get("inputFields", ())}
            level = doubts.get(column, "exact")
            tally[level] += 1
            for step in used:
                by_step.setdefault(step.split("!")[0], {"exact": 0, "inferred": 0, "coarse": 0})[level] += 1
            if level == "exact" and said != truth:
                wrong.append({"pipeline": at, "steps": used, "column": column, "said": sorted(said), "truth": sorted(truth)})
            if level != "exact" and not truth <= said and level == "inferred" and os.environ.get("STRICT"):
                wrong.append({"pipeline": at, "steps": used, "column": column, "inferred": True, "said": sorted(said), "truth": sorted(truth)})
    print(json.dumps({"library": library, "pipelines": count, "failures": failures, "counted": counted, **tally, "wrong": wrong[:10], "wrong_count": len(wrong), "by_step": by_step}))


run(sys.argv[1], int(sys.argv[2]), sys.argv[3], int(sys.argv[4]) if len(sys.argv) > 4 else 1)
