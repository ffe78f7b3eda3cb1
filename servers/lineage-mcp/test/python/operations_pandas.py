"""One call for each operation of pandas claimed exact: what is not here is called without arguments."""

import operator

ROWS = 12


def changes(change):
    def done(v):
        change(v)
        return v.d

    return done


def calls(pd, on, name):
    """A function of the frames d (k a b c p q s t), e (k x y) and f (a b c)."""
    if (on, name) in SPECIAL:
        return lambda v: SPECIAL[on, name](v, pd)
    kind, _, method = name.rpartition(".")
    if on == "groupby":
        return lambda v: getattr(v.d.groupby("k")[["p", "q"] if method in ("any", "all") else ["a", "b"]], method)(*GROUPED.get(method, ()))
    if on in WINDOWS:
        return lambda v: getattr(getattr(v.d[["a", "b"]], kind)(*WINDOWS[on]), method)(*((0.5,) if method == "quantile" else ()))
    logical = name.strip("_") in ("and", "rand", "or", "ror", "xor", "rxor", "invert", "eq", "ne")
    if on == "DataFrame":
        one, other = (lambda v: v.d[["p", "q"]], lambda v: v.d[["q", "p"]].rename(columns={"q": "p", "p": "q"})) if logical else (lambda v: v.d[["a", "b"]], lambda v: v.f[["a", "b"]])
    else:
        one, other = (lambda v: v.d["p"], lambda v: v.d["q"]) if logical else (lambda v: v.d["a"], lambda v: v.d["b"])
    return lambda v: getattr(one(v), name)(*((other(v),) if name in BINARY else ARGUMENTS.get(name, ())))


def exists(pd, on, name):
    method = name.rpartition(".")[2]
    if (on, name) in INSIDE or on == "accessor":
        return True
    if on == "function":
        return hasattr(pd, name)
    if on == "groupby":
        return hasattr(pd.core.groupby.generic.DataFrameGroupBy, method)
    if on in WINDOWS:
        return hasattr(getattr(pd.DataFrame({"a": []}), on)(*WINDOWS[on]), method)
    return hasattr(getattr(pd, on), name)


INSIDE = {("DataFrame", name) for name in ("DataFrame", "set_item", "setitem_array")}


def _numpy(v, pd):
    import numpy

    return numpy.hypot(v.d["a"], v.d["b"])


def _square_root(v, pd):
    import numpy

    return numpy.sqrt(v.d[["a", "b"]])


