"""One call for each operation of polars claimed exact: what is not here is called without arguments."""

BINARY = set()


def calls(pl, on, name):
    """A function of the frames d (k a b c p q s t), e (k x y) and f (a b c)."""
    if (on, name) in SPECIAL:
        return lambda v: SPECIAL[on, name](v, pl)
    method = name.rpartition(".")[2]
    if on == "group_by":
        return lambda v: getattr(v.d.select("k", "a", "c").group_by("k", maintain_order=True), method)(*((0.5,) if method == "quantile" else ()))
    if on == "frame":
        return lambda v: getattr(v.f, name)(*ARGUMENTS.get(name, ()))
    logical = name.strip("_") in ("and", "rand", "or", "ror", "xor", "rxor", "invert", "eq", "ne")
    one, other = (lambda v: v.d["p"], lambda v: v.d["q"]) if logical else (lambda v: v.d["c"] % 5 + 1, lambda v: v.d["k"] + 1) if name in BINARY else (lambda v: v.d["a"], None)
    return lambda v: getattr(one(v), name)(*((other(v),) if name in BINARY else ARGUMENTS.get(name, ())))


def exists(pl, on, name):
    method = name.rpartition(".")[2]
    if on == "function":
        return hasattr(pl, name)
    if on == "group_by":
        return hasattr(pl.DataFrame({"a": []}).group_by("a"), method)
    if on == "Series":
        return name in pl.Series.__dict__
    return name == "DataFrame" or name in pl.DataFrame.__dict__ or name in pl.LazyFrame.__dict__


