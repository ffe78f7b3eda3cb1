import marimo

app = marimo.App()


@app.cell
def load():
    import os

    import pandas as pd

    data = os.environ["LINEAGE_BENCH_DATA"]
    orders = pd.read_csv(os.path.join(data, "orders.csv"))
    customers = pd.read_csv(os.path.join(data, "customers.csv"))
    rates = pd.DataFrame({"currency": ["EUR", "USD", "GBP"], "rate": [1.0, 0.92, 1.17]})
    return customers, data, orders, os, pd, rates


@app.cell
def join(customers, orders, pd, rates):
    joined = orders.merge(customers, on="customer", how="left").merge(rates, on="currency")
    joined["euros"] = joined["amount"] * joined["rate"] * joined["quantity"]
    joined["day"] = pd.to_datetime(joined["day"])
    joined["month"] = joined["day"].dt.strftime("%Y-%m")
    clean = joined.dropna(subset=["country"]).query("quantity > 1").rename(columns={"segment": "group"})
    return (clean,)


@app.cell
def summarise(clean):
    monthly = clean.groupby(["month", "country"]).agg(euros=("euros", "sum"), orders=("order", "count")).reset_index()
    best = clean.groupby("customer")["euros"].sum().sort_values(ascending=False).head(20).reset_index()
    table = monthly.pivot_table(index="month", columns="country", values="euros", aggfunc="sum").fillna(0)
    return best, monthly, table


@app.cell
def draw(table):
    _top = float(table.to_numpy().max()) or 1.0
    _lines = []
    for _country in table.columns:
        _points = " ".join(f"{_at * 10},{100 - 100 * _value / _top:.1f}" for _at, _value in enumerate(table[_country]))
        _lines.append(f'<polyline points="{_points}"/>')
    picture = f"<svg>{''.join(_lines)}</svg>"
    print(len(table.columns))
    return (picture,)


@app.cell
def save(best, data, monthly, os):
    monthly.to_csv(os.path.join(data, "monthly.csv"), index=False)
    best.to_parquet(os.path.join(data, "best.parquet"))
    return


if __name__ == "__main__":
    app.run()
