import marimo

app = marimo.App()


@app.cell
def load():
    import os

    import polars as pl

    data = os.environ["LINEAGE_BENCH_DATA"]
    orders = pl.scan_csv(os.path.join(data, "orders.csv"))
    customers = pl.read_csv(os.path.join(data, "customers.csv"))
    return customers, data, orders, os, pl


@app.cell
def join(customers, orders, pl):
    joined = (
        orders.join(customers.lazy(), on="customer", how="left")
        .with_columns((pl.col("amount") * pl.col("quantity")).alias("euros"), pl.col("day").str.slice(0, 7).alias("month"))
        .filter(pl.col("quantity") > 1)
        .collect()
    )
    return (joined,)


@app.cell
def summarise(joined, pl):
    monthly = joined.group_by("month", "country").agg(pl.col("euros").sum(), pl.len().alias("orders")).sort("month")
    ranked = joined.with_columns(pl.col("euros").rank().over("country").alias("rank")).filter(pl.col("rank") < 100)
    print(monthly.height, ranked.width)
    return monthly, ranked


@app.cell
def save(data, monthly, os):
    monthly.write_csv(os.path.join(data, "monthly_polars.csv"))
    return


if __name__ == "__main__":
    app.run()