ARGUMENTS = {
    "rename": ("z",), "alias": ("z",), "cast": (str,), "round": (0,), "slice": (2, 5), "fill_null": (0,), "fill_nan": (0,), "shift": (1,), "gather_every": (3,), "limit": (4,), "quantile": (0.5,),
}
SPECIAL = {
    ("frame", "lazy"): lambda v, pl: v.f.lazy().collect(), ("frame", "insert_column"): lambda v, pl: v.d.insert_column(0, v.f["a"].alias("z")), ("frame", "replace_column"): lambda v, pl: v.d.replace_column(0, v.f["a"].alias("z")),
    ("frame", "DataFrame"): lambda v, pl: pl.DataFrame({"u": v.d["a"], "w": v.d["b"]}), ("frame", "select"): lambda v, pl: v.d.select("k", pl.col("a") * 2, z=pl.col("b") + pl.col("c")),
    ("frame", "select_seq"): lambda v, pl: v.d.select_seq("k", pl.col("a") * 2), ("frame", "with_columns"): lambda v, pl: v.d.with_columns((pl.col("a") + pl.col("b")).alias("z"), one=pl.lit(1)),
    ("frame", "with_columns_seq"): lambda v, pl: v.d.with_columns_seq(z=pl.col("a") + pl.col("b")), ("frame", "filter"): lambda v, pl: v.d.filter(pl.col("a") > 40, pl.col("c") < 80),
    ("frame", "remove"): lambda v, pl: v.d.remove(pl.col("a") > 40), ("frame", "sort"): lambda v, pl: v.d.sort("k", pl.col("c") * 2), ("frame", "top_k"): lambda v, pl: v.d.top_k(4, by="c"), ("frame", "bottom_k"): lambda v, pl: v.d.bottom_k(4, by="c"),
    ("frame", "sample"): lambda v, pl: v.f.sample(4, seed=1), ("frame", "drop"): lambda v, pl: v.d.drop("a"), ("frame", "slice"): lambda v, pl: v.f.slice(2, 5), ("frame", "rename"): lambda v, pl: v.d.rename({"a": "z"}),
    ("frame", "unique"): lambda v, pl: v.d.unique(["k"], keep="first", maintain_order=True), ("frame", "cast"): lambda v, pl: v.f.cast(pl.String), ("frame", "explode"): lambda v, pl: v.d.with_columns(z=pl.col("s").str.split("a")).explode("z"),
    ("frame", "drop_nulls"): lambda v, pl: v.f.drop_nulls(), ("frame", "drop_nans"): lambda v, pl: v.f.drop_nans(),
    ("frame", "join"): lambda v, pl: v.d.join(v.e, on="k", how="left"), ("frame", "vstack"): lambda v, pl: v.f.vstack(v.d.select("a", "b", "c")), ("frame", "extend"): lambda v, pl: v.f.clone().extend(v.d.select("a", "b", "c")),
    ("frame", "merge_sorted"): lambda v, pl: v.f.sort("c").merge_sorted(v.d.select("a", "b", "c").sort("c"), key="c"), ("frame", "unpivot"): lambda v, pl: v.d.unpivot(["a", "b"], index=["k"]), ("frame", "with_row_index"): lambda v, pl: v.f.with_row_index("n"),
    ("frame", "with_row_count"): lambda v, pl: v.f.with_row_count("n"), ("frame", "get_column"): lambda v, pl: v.d.get_column("a"), ("frame", "__getitem__"): lambda v, pl: v.d["a"], ("frame", "to_series"): lambda v, pl: v.f.to_series(1),
    ("frame", "set_sorted"): lambda v, pl: v.f.sort("c").set_sorted("c"), ("frame", "collect"): lambda v, pl: v.f.lazy().collect(), ("frame", "cache"): lambda v, pl: v.f.lazy().cache().collect(),
    ("frame", "fill_null"): lambda v, pl: v.f.fill_null(0), ("frame", "fill_nan"): lambda v, pl: v.f.fill_nan(0), ("frame", "null_count"): lambda v, pl: v.d.select("a", "b").null_count(), ("frame", "count"): lambda v, pl: v.d.select("a", "b").count(),
    ("Series", "__rpow__"): lambda v, pl: 2 ** v.d["k"], ("Series", "sample"): lambda v, pl: v.d["a"].sample(4, seed=1), ("Series", "filter"): lambda v, pl: v.d["a"].filter(v.d["p"]), ("Series", "unique"): lambda v, pl: v.d["c"].unique(maintain_order=True), ("Series", "gather"): lambda v, pl: v.d["a"].gather([3, 1]),
    ("Series", "is_between"): lambda v, pl: v.d["a"].is_between(30, 60), ("Series", "is_nan"): lambda v, pl: (v.d["a"] / (v.d["a"] - v.d["a"])).is_nan(), ("Series", "__neg__"): lambda v, pl: -v.d["a"], ("Series", "abs"): lambda v, pl: (v.d["a"] - 50).abs(),
    ("Series", "fill_nan"): lambda v, pl: v.d["a"].fill_nan(0), ("Series", "__invert__"): lambda v, pl: ~v.d["p"], ("Series", "to_frame"): lambda v, pl: v.d["a"].to_frame(), ("Series", "to_pandas"): lambda v, pl: v.d["a"].to_pandas(),
    ("group_by", "group_by.agg"): lambda v, pl: v.d.group_by("k", maintain_order=True).agg(pl.col("a").max(), n=pl.col("b").count()), ("group_by", "group_by.n_unique"): lambda v, pl: v.d.select("k", "p").group_by("k", maintain_order=True).n_unique(), ("group_by", "group_by.all"): lambda v, pl: v.d.select("k", "a").group_by("k", maintain_order=True).all(),
    ("function", "concat"): lambda v, pl: pl.concat([v.f, v.d.select("a", "b", "c")]), ("function", "from_pandas"): lambda v, pl: pl.from_pandas(v.f.to_pandas()), ("function", "from_arrow"): lambda v, pl: pl.from_arrow(v.f.to_arrow()),
    ("function", "from_dict"): lambda v, pl: pl.from_dict({"u": v.d["a"]}),
}
# More ways to call them: whatever is called exact must be.
VARIANTS = {
    "when": lambda v, pl: v.d.with_columns(z=pl.when(pl.col("p")).then(pl.col("a")).otherwise(pl.col("b"))), "over": lambda v, pl: v.d.with_columns(z=pl.col("a").sum().over("k")), "over sorted": lambda v, pl: v.d.with_columns(z=pl.col("a").cum_sum().over("k", order_by="c")),
    "rolling": lambda v, pl: v.d.with_columns(z=pl.col("a").rolling_mean(3)), "rolling by": lambda v, pl: v.d.sort("t").with_columns(z=pl.col("a").rolling_mean_by("t", "900d")), "sort_by": lambda v, pl: v.d.select(pl.col("a").sort_by("c")),
    "filter inside": lambda v, pl: v.d.select(pl.col("a").filter(pl.col("p")).sum()), "group filter inside": lambda v, pl: v.d.group_by("k", maintain_order=True).agg(pl.col("a").filter(pl.col("p")).sum()), "all": lambda v, pl: v.f.with_columns(pl.all() * 2),
    "exclude": lambda v, pl: v.d.select(pl.exclude("a")), "struct": lambda v, pl: v.d.select(z=pl.struct("a", "b")), "sum_horizontal": lambda v, pl: v.d.with_columns(z=pl.sum_horizontal("a", "b")), "coalesce": lambda v, pl: v.d.select(z=pl.coalesce("a", "b")),
    "concat_str": lambda v, pl: v.d.select(z=pl.concat_str("s", "k")), "len": lambda v, pl: v.d.group_by("k", maintain_order=True).agg(pl.len()), "row index expression": lambda v, pl: v.d.with_columns(n=pl.int_range(pl.len())), "literal series": lambda v, pl: v.f.with_columns(z=pl.lit(v.d["k"])),
    "is_in": lambda v, pl: v.d.select(pl.col("k").is_in(v.e["k"].to_list())), "is_in series": lambda v, pl: v.d["k"].is_in(v.e["k"].to_list()), "replace": lambda v, pl: v.d.select(pl.col("k").replace({1: 9})), "map_elements": lambda v, pl: v.d.select(pl.col("c").map_elements(lambda x: x + 1, return_dtype=pl.Int64)),
    "join inner": lambda v, pl: v.d.join(v.e, on="k"), "join full": lambda v, pl: v.d.join(v.e, on="k", how="full"), "join full coalesced": lambda v, pl: v.d.join(v.e, on="k", how="full", coalesce=True), "join right": lambda v, pl: v.d.join(v.e, on="k", how="right"),
    "join semi": lambda v, pl: v.d.join(v.e, on="k", how="semi"), "join anti": lambda v, pl: v.d.join(v.e, on="k", how="anti"), "join cross": lambda v, pl: v.e.join(v.f, how="cross"), "join two names": lambda v, pl: v.d.rename({"k": "j"}).join(v.e, left_on="j", right_on="k"),
    "join two names kept": lambda v, pl: v.d.rename({"k": "j"}).join(v.e, left_on="j", right_on="k", how="left", coalesce=False), "join same columns": lambda v, pl: v.d.join(v.f.with_columns(k=pl.lit(1)), on="k", how="left"), "join expression": lambda v, pl: v.d.join(v.e, left_on=pl.col("k") + 1, right_on="k"),
    "lazy": lambda v, pl: v.d.lazy().filter(pl.col("p")).select("k", z=pl.col("a") + 1).collect(), "lazy join": lambda v, pl: v.d.lazy().join(v.e.lazy(), on="k").collect(), "lazy group": lambda v, pl: v.d.lazy().group_by("k", maintain_order=True).agg(pl.col("a").sum()).collect(),
    "lazy drop": lambda v, pl: v.d.lazy().drop("a").rename({"b": "a"}).collect(), "lazy unique": lambda v, pl: v.d.lazy().unique(["k"], keep="first", maintain_order=True).collect(), "lazy sort head": lambda v, pl: v.d.lazy().sort("c").head(3).collect(), "lazy swap": lambda v, pl: v.d.lazy().select(a="b", b="a").collect(),
    "lazy concat": lambda v, pl: pl.concat([v.f.lazy(), v.d.lazy().select("a", "b", "c")]).collect(), "concat diagonal": lambda v, pl: pl.concat([v.d, v.f], how="diagonal"), "concat horizontal": lambda v, pl: pl.concat([v.d.select("a"), v.f.select("b")], how="horizontal"), "concat align": lambda v, pl: pl.concat([v.d.unique("k").select("k", "a"), v.e], how="align"),
    "group two": lambda v, pl: v.d.group_by("k", "p", maintain_order=True).agg(pl.col("a").sum()), "group expression": lambda v, pl: v.d.group_by(j=pl.col("k") % 2, maintain_order=True).agg(pl.col("a").sum()), "group all": lambda v, pl: v.d.group_by("k", maintain_order=True).agg(pl.all().first()),
    "group list": lambda v, pl: v.d.group_by("k", maintain_order=True).agg("a"), "group corr": lambda v, pl: v.d.group_by("k", maintain_order=True).agg(z=pl.corr("a", "b")), "group head": lambda v, pl: v.d.group_by("k", maintain_order=True).head(1), "dynamic": lambda v, pl: v.d.sort("t").group_by_dynamic("t", every="1y").agg(pl.col("a").sum()),
    "unique all": lambda v, pl: v.d.select("k", "p").unique(maintain_order=True), "drop_nulls some": lambda v, pl: v.d.drop_nulls(["a"]), "sort nulls": lambda v, pl: v.d.sort("a", nulls_last=True), "fill with": lambda v, pl: v.d.with_columns(pl.col("a").fill_null(pl.col("b"))),
    "fill frame": lambda v, pl: v.f.fill_null(strategy="forward"), "getitem rows": lambda v, pl: v.d[2:5], "getitem list": lambda v, pl: v.d[["a", "k"]], "getitem both": lambda v, pl: v.d[2:5, "a"], "getitem mask": lambda v, pl: v.d.filter(v.d["a"] > 40),
    "series math": lambda v, pl: v.d.with_columns((v.d["a"] * 2 + v.d["b"]).alias("z")), "series of list": lambda v, pl: v.d.with_columns(pl.Series("z", v.d["a"].to_list())), "series filter": lambda v, pl: v.d["a"].filter(v.d["c"] > 30), "series zip": lambda v, pl: v.d["a"].zip_with(v.d["p"], v.d["b"]), "series sort": lambda v, pl: v.d["a"].sort(),
    "pivot": lambda v, pl: v.d.pivot("p", index="k", values="a", aggregate_function="sum"), "transpose": lambda v, pl: v.f.transpose(), "hstack": lambda v, pl: v.f.select("a").hstack([v.d["b"]]), "update": lambda v, pl: v.d.update(v.f), "insert expression": lambda v, pl: v.d.insert_column(0, (pl.col("a") * 2).alias("z")),
    "to_dummies": lambda v, pl: v.d.select("p").to_dummies(), "partition": lambda v, pl: v.d.partition_by("k", maintain_order=True)[0], "map_rows": lambda v, pl: v.f.select("c").map_rows(lambda row: (row[0] + 1,)), "pipe": lambda v, pl: v.d.pipe(lambda x: x.filter(pl.col("p"))), "shift by column": lambda v, pl: v.d.with_columns(pl.col("a").shift(1).over("k")),
    "sql": lambda v, pl: v.d.sql("SELECT k, a + b AS z FROM self"), "describe": lambda v, pl: v.f.describe(), "top by": lambda v, pl: v.d.select(pl.col("a").top_k_by("c", 3)), "gather": lambda v, pl: v.d.select(pl.col("a").gather([2, 0])), "explode two": lambda v, pl: v.d.with_columns(z=pl.col("s").str.split("a"), y=pl.col("s").str.split("a")).explode("z", "y"),
    "unnest": lambda v, pl: v.d.select("k", z=pl.struct("a", "b")).unnest("z"), "sample shuffled": lambda v, pl: v.f.sample(fraction=1, shuffle=True, seed=2), "search": lambda v, pl: v.d.select(pl.col("c").sort().search_sorted(50)), "unpivot all": lambda v, pl: v.d.select("k", "a", "b").unpivot(index="k"), "interpolate": lambda v, pl: v.f.interpolate(),
    "join asof": lambda v, pl: v.d.sort("c").join_asof(v.e.sort("k"), left_on="c", right_on="k"), "sort by several": lambda v, pl: v.d.sort(["k", "a"], descending=[True, False]), "rename function": lambda v, pl: v.d.rename(str.upper), "selectors": lambda v, pl: _selected(v, pl), "with names": lambda v, pl: v.f.with_columns(pl.col("a", "b").name.suffix("_n")),
    "regex": lambda v, pl: v.d.select(pl.col("^[ab]$")), "nth": lambda v, pl: v.d.select(pl.nth(1)), "column of types": lambda v, pl: v.d.select(pl.col(pl.Float64)), "filter keyword": lambda v, pl: v.d.filter(k=2), "filter list": lambda v, pl: v.d.filter([True, False] * 6), "reverse": lambda v, pl: v.f.reverse(), "head of sorted": lambda v, pl: v.d.sort("a").head(4),
    "vertical relaxed": lambda v, pl: pl.concat([v.f, v.d.select("a", "b", "c")], how="vertical_relaxed"), "json": lambda v, pl: v.d.select(pl.struct("a", "k").struct.json_encode().alias("z")), "cut": lambda v, pl: v.d.select(pl.col("c").cut([30, 60]).cast(pl.String)), "qcut": lambda v, pl: v.d.select(pl.col("c").qcut(3).cast(pl.String)), "rank": lambda v, pl: v.d.select(pl.col("c").rank().over("k")),
}


def _selected(v, pl):
    import polars.selectors as cs

    return v.d.with_columns(cs.numeric() * 2)
