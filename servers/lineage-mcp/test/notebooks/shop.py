import marimo

__generated_with = "0.19.0"
app = marimo.App()

with app.setup:
    import pandas as pd
    from pathlib import Path

    data = Path(__file__).parent / "data"


@app.cell
def load_orders():
    orders = pd.read_csv(data / "orders.csv")
    return (orders,)


@app.cell
def load_rates():
    rates = pd.DataFrame({"currency": ["EUR", "USD", "GBP"], "rate": [1.0, 0.92, 1.17]})
    return (rates,)


@app.cell
def enrich(orders, rates):
    _joined = orders.merge(rates, on="currency", how="left")
    _joined["euros"] = _joined["amount"] * _joined["rate"]
    enriched = _joined[_joined["quantity"] > 1].rename(columns={"cust": "customer"})
    return (enriched,)


@app.cell
def summarise(enriched):
    summary = enriched.groupby("customer").agg(total=("euros", "sum"), orders=("order_id", "count")).reset_index()
    print(summary.to_string(index=False))
    return (summary,)


@app.cell
def rank_with_sql(enriched):
    import duckdb

    ranked = duckdb.sql("SELECT customer, max(euros) AS best FROM enriched WHERE quantity > 2 GROUP BY customer ORDER BY customer").df()
    return (ranked,)


@app.cell
def with_polars(enriched):
    import polars as pl

    pf = pl.DataFrame({"customer": enriched["customer"].to_list(), "euros": enriched["euros"].to_list()})
    top = pf.lazy().group_by("customer").agg(pl.col("euros").max().alias("top")).sort("customer").collect()
    return (top,)


@app.cell
def save(summary):
    summary.to_csv(data / "summary.csv", index=False)
    return


@app.cell
def broken(summary):
    wrong = summary["profit"]
    return (wrong,)


if __name__ == "__main__":
    app.run()
