import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { interpreters } from "../scripts/python-env.mjs";
import { bootstrapFolder } from "../src/python/environment.ts";
import { pythonOf, runPython } from "./support/python.ts";
import { openRecorded, tempFolder } from "./support/recorded.ts";

const texts: Readonly<Record<string, readonly string[]>> = {
  "SELECT * FROM orders JOIN people USING (c)": ["orders", "people"],
  "SELECT * FROM a NATURAL JOIN b, c": ["a", "b", "c"],
  "PIVOT orders ON region USING sum(amount)": ["orders"],
  "UNPIVOT orders ON amount, gross INTO NAME n VALUE v": ["orders"],
  "SELECT a FROM b UNPIVOT (v FOR n IN (c, d))": ["b"],
  "SELECT COLUMNS('from x') FROM orders -- FROM no\n/* FROM none */": ["orders"],
  "SELECT 'FROM x', \"From\" FROM a, b b2, (SELECT 1 FROM c) d, e WHERE f IN (1, g)": ["a", "b", "c", "e"],
  'WITH t(x) AS MATERIALIZED (SELECT 1 FROM p), u AS (SELECT * FROM t) SELECT a, b FROM t, u JOIN "My ""F" USING (x, y), z':
    ["p", 'My "F', "z"],
  "WITH RECURSIVE t AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM t) SELECT * FROM t, orders": ["orders"],
  "SELECT 1 FROM s.t, range(3), read_csv('x'), LATERAL (SELECT 1) l, d": ["d"],
  "SELECT $$ FROM a $$, $1 FROM ((b))": ["b"],
  "FROM (a JOIN b USING (k)) j, c": ["a", "b", "c"],
  ")(,FROM": [],
  "": [],
};

const files: Readonly<Record<string, readonly string[]>> = {
  "SELECT * FROM read_csv('a.csv', header = true) JOIN 'b.parquet' USING (x)": ["a.csv", "b.parquet"],
  "SELECT 'no.csv', f('no') FROM t WHERE x IN ('no', 'no') -- FROM 'no'": [],
  "FROM read_parquet('it''s.parquet')": ["it's.parquet"],
};

test("the tables and files a text names, without DuckDB", () => {
  const [python] = interpreters();
  const found: unknown = JSON.parse(
    execFileSync(
      python?.path ?? "python3",
      [
        "-c",
        "import json, sys; from lineage_mcp_capture.sql_names import named_files, named_tables; asked = json.load(sys.stdin); print(json.dumps([{text: find(text) for text in texts} for find, texts in zip((named_tables, named_files), asked)]))",
      ],
      {
        cwd: bootstrapFolder(),
        input: JSON.stringify([Object.keys(texts), Object.keys(files)]),
        encoding: "utf8",
      },
    ),
  );
  expect(found).toEqual([texts, files]);
});

test.each(["oldest", "newest"] as const)(
  "frames are found in texts of which DuckDB names no tables, on %s",
  { timeout: 600_000 },
  async (name) => {
    const folder = tempFolder();
    const notebook = join(folder, "texts.py");
    const file = join(folder, "amounts.csv");
    writeFileSync(file, "c,amount\n1,2.5\n2,3.5\n");
    writeFileSync(
      notebook,
      `import marimo

app = marimo.App()


@app.cell
def frames():
    import duckdb
    import pandas as pd

    orders = pd.DataFrame({"c": [1, 2], "amount": [1.0, 2.0], "region": ["a", "b"]})
    people = pd.DataFrame({"c": [1, 2], "name": ["x", "y"]})
    return duckdb, orders, people


@app.cell
def asked(duckdb, orders, people):
    joined = duckdb.sql("SELECT p.name, o.amount FROM orders o JOIN people p USING (c)").df()
    pivoted = duckdb.sql("PIVOT orders ON region USING sum(amount) GROUP BY c").df()
    chosen = duckdb.sql("SELECT COLUMNS('a.*') FROM orders").df()
    related = duckdb.from_df(orders).filter("amount > 1").df()
    read = duckdb.sql("SELECT f.amount * 2 AS twice, o.region FROM read_csv('${file}') f JOIN orders o ON f.c = o.c").df()
    whole = duckdb.read_csv("${file}").df()
    by_name = duckdb.sql("SELECT amount FROM '${file}'").df()
    return


if __name__ == "__main__":
    app.run()
`,
    );
    const home = tempFolder();
    expect(await runPython(await pythonOf(name), [notebook], home)).toMatchObject({ code: 0 });
    await using tools = openRecorded(join(home, "events"));
    const edges = async (dataset: string) => {
      const answer = await tools.ask<{ edges: Record<string, string>[] }>("get_column_lineage", {
        dataset,
        depth: 1,
      });
      return answer.edges.map(
        (edge) =>
          `${edge.from?.split("/").at(-1)}.${edge.from_column} > ${edge.to_column} ${edge.confidence}`,
      );
    };
    expect((await edges("joined")).sort()).toEqual([
      "orders.amount > amount exact",
      "people.name > name exact",
    ]);
    expect((await edges("read")).sort()).toEqual([
      "amounts.csv.amount > twice exact",
      "orders.region > region exact",
    ]);
    expect((await edges("whole")).sort()).toEqual([
      "amounts.csv.amount > amount exact",
      "amounts.csv.c > c exact",
    ]);
    expect(await edges("by_name")).toEqual(["amounts.csv.amount > amount exact"]);
    const { edges: sources } = await tools.ask<{ edges: { from: string }[] }>("get_lineage", {
      node: "by_name",
    });
    expect(sources.map(({ from }) => from)).toEqual([file]);
    for (const dataset of ["pivoted", "chosen", "related"]) {
      const found = await edges(dataset);
      expect(found).toContainEqual(expect.stringContaining("orders.amount > "));
      expect(found.filter((edge) => !edge.endsWith(" coarse"))).toEqual([]);
    }
  },
);
