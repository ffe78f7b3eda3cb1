import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { child, embedding, holdsApart, notebook } from "./support/embedding.ts";
import { type EnvName, envNames, pythonOf, runPython, steady } from "./support/python.ts";
import { openRecorded, type Recorded, tempFolder } from "./support/recorded.ts";

const slow = 600_000;
const versions: readonly EnvName[] = process.env.SOAK_SECONDS === undefined ? ["oldest", "newest"] : envNames;

async function recorded(env: EnvName, args: readonly string[]): Promise<Recorded> {
  const home = tempFolder();
  const python = await pythonOf(env);
  const plain = await runPython(python, args);
  const done = await runPython(python, args, home);
  expect(done.code, done.stderr).toBe(0);
  expect(done.stdout).toBe(plain.stdout);
  expect(steady(done.stderr)).toBe(steady(plain.stderr));
  return openRecorded(join(home, "events"));
}

interface Edge {
  readonly from: string;
  readonly from_column: string;
  readonly to_column: string;
  readonly confidence: string;
}

async function edges(tools: Recorded, dataset: string): Promise<string[]> {
  const found = await tools.ask<{ edges: Edge[] }>("get_column_lineage", { dataset, depth: 1 });
  return found.edges
    .map(
      ({ from, from_column, to_column, confidence }) =>
        `${from.split("/").at(-1)}.${from_column} > ${to_column} ${confidence}`,
    )
    .sort();
}

async function rows(tools: Recorded, sql_query: string): Promise<unknown[][]> {
  return (await tools.ask<{ rows: unknown[][] }>("query_memories", { sql_query })).rows;
}

test.each(versions)(
  "mo.sql cells, on %s: columns by the text, another engine's said to be unknown",
  {
    timeout: slow,
  },
  async (env) => {
    const file = notebook("sql.py", [
      'def frames():\n    import sqlite3\n\n    import marimo as mo\n    import pandas as pd\n\n    orders = pd.DataFrame({"cust": ["a", "b", "a"], "amount": [1.0, 2.0, 3.0]})\n    conn = sqlite3.connect(":memory:")\n    conn.execute("create table t (a, b)")\n    conn.execute("insert into t values (1, 2)")\n    return conn, mo, orders, pd, sqlite3',
      'def sums(mo, orders):\n    totals = mo.sql(\n        f"""\n        SELECT cust, sum(amount) AS total FROM orders WHERE amount > 0 GROUP BY cust\n        """\n    )\n    return (totals,)',
      'def twice(mo, totals):\n    best = mo.sql(f"SELECT cust, total * 2 AS twice FROM totals", output=False)\n    return (best,)',
      'def elsewhere(conn, mo):\n    fetched = mo.sql(f"SELECT a, b FROM t", engine=conn)\n    later = fetched.rename({"a": "z"}) if hasattr(fetched, "select") else fetched.rename(columns={"a": "z"})\n    return fetched, later',
    ]);
    await using tools = await recorded(env, [file]);
    expect(await edges(tools, "totals")).toEqual(["orders.amount > total exact", "orders.cust > cust exact"]);
    expect(await edges(tools, "best")).toEqual(["totals.cust > cust exact", "totals.total > twice exact"]);
    const lines = await rows(tools, "SELECT DISTINCT line FROM df_ops WHERE op = 'sql' ORDER BY line");
    expect(lines.length).toBe(2);
    expect(lines.every(([line]) => Number(line) > 10)).toBe(true);
    const elsewhere = await rows(tools, "SELECT op, confidence FROM df_ops WHERE op = 'mo.sql'");
    expect(elsewhere).toEqual([["mo.sql", "coarse"]]);
    expect(await edges(tools, "fetched")).toEqual([]);
  },
);

const orders = '({"cust": ["a", "b", "a"], "amount": [1.0, 2.0, 3.0]})';
const sums = '"SELECT cust, sum(amount) AS total FROM orders GROUP BY cust"';

test.each([
  [
    "newest",
    "of pandas and mo.sql",
    `import marimo as mo\n    import pandas as pd\n\n    orders = pd.DataFrame${orders}\n    mo.sql(f${sums})`,
  ],
  [
    "newest",
    "of polars and mo.sql",
    `import marimo as mo\n    import polars as pl\n\n    orders = pl.DataFrame${orders}\n    mo.sql(f${sums}, output=False)`,
  ],
  [
    "newest",
    "of DuckDB",
    `import duckdb\n    import pandas as pd\n\n    orders = pd.DataFrame${orders}\n    kept = duckdb.sql(${sums}).filter("total > 1")\n    con = duckdb.connect()\n    con.execute("SELECT 1 AS x").df()`,
  ],
  ["oldest", "that DuckDB refuses", 'import duckdb\n\n    duckdb.sql("SELECT nothing")'],
  ["newest", "that DuckDB refuses", 'import duckdb\n\n    duckdb.connect().execute("SELECT nothing")'],
  [
    "newest",
    "that polars refuses",
    'import polars as pl\n\n    try:\n        pl.DataFrame({"a": [1]}).select(pl.col("b"))\n    except Exception as error:\n        raise ExceptionGroup("both", [error]) from error',
  ],
] as const)(
  "on %s, a notebook %s says on stderr what it says alone, to the end of the interpreter",
  { timeout: slow },
  async (env, _what, body) => {
    const file = notebook("said.py", [`def all():\n    ${body}\n    return`]);
    const python = await pythonOf(env);
    const home = tempFolder();
    const plain = await runPython(python, [file]);
    const done = await runPython(python, [file], home);
    expect(done.code).toBe(plain.code);
    expect(steady(done.stderr)).toBe(steady(plain.stderr));
    await using tools = openRecorded(join(home, "events"));
    const [[status, traceback] = []] = await rows(
      tools,
      "SELECT status, coalesce(traceback, '') FROM cell_runs",
    );
    expect(status).toBe(plain.code === 0 ? "completed" : "failed");
    expect(traceback).not.toMatch(/_lineage|<lineage|lineage_mcp/);
  },
);

