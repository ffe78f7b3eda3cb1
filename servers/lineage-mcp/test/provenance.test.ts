import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { pythonOf, runPython } from "./support/python.ts";
import { openRecorded, type Recorded, tempFolder } from "./support/recorded.ts";

/** Runs statements over the frames o (k a b r) and p (k w); gives the tools over what was recorded. */
async function recorded(env: "oldest" | "newest", statements: readonly string[]): Promise<Recorded> {
  const notebook = join(tempFolder(), "statements.py");
  writeFileSync(
    notebook,
    `import marimo

app = marimo.App()


@app.cell
def frames():
    import pandas as pd

    o = pd.DataFrame({"k": [1, 1, 2], "a": [1.0, None, 3.0], "b": [4.0, 5.0, 6.0], "r": ["x", "y", "x"]})
    p = pd.DataFrame({"k": [1, 3], "w": [9, 8]})
    return o, p, pd


@app.cell
def statements(o, p, pd):
${statements.map((statement) => `    ${statement}`).join("\n")}
    return


if __name__ == "__main__":
    app.run()
`,
  );
  const home = tempFolder();
  expect(await runPython(await pythonOf(env), ["-W", "ignore", notebook], home)).toMatchObject({ code: 0 });
  return openRecorded(join(home, "events"));
}

/** column: its sources, `?` where not exact or not seen. */
async function sources(tools: Recorded, dataset: string): Promise<Record<string, string>> {
  const answer = await tools.ask<{
    edges: Record<string, string>[];
    without_source: string[];
    unseen_source: string[];
  }>("get_column_lineage", { dataset, depth: 1, limit: 500 });
  const found: Record<string, string[]> = Object.fromEntries([
    ...answer.without_source.map((name) => [name, []]),
    ...answer.unseen_source.map((name) => [name, ["?"]]),
  ]);
  for (const { from = "", from_column, to_column = "", confidence } of answer.edges) {
    const source = `${from.split("/").at(-1)}.${from_column}${confidence === "exact" ? "" : "?"}`;
    found[to_column] = [...(found[to_column] ?? []), source];
  }
  return Object.fromEntries(Object.entries(found).map(([name, list]) => [name, list.sort().join(" ")]));
}

const inPlace: Readonly<Record<string, readonly [statement: string, sources: Record<string, string>]>> = {
  renamed: ['renamed.rename(columns={"a": "aa"}, inplace=True)', { k: "o.k", aa: "o.a", b: "o.b", r: "o.r" }],
  twice: [
    'twice.rename(columns={"a": "x"}, inplace=True); twice.rename(columns={"x": "y"}, inplace=True); twice["n"] = twice["y"] + 1',
    { k: "o.k", y: "o.a", b: "o.b", r: "o.r", n: "o.a" },
  ],
  indexed: [
    'indexed.set_index("k", inplace=True); indexed.reset_index(inplace=True)',
    { k: "o.k", a: "o.a", b: "o.b", r: "o.r" },
  ],
  filled: [
    'filled.rename(columns={"a": "aa"}, inplace=True); filled.fillna(0, inplace=True)',
    { k: "o.k?", aa: "o.a?", b: "o.b?", r: "o.r?" },
  ],
  dropped: ["dropped.dropna(inplace=True)", { k: "o.k", a: "o.a", b: "o.b", r: "o.r" }],
};

test.each(["oldest", "newest"] as const)(
  "what a method changes in place keeps its sources, on %s",
  { timeout: 600_000 },
  async (env) => {
    await using tools = await recorded(
      env,
      Object.entries(inPlace).map(([name, [statement]]) => `${name} = o.copy(); ${statement}`),
    );
    for (const [name, [, expected]] of Object.entries(inPlace))
      expect([name, await sources(tools, name)]).toEqual([name, expected]);
  },
);

test.each(["oldest", "newest"] as const)(
  "an ordered merge has keys of both sides; a level of the labels has the columns under it, on %s",
  { timeout: 600_000 },
  async (env) => {
    await using tools = await recorded(env, [
      'merged = pd.merge_ordered(o, p, on="k")',
      'left = pd.merge_ordered(o, p, on="k", how="left")',
      'levels = o.groupby("r").agg({"a": ["min", "max"], "b": "sum"})',
      'level = levels["a"]',
    ]);
    expect(await sources(tools, "merged")).toEqual({ k: "o.k p.k", a: "o.a", b: "o.b", r: "o.r", w: "p.w" });
    expect(await sources(tools, "left")).toEqual({ k: "o.k", a: "o.a", b: "o.b", r: "o.r", w: "p.w" });
    expect(await sources(tools, "level")).toEqual({ r: "o.r", min: "o.a", max: "o.a" });
  },
);

test("a lazy frame's columns pass through steps that name others, beside SQL in the same cell", {
  timeout: 600_000,
}, async () => {
  await using tools = await recorded("newest", [
    "import polars as pl",
    "import duckdb",
    "lo, lp = pl.from_pandas(o).lazy(), pl.from_pandas(p).lazy()",
    'grouped = lo.filter(pl.col("a") > 1).with_columns((pl.col("a") + pl.col("b")).alias("c")).group_by("r").agg(pl.col("c").sum()).collect()',
    'joined = lo.join(lp, on="k").select("b", "w").collect()',
    'asked = duckdb.sql("SELECT k FROM o").df()',
  ]);
  expect(await sources(tools, "grouped")).toEqual({ r: "o.r", c: "o.a o.b" });
  expect(await sources(tools, "joined")).toEqual({ b: "o.b?", w: "p.w?" });
  expect(await sources(tools, "asked")).toEqual({ k: "o.k" });
});

test("columns of nothing are told from columns of what was not seen", { timeout: 600_000 }, async () => {
  await using tools = await recorded("newest", [
    "import numpy as np",
    "made = o.assign(one=1, lost=np.where(o['a'] > 1, o['b'], 0))",
    "all_lost = pd.DataFrame(o.to_dict('list'))",
    "nothing = pd.DataFrame({'x': 1, 'y': 'z'}, index=[0])",
  ]);
  expect(await sources(tools, "made")).toMatchObject({ a: "o.a", one: "", lost: "?" });
  const reason = async (dataset: string) =>
    (await tools.ask<{ reason: string }>("get_column_lineage", { dataset })).reason;
  expect(await reason("all_lost")).toContain("not captured");
  expect(await reason("nothing")).toBe("its columns are literals");
});

test("what was made where nobody looked is taken to come from what its cell read, coarsely", {
  timeout: 600_000,
}, async () => {
  await using tools = await recorded("newest", [
    "import polars as pl",
    "parts = pl.from_pandas(o).partition_by('r')",
    "part = parts[0]",
    "wide = pd.concat([o[['b']].rename(columns={'b': f'b{n}'}) for n in range(200)], axis=1)",
    "turned = wide.apply(lambda row: row, axis=1)",
    "literal = pd.DataFrame({'x': [1, 2]})",
  ]);
  const from = async (node: string) => {
    const answer = await tools.ask<{ edges: { from: string }[]; nodes: Record<string, string>[] }>(
      "get_lineage",
      { node, depth: 1 },
    );
    const root = answer.nodes.find(({ label }) => label === node);
    return [root?.confidence, answer.edges.map((edge) => edge.from.split("/").at(-1))];
  };
  expect(await from("part")).toEqual(["coarse", ["o"]]);
  expect(await from("turned")).toEqual(["coarse", ["o"]]);
  expect(await from("literal")).toEqual(["inferred", []]);
});
