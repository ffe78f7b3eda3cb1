import marimo

app = marimo.App()


@app.cell
def load():
    import os

    import pandas as pd

    wide = pd.read_parquet(os.path.join(os.environ["LINEAGE_BENCH_DATA"], "wide.parquet"))
    return pd, wide


@app.cell
def scale(wide):
    scaled = (wide - wide.mean()) / wide.std()
    clipped = scaled.clip(-3, 3).fillna(0)
    return (clipped,)


@app.cell
def features(clipped, pd):
    _made = {f"{_name}_sq": clipped[_name] ** 2 for _name in clipped.columns[:60]}
    _rolled = clipped.iloc[:, :60].rolling(20).mean().add_suffix("_ma")
    featured = pd.concat([clipped, pd.DataFrame(_made), _rolled], axis=1)
    featured["score"] = featured[[f"c{_at}" for _at in range(10)]].sum(axis=1)
    return (featured,)


@app.cell
def reduce(featured):
    kept = featured[featured["score"] > 0].sort_values("score").drop(columns=["c0", "c1"])
    correlations = kept.iloc[:, :40].corr()
    quantiles = kept.quantile([0.1, 0.5, 0.9])
    print(kept.shape, correlations.shape, quantiles.shape)
    return correlations, kept


if __name__ == "__main__":
    app.run()