test.each(versions)(
  "an embedded app, on %s: its cells below the cell that embeds it, lineage across",
  {
    timeout: slow,
  },
  async (env) => {
    const inner = notebook("child_app.py", [child]);
    const outer = notebook(
      "outer.py",
      [
        'async def hold():\n    result = await child_app.app.embed()\n    outer = result.defs["total"].assign(b=7)\n    return outer, result',
        'def after(outer):\n    last = outer.rename(columns={"a": "z"})\n    print(last["z"].tolist())\n    return (last,)',
      ],
      `\nwith app.setup:\n    import sys\n\n    sys.path.insert(0, ${JSON.stringify(join(inner, ".."))})\n    import child_app\n`,
    );
    await using tools = await recorded(env, [outer]);
    const runs = await rows(
      tools,
      "SELECT r.cell_name, r.status, r.mode, p.cell_name AS parent FROM cell_runs r LEFT JOIN cell_runs p ON p.run_id = r.parent_run_id ORDER BY r.mode DESC, r.cell_name",
    );
    expect(runs).toEqual([
      ["after", "completed", "script", null],
      ["hold", "completed", "script", null],
      ["setup", "completed", "script", null],
      ["inner", "completed", "embed", "hold"],
    ]);
    expect(await edges(tools, "outer")).toEqual([
      "child_app.total.a > a exact",
      "child_app.total.k > k exact",
    ]);
    expect(await edges(tools, "last")).toEqual([
      "outer.a > z exact",
      "outer.b > b exact",
      "outer.k > k exact",
    ]);
  },
);

test.each(versions)(
  "frames of one name in a notebook, an app it embeds and a clone of it, on %s: a dataset each",
  { timeout: slow },
  async (env) => {
    await using tools = await recorded(env, [embedding()]);
    await holdsApart(tools);
  },
);

test.each(versions)(
  "a program that runs an app twice, on %s: two sessions of that notebook",
  {
    timeout: slow,
  },
  async (env) => {
    const inner = notebook("child_app.py", [child]);
    const program = join(tempFolder(), "program.py");
    writeFileSync(
      program,
      `import sys\n\nsys.path.insert(0, ${JSON.stringify(join(inner, ".."))})\nfrom child_app import app\n\nfor _ in range(2):\n    _, defs = app.run()\n    print(defs["total"]["a"].tolist())\n`,
    );
    await using tools = await recorded(env, [program]);
    expect(
      await rows(
        tools,
        "SELECT cell_name, status, mode, count(*) AS runs, count(DISTINCT session_id) AS sessions FROM cell_runs GROUP BY ALL",
      ),
    ).toEqual([["inner", "completed", "script", 2, 2]]);
    expect(await rows(tools, "SELECT DISTINCT notebook_path FROM sessions")).toEqual([
      [expect.stringContaining("child_app.py")],
    ]);
  },
);

test.each(versions)(
  "a failing `with app.setup`, on %s: said as a cell of that name",
  {
    timeout: slow,
  },
  async (env) => {
    const file = notebook(
      "broken.py",
      ["def never():\n    print(frame)\n    return"],
      '\nwith app.setup:\n    import pandas as pd\n\n    frame = pd.DataFrame({"a": [1]})\n    gone = frame["b"]\n',
    );
    const home = tempFolder();
    const python = await pythonOf(env);
    const plain = await runPython(python, [file]);
    const done = await runPython(python, [file], home);
    expect(done.code).toBe(plain.code);
    expect(done.stdout).toBe(plain.stdout);
    await using tools = openRecorded(join(home, "events"));
    expect(await rows(tools, "SELECT cell_name, status FROM cell_runs ORDER BY started_at")).toEqual([
      ["setup", "failed"],
      ...(plain.stderr.includes("NameError") ? [["never", "failed"]] : []),
    ]);
    expect(await tools.ask("get_errors", {})).toMatchObject({ errors: [{ error_type: "KeyError" }] });
  },
);
