"""Which pandas operations are observed, and the rule of each."""

from . import pandas_joins as joins
from . import pandas_reshape as reshape
from . import pandas_rules as r
from . import pandas_select as select

FRAME = {
    "head": (r.same, "selection"), "tail": (r.same, "selection"), "sample": (select.sampled, "selection"), "copy": (r.same, "other"),
    "truncate": (r.same, "selection"), "drop": (r.same, "projection"), "filter": (r.same, "projection"), "reindex": (select.reindexed, "reshape"),
    "select_dtypes": (r.same, "projection"), "take": (r.same, "selection"), "sort_index": (select.index_sorted, "sort"), "squeeze": (r.same_inferred, "reshape"),
    "infer_objects": (r.changed, "projection"), "convert_dtypes": (r.changed, "projection"), "astype": (r.elementwise, "projection"),
    "round": (r.elementwise, "assign"), "abs": (r.changed, "assign"), "isna": (r.changed, "assign"), "isnull": (r.changed, "assign"),
    "notna": (r.changed, "assign"), "notnull": (r.changed, "assign"), "isin": (r.elementwise, "assign"), "map": (r.changed_inferred, "assign"),
    "applymap": (r.changed_inferred, "assign"), "shift": (r.windowed, "assign"), "diff": (r.windowed, "assign"), "pct_change": (r.windowed, "assign"),
    "cumsum": (r.windowed, "assign"), "cumprod": (r.windowed, "assign"), "cummax": (r.windowed, "assign"), "cummin": (r.windowed, "assign"),
    "rank": (r.windowed, "assign"), "rename": (reshape.positional, "projection"), "add_prefix": (reshape.positional, "projection"),
    "add_suffix": (reshape.positional, "projection"), "set_axis": (reshape.positional, "projection"), "rename_axis": (r.same_inferred, "projection"),
    "dropna": (select.subset_filter, "filter"), "drop_duplicates": (select.subset_filter, "filter"), "query": (select.queried, "filter"),
    "eval": (r.evaluated, "assign"), "sort_values": (select.sorted_by, "sort"), "nlargest": (select.sorted_by, "sort"), "nsmallest": (select.sorted_by, "sort"),
    "set_index": (reshape.set_index, "reshape"), "reset_index": (reshape.reset_index, "reshape"), "merge": (joins.merged, "join"), "join": (joins.joined, "join"),
    "explode": (select.exploded, "reshape"), "melt": (reshape.melted, "reshape"), "value_counts": (r.counted, "aggregate"),
    "__getitem__": (select.get_item, "selection"),
}
COARSE = (
    "pivot pivot_table stack unstack transpose T apply transform agg aggregate corr cov describe mode quantile combine combine_first xs dot "
    "to_period to_timestamp tz_convert tz_localize asfreq swaplevel reorder_levels droplevel compare swapaxes asof at_time between_time first last"
).split()
SERIES_COARSE = "unstack describe mode quantile xs droplevel swaplevel to_period to_timestamp asfreq compare agg aggregate".split()
REDUCE = "sum mean min max std var median prod product count nunique sem skew kurt any all idxmin idxmax".split()
ARITHMETIC = (
    "__add__ __radd__ __sub__ __rsub__ __mul__ __rmul__ __truediv__ __rtruediv__ __floordiv__ __rfloordiv__ __mod__ __rmod__ __pow__ __rpow__ "
    "__and__ __rand__ __or__ __ror__ __xor__ __rxor__ __eq__ __ne__ __lt__ __le__ __gt__ __ge__ "
    "add radd sub rsub subtract mul rmul multiply div rdiv divide truediv rtruediv floordiv rfloordiv mod rmod pow rpow eq ne lt le gt ge"
).split()
UNARY = "__neg__ __invert__ __abs__ __pos__".split()
SERIES = {
    **{name: FRAME[name] for name in (
        "head tail sample copy truncate reindex take sort_index infer_objects convert_dtypes astype round abs isna isnull notna notnull isin shift diff "
        "pct_change cumsum cumprod cummax cummin rank dropna drop_duplicates sort_values nlargest nsmallest set_axis add_prefix add_suffix rename_axis "
        "explode value_counts reset_index __getitem__"
    ).split()},
    "rename": (reshape.positional, "projection"), "to_frame": (reshape.to_frame, "reshape"), "map": (r.changed_inferred, "assign"),
    "apply": (r.changed_inferred, "assign"), "transform": (r.changed_inferred, "assign"), "between": (r.elementwise, "assign"),
    "duplicated": (r.windowed, "assign"), "drop": (r.same, "selection"), "combine_first": (r.arithmetic, "assign"), "case_when": (r.changed_inferred, "assign"),
}
OPAQUE = "__repr__ _repr_html_ _repr_data_resource_ __str__ info memory_usage to_string to_html to_markdown to_latex items iterrows itertuples hist boxplot equals __dataframe__".split()
GROUP = (
    "sum mean count min max std var median first last prod nunique size agg aggregate any all sem skew cumsum cumprod cummax cummin shift diff rank "
    "pct_change ffill bfill fillna cumcount ngroup transform apply head tail sample filter quantile idxmin idxmax describe ohlc"
).split()
_MOVING = "sum mean count min max std var median first last quantile skew kurt apply agg aggregate corr cov rank sem nunique".split()
WINDOW = {
    "rolling": _MOVING, "expanding": _MOVING, "ewm": "sum mean std var agg aggregate corr cov".split(),
    "resample": "sum mean count min max std var median first last quantile apply agg aggregate sem nunique ohlc size prod ffill bfill interpolate".split(),
}
READERS = (
    "read_csv read_table read_parquet read_json read_excel read_feather read_orc read_pickle read_fwf read_html read_xml read_hdf read_stata read_sas "
    "read_spss read_sql read_sql_query read_sql_table read_clipboard read_gbq"
).split()
WRITERS = "to_csv to_parquet to_json to_excel to_feather to_orc to_pickle to_hdf to_stata to_sql to_xml to_gbq".split()
INPLACE = frozenset("drop_duplicates dropna eval query rename rename_axis reset_index set_index sort_index sort_values".split())
FUNCTIONS = {
    "merge": (joins.merged, "join"), "concat": (joins.concatenated, "concat"), "merge_asof": (r.coarse, "join"), "merge_ordered": (joins.ordered, "join"),
    "pivot": (r.coarse, "reshape"), "pivot_table": (r.coarse, "reshape"), "crosstab": (r.coarse, "aggregate"), "cut": (r.first_series, "assign"),
    "qcut": (r.first_series, "assign"), "get_dummies": (r.coarse, "reshape"), "melt": (reshape.melted, "reshape"), "wide_to_long": (r.coarse, "reshape"),
    "to_datetime": (r.first_series, "assign"), "to_numeric": (r.first_series, "assign"), "to_timedelta": (r.first_series, "assign"),
    "isna": (r.first_series, "assign"), "notna": (r.first_series, "assign"), "json_normalize": (r.read, "construct"),
}