WINDOWS = {"rolling": (4,), "expanding": (), "ewm": (2,)}
GROUPED = {"transform": ("sum",), "sample": (1, None, False, None, 1), "fillna": (0,), "quantile": (0.5,)}
BINARY = set()
ARGUMENTS = {
    "sample": (5, None, False, None, 1), "reindex": ([3, 1, 40],), "truncate": (2, 5), "take": ([2, 0],), "astype": (str,), "add_prefix": ("n_",), "add_suffix": ("_n",),
    "round": (-1,), "between": (30, 60), "combine_first": (), "rename": ("z",),
}
SPECIAL = {
    ("DataFrame", "DataFrame"): lambda v, pd: pd.DataFrame({"u": v.d["a"], "w": v.d["b"], "one": 1}),
    ("DataFrame", "drop"): lambda v, pd: v.d.drop(columns=["a"]), ("Series", "drop"): lambda v, pd: v.d["a"].drop([0]),
    ("DataFrame", "filter"): lambda v, pd: v.d.filter(["a", "k"]), ("DataFrame", "select_dtypes"): lambda v, pd: v.d.select_dtypes("float"),
    ("DataFrame", "rename"): lambda v, pd: v.d.rename(columns={"a": "z"}), ("DataFrame", "set_axis"): lambda v, pd: v.f.set_axis(["u", "v", "w"], axis=1),
    ("Series", "set_axis"): lambda v, pd: v.d["a"].set_axis(range(ROWS)), ("DataFrame", "drop_duplicates"): lambda v, pd: v.d.drop_duplicates(subset=["k"]),
    ("Series", "drop_duplicates"): lambda v, pd: v.d["k"].drop_duplicates(), ("Series", "duplicated"): lambda v, pd: v.d["k"].duplicated(),
    ("DataFrame", "query"): lambda v, pd: v.d.query("a > 40 and c < 80"), ("DataFrame", "sort_values"): lambda v, pd: v.d.sort_values(["k", "a"]),
    ("DataFrame", "nlargest"): lambda v, pd: v.d.nlargest(4, "c"), ("DataFrame", "nsmallest"): lambda v, pd: v.d.nsmallest(4, "c"),
    ("DataFrame", "set_index"): lambda v, pd: v.d.set_index("k"), ("DataFrame", "reset_index"): lambda v, pd: v.d.set_index("k").reset_index(),
    ("Series", "reset_index"): lambda v, pd: v.d.set_index("k")["a"].reset_index(), ("DataFrame", "merge"): lambda v, pd: v.d.merge(v.e, on="k", how="left"),
    ("DataFrame", "join"): lambda v, pd: v.d.join(v.e.set_index("k"), on="k"), ("DataFrame", "explode"): lambda v, pd: v.d.explode("s"),
    ("DataFrame", "melt"): lambda v, pd: v.d.melt(["k"], ["a", "b"]), ("DataFrame", "value_counts"): lambda v, pd: v.d.value_counts(["k"]),
    ("Series", "value_counts"): lambda v, pd: v.d["k"].value_counts(), ("DataFrame", "__getitem__"): lambda v, pd: v.d[v.d["a"] > 40],
    ("Series", "__getitem__"): lambda v, pd: v.d["b"][v.d["a"] > 40], ("Series", "combine_first"): lambda v, pd: v.d["a"].combine_first(v.d["b"]),
    ("DataFrame", "abs"): lambda v, pd: (v.f - 50).abs(), ("DataFrame", "__abs__"): lambda v, pd: abs(v.f - 50),
    ("DataFrame", "__array_ufunc__"): _square_root, ("Series", "__array_ufunc__"): _numpy,
    ("DataFrame", "set_item"): lambda v, pd: changes(lambda v: operator.setitem(v.d, "z", v.d["a"] * 2 + v.d["b"]))(v),
    ("DataFrame", "setitem_array"): lambda v, pd: changes(lambda v: operator.setitem(v.d, ["y", "z"], v.d[["a", "b"]]))(v),
    ("DataFrame", "insert"): lambda v, pd: changes(lambda v: v.d.insert(0, "z", v.d["a"]))(v), ("DataFrame", "pop"): lambda v, pd: v.d.pop("a"),
    ("DataFrame", "loc"): lambda v, pd: v.d.loc[v.d["a"] > 40, ["b", "c"]], ("Series", "loc"): lambda v, pd: v.d["a"].loc[2:5],
    ("DataFrame", "iloc"): lambda v, pd: v.d.iloc[2:5], ("Series", "iloc"): lambda v, pd: v.d["a"].iloc[2:5],
    ("accessor", "str"): lambda v, pd: v.d["s"].str.upper().str[:2].str.len(), ("accessor", "dt"): lambda v, pd: v.d["t"].dt.floor("h").dt.hour,
    ("function", "merge"): lambda v, pd: pd.merge(v.d, v.e, on="k"), ("function", "merge_ordered"): lambda v, pd: pd.merge_ordered(v.d, v.e, on="k"),
    ("function", "concat"): lambda v, pd: pd.concat([v.d, v.e]), ("function", "melt"): lambda v, pd: pd.melt(v.d, ["k"], ["a", "b"]),
    ("function", "cut"): lambda v, pd: pd.cut(v.d["a"], 3).astype(str), ("function", "qcut"): lambda v, pd: pd.qcut(v.d["c"], 3, False),
    ("function", "to_datetime"): lambda v, pd: pd.to_datetime(v.d["c"], unit="D"), ("function", "to_numeric"): lambda v, pd: pd.to_numeric(v.d["c"].astype(str)),
    ("function", "to_timedelta"): lambda v, pd: pd.to_timedelta(v.d["c"], unit="D"), ("function", "isna"): lambda v, pd: pd.isna(v.d["a"]), ("function", "notna"): lambda v, pd: pd.notna(v.d["a"]),
    ("groupby", "groupby.idxmin"): lambda v, pd: v.d.groupby("k")[["c"]].idxmin(), ("groupby", "groupby.idxmax"): lambda v, pd: v.d.groupby("k")[["c"]].idxmax(),
    ("groupby", "groupby.agg"): lambda v, pd: v.d.groupby("k").agg(m=("a", "max"), n=("b", "count")),
    ("groupby", "groupby.aggregate"): lambda v, pd: v.d.groupby("k").aggregate({"a": "sum", "b": ["min", "max"]}),
}
# More ways to call them: whatever is called exact must be.
VARIANTS = {
    "groups rolling": lambda v, pd: v.d.groupby("k")[["a"]].rolling(3).sum(), "groups expanding": lambda v, pd: v.d.groupby("k")["c"].expanding().max(),
    "groups ewm": lambda v, pd: v.d.groupby("k")[["a"]].ewm(2).mean(), "groups resample": lambda v, pd: v.d.set_index("t").groupby("k")[["c"]].resample("YS").sum(),
    "rolling on time": lambda v, pd: v.d.sort_values("t").rolling("900D", on="t")[["c"]].sum(), "rolling corr of another": lambda v, pd: v.d["a"].rolling(4).corr(v.d["b"]),
    "resample": lambda v, pd: v.d.set_index("t").resample("YS")["c"].sum(), "resample on": lambda v, pd: v.d.resample("YS", on="t")[["c"]].sum(),
    "sort by key": lambda v, pd: v.d.sort_values("a", key=lambda s: -s), "sort by index name": lambda v, pd: v.d.set_index("k").sort_values(["k", "a"]),
    "sort index": lambda v, pd: v.d.set_index("k").sort_index(), "filter like": lambda v, pd: v.f.filter(like="a"), "reindex columns": lambda v, pd: v.f.reindex(columns=["a", "new"]),
    "reindex by another": lambda v, pd: v.f.reindex(v.d["c"]), "drop rows": lambda v, pd: v.f.drop(index=[0]), "merge by two names": lambda v, pd: v.d.rename(columns={"k": "j"}).merge(v.e, left_on="j", right_on="k", how="left"),
    "merge all ways": lambda v, pd: v.d.merge(v.e, on="k", how="outer", indicator=True), "merge right": lambda v, pd: v.d.merge(v.e, on="k", how="right"),
    "merge by index": lambda v, pd: v.d.merge(v.e.set_index("k"), left_on="k", right_index=True), "merge both indexes": lambda v, pd: v.d.set_index("k").merge(v.e.set_index("k"), left_index=True, right_index=True),
    "merge same names": lambda v, pd: v.d.merge(v.f, left_index=True, right_index=True, suffixes=("", "_f")), "merge crossed": lambda v, pd: v.e.merge(v.e, how="cross"),
    "merge_asof": lambda v, pd: pd.merge_asof(v.d.sort_values("c"), v.e.sort_values("k"), left_on="c", right_on="k"), "join index": lambda v, pd: v.d.set_index("k").join(v.e.set_index("k")),
    "join two": lambda v, pd: v.f.add_prefix("f_").join([v.d[["a"]], v.e[["x"]]]), "concat columns": lambda v, pd: pd.concat([v.d[["a"]], v.e[["x"]]], axis=1), "concat keys": lambda v, pd: pd.concat({"one": v.d, "two": v.f}),
    "concat series": lambda v, pd: pd.concat([v.d["a"], v.d["b"]]), "concat ignore": lambda v, pd: pd.concat([v.d, v.f], ignore_index=True, join="inner"),
    "groupby list": lambda v, pd: v.d.groupby(["k", "p"], as_index=False)["a"].sum(), "groupby series": lambda v, pd: v.d.groupby(v.d["c"] % 7)["a"].sum(), "groupby level": lambda v, pd: v.d.set_index("k").groupby(level="k")["a"].sum(),
    "groupby size": lambda v, pd: v.d.groupby("k").size().reset_index(name="n"), "groupby agg list": lambda v, pd: v.d.groupby("k")["a"].agg(["min", "max"]), "groupby agg function": lambda v, pd: v.d.groupby("k").agg({"a": lambda s: s.sum()}),
    "groupby apply": lambda v, pd: v.d.groupby("k")[["a", "b"]].apply(lambda g: g.sum()), "groupby transform function": lambda v, pd: v.d.groupby("k")["a"].transform(lambda s: s - s.mean()),
    "groupby of a mask": lambda v, pd: v.d[v.d["p"]].groupby("k")["a"].mean(), "groupby cut": lambda v, pd: v.d.groupby(pd.cut(v.d["c"], 3), observed=False)["a"].sum(), "nth": lambda v, pd: v.d.groupby("k").nth(0),
    "item of a mask": lambda v, pd: v.d[v.d["p"] & ~v.d["q"]][["a", "s"]], "mask of frame": lambda v, pd: v.f[v.f > 30], "where": lambda v, pd: v.d["a"].where(v.d["p"], v.d["b"]), "mask": lambda v, pd: v.f.mask(v.f > 30, 0),
    "fillna with": lambda v, pd: v.d["a"].fillna(v.d["b"]), "fillna frame": lambda v, pd: v.d[["a", "b"]].fillna(v.f), "map of": lambda v, pd: v.d["k"].map(v.e.set_index("k")["x"]), "isin of": lambda v, pd: v.d["k"].isin(v.e["k"]),
    "replace": lambda v, pd: v.d.replace({"k": {1: 9}}), "clip": lambda v, pd: v.d["a"].clip(upper=v.d["b"]), "assign mean": lambda v, pd: v.d.assign(z=v.d["a"] / v.d["b"].mean()), "assign list": lambda v, pd: v.d.assign(z=v.d["a"].tolist()),
    "assign array": lambda v, pd: v.d.assign(z=v.d["a"].to_numpy() * 2), "assign two": lambda v, pd: v.d.assign(z=lambda x: x["a"] + 1, w=lambda x: x["z"] * x["b"]), "set located": lambda v, pd: _located(v), "set by index": lambda v, pd: _by_index(v),
    "eval": lambda v, pd: v.d.eval("z = a + b"), "pipe": lambda v, pd: v.d.pipe(lambda x: x[x["a"] > 3]), "str cat": lambda v, pd: v.d["s"].str.cat(v.d["s"].shift(1), na_rep="-"), "str split": lambda v, pd: v.d["s"].str.split("a", expand=True),
    "str of another": lambda v, pd: v.d["s"].str.cat(v.d["k"].astype(str)), "pivot_table": lambda v, pd: v.d.pivot_table("a", "k", "p"), "stack": lambda v, pd: v.f.stack(), "transpose": lambda v, pd: v.f.T, "mean across": lambda v, pd: v.f.mean(axis=1),
    "sum across some": lambda v, pd: v.d[["a", "c"]].sum(axis=1), "round each": lambda v, pd: v.f.round({"a": 0}), "astype each": lambda v, pd: v.d.astype({"k": "str"}), "shift by group": lambda v, pd: v.d.groupby("k")["a"].shift(1), "diff": lambda v, pd: v.f.diff(axis=1),
    "shift across": lambda v, pd: v.f.shift(1, axis=1), "cumsum across": lambda v, pd: v.f.cumsum(axis=1), "rank across": lambda v, pd: v.f.rank(axis=1), "pct across": lambda v, pd: v.f.pct_change(axis=1), "sort across": lambda v, pd: v.f.sort_values(0, axis=1),
    "dropna columns": lambda v, pd: v.d[["k", "a"]].dropna(axis=1, thresh=2), "drop duplicates all": lambda v, pd: v.d[["k", "p"]].drop_duplicates(), "explode lists": lambda v, pd: v.d.assign(z=v.d["s"].str.findall("a")).explode("z"),
    "melt all": lambda v, pd: v.f.melt(), "set index two": lambda v, pd: v.d.set_index(["k", "p"]).reset_index("p"), "set index series": lambda v, pd: v.d.set_index(v.d["k"] * 2), "rename function": lambda v, pd: v.d.rename(columns=str.upper),
    "value_counts normal": lambda v, pd: v.d["k"].value_counts(normalize=True), "frame of frames": lambda v, pd: pd.DataFrame({"a": v.d["a"], "x": v.f["a"] * v.d["k"]}), "frame of a frame": lambda v, pd: pd.DataFrame(v.f), "numpy where": lambda v, pd: _where(v),
    "add series to frame": lambda v, pd: v.f.add(v.d["k"], axis=0), "frame minus mean": lambda v, pd: v.f - v.f.mean(), "div rows": lambda v, pd: v.f.div(v.f.sum(axis=1), axis=0), "fill value": lambda v, pd: v.d["a"].add(v.d["b"], fill_value=0),
    "swap": lambda v, pd: _swapped(v), "columns set": lambda v, pd: _renamed(v, ["b", "a", "c"]), "columns set anew": lambda v, pd: _renamed(v, ["x", "a", "z"]), "index set": lambda v, pd: _indexed(v), "rolling of groups of a function": lambda v, pd: v.d.groupby(v.d["c"] % 3)["a"].rolling(2).sum(), "sort in place": lambda v, pd: _sorted(v), "update": lambda v, pd: _updated(v), "insert scalar": lambda v, pd: changes(lambda v: v.d.insert(0, "z", 1))(v),
    "get_dummies": lambda v, pd: pd.get_dummies(v.d["p"]), "crosstab": lambda v, pd: pd.crosstab(v.d["k"], v.d["p"]), "nlargest of": lambda v, pd: v.d["c"].nlargest(3), "sample weights": lambda v, pd: v.d.sample(4, weights="c", random_state=1),
    "head of groups": lambda v, pd: v.d.groupby("k").head(1), "filter groups": lambda v, pd: v.d.groupby("k").filter(lambda g: g["a"].sum() > 100), "first of": lambda v, pd: v.d.groupby("k", as_index=False).first(), "iloc columns": lambda v, pd: v.d.iloc[:, [0, 2]],
    "loc mask one": lambda v, pd: v.d.loc[v.d["c"] > 30, "a"], "xs": lambda v, pd: v.d.set_index("k").xs(1), "case_when": lambda v, pd: v.d["a"].case_when([(v.d["p"], 0), (v.d["q"], v.d["b"])]), "interpolate": lambda v, pd: v.d["a"].interpolate(), "combine": lambda v, pd: v.d["a"].combine(v.d["b"], max),
    "align": lambda v, pd: v.d["a"].align(v.e["x"])[0], "between series": lambda v, pd: v.d["c"].between(v.d["a"], v.d["b"]), "cut labels": lambda v, pd: pd.cut(v.d["c"], [0, 50, 100], labels=["low", "high"]).astype(str),
    "to_datetime of frame": lambda v, pd: pd.to_datetime(pd.DataFrame({"year": 2000 + v.d["k"], "month": 1, "day": 1})), "rolling apply": lambda v, pd: v.d["a"].rolling(2).apply(lambda x: x.sum()), "rolling agg": lambda v, pd: v.d[["a", "b"]].rolling(2).agg({"a": "sum"}),
}


def _located(v):
    v.d.loc[v.d["p"], "a"] = v.d["b"]
    return v.d


def _by_index(v):
    v.d.iloc[2:4, 1] = 5
    return v.d


def _where(v):
    import numpy

    v.d["z"] = numpy.where(v.d["p"], v.d["a"], 0)
    return v.d


def _swapped(v):
    v.d[["a", "b"]] = v.d[["b", "a"]]
    return v.d


def _renamed(v, names):
    v.f.columns = names
    return v.f.assign(w=v.f["a"])


def _indexed(v):
    v.f.index = v.d["k"]
    return v.f


def _sorted(v):
    v.d.sort_values("c", inplace=True)
    v.d.reset_index(drop=True, inplace=True)
    return v.d


def _updated(v):
    v.d.update(v.f)
    return v.d
