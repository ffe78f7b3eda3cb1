import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { interpreters } from "../scripts/python-env.mjs";
import { type EnvName, pythonOf, runPython } from "./support/python.ts";
import { openRecorded, tempFolder } from "./support/recorded.ts";

interface Row {
  readonly library: string;
  readonly on: string;
  readonly operation: string;
  readonly confidence: string;
}

const listed = JSON.parse(
  execFileSync(
    interpreters()[0]?.path ?? "python3",
    [join(import.meta.dirname, "../scripts/operations_table.py")],
    { encoding: "utf8" },
  ),
) as Row[];
const exact = (library: string) =>
  listed
    .filter((row) => row.library === library && row.confidence === "exact")
    .map(({ on, operation }) => `${on} ${operation}`);

const soak = process.env.SOAK_SECONDS !== undefined;
/** What the newest versions no longer have, the oldest shows. */
const gone: Record<string, readonly string[]> = {
  pandas: ["groupby groupby.fillna"],
  polars: ["frame with_row_count", "group_by group_by.count"],
};
const scripts = join(import.meta.dirname, "python");

interface Report {
  readonly done: Record<string, string | null>;
  readonly varied: Record<string, string | null>;
  readonly unlisted: readonly string[];
}

async function tried(env: EnvName, library: string, only: readonly string[] = []): Promise<Report> {
  const args = [join(scripts, "operations.py"), library, soak ? "12" : "5", ...only];
  const { code, stdout, stderr } = await runPython(await pythonOf(env), args);
  expect(code, stderr).toBe(0);
  const report = JSON.parse(stdout.trim().split("\n").at(-1) ?? "") as Report;
  const problems = (of: Report["done"]) => Object.entries(of).filter(([, problem]) => problem !== null);
  expect([...problems(report.done), ...problems(report.varied)]).toEqual([]);
  expect(report.unlisted).toEqual([]);
  return report;
}

test.each(["pandas", "polars"])(
  "every operation of %s called exact is, and each that is observed is listed",
  {
    timeout: 900_000,
  },
  async (library) => {
    const only = soak ? [] : gone[library];
    const reports = [await tried("newest", library), await tried("oldest", library, only)];
    if (soak) reports.push(await tried("middle", library));
    const done = new Set(reports.flatMap((report) => Object.keys(report.done)));
    expect(exact(library).filter((row) => !done.has(row))).toEqual([]);
  },
);

/** A connection alone has the name fetch_df. */
function convert(name: string): string {
  const sql = '"SELECT cust, amount AS z FROM orders"';
  return name === "fetch_df" ? `duckdb.connect().execute(${sql}).fetch_df()` : `duckdb.sql(${sql}).${name}()`;
}

test("every way to ask DuckDB called exact is", { timeout: 600_000 }, async () => {
  const cells: Record<string, [cell: string, columns: string]> = {
    "SQL sql": [
      'made = duckdb.sql("SELECT cust, sum(amount) AS z FROM orders GROUP BY cust").df()',
      "cust>cust amount>z",
    ],
    "SQL query": [
      "made = duckdb.query(\"SELECT amount * 2 AS z FROM orders WHERE cust = 'a'\").df()",
      "amount>z",
    ],
    "SQL from_query": ['made = duckdb.from_query("SELECT amount AS z FROM orders").df()', "amount>z"],
    "SQL execute": [
      'made = duckdb.connect().execute("SELECT max(amount) AS z FROM orders").df()',
      "amount>z",
    ],
    "SQL mo.sql": ["made = mo.sql(\"SELECT cust || '!' AS z FROM orders\", output=False)", "cust>z"],
    "frame from_df": ["made = duckdb.from_df(orders).df()", "cust>cust amount>amount"],
    ...Object.fromEntries(
      exact("duckdb")
        .filter((row) => row.startsWith("relation "))
        .map((row) => [row, [`made = ${convert(row.slice("relation ".length))}`, "cust>cust amount>z"]]),
    ),
  };
  expect(Object.keys(cells).sort()).toEqual(exact("duckdb").sort());
  const home = tempFolder();
  const file = join(tempFolder(), "asks.py");
  const named = Object.entries(cells).map(([row, [cell, columns]], at) => ({
    row,
    cell: cell.replace("made", `made${at}`),
    columns,
    variable: `made${at}`,
  }));
  writeFileSync(
    file,
    `import marimo

app = marimo.App()


@app.cell
def start():
    import duckdb
    import marimo as mo
    import pandas as pd

    orders = pd.DataFrame({"cust": ["a", "b", "a"], "amount": [1.0, 2.0, 3.0]})
    return duckdb, mo, orders, pd
${named.map(({ cell, variable }) => `\n\n@app.cell\ndef _(duckdb, mo, orders):\n    ${cell}\n    return (${variable},)\n`).join("")}

if __name__ == "__main__":
    app.run()
`,
  );
  // DuckDB 1.4 and later answer `arrow()` with a stream, read once and no dataset.
  const ran = await runPython(await pythonOf("middle"), [file], home);
  expect(ran.code, ran.stderr).toBe(0);
  await using tools = openRecorded(join(home, "events"));
  for (const { row, columns, variable } of named) {
    const { edges } = await tools.ask<{ edges: Record<string, string>[] }>("get_column_lineage", {
      dataset: variable,
      depth: 1,
    });
    expect(
      edges
        .map(({ from_column, to_column, confidence }) => `${from_column}>${to_column} ${confidence}`)
        .sort(),
      row,
    ).toEqual(
      columns
        .split(" ")
        .map((edge) => `${edge} exact`)
        .sort(),
    );
  }
});
