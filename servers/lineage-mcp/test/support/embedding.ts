import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect } from "vitest";
import { type Recorded, tempFolder } from "./recorded.ts";

/** A notebook of these cells; each ends with its own return. */
export function notebook(name: string, cells: readonly string[], head = ""): string {
  const folder = tempFolder();
  const body = cells.map((cell) => `@app.cell\n${cell}\n`).join("\n\n");
  const file = join(folder, name);
  writeFileSync(
    file,
    `import marimo\n\napp = marimo.App()\n${head}\n\n${body}\n\nif __name__ == "__main__":\n    app.run()\n`,
  );
  return file;
}

/** An app to embed: a frame `part`, its sums per key `total`. */
export const child =
  'def inner():\n    import pandas as pd\n\n    part = pd.DataFrame({"k": [1, 2, 2], "a": [1, 2, 3]})\n    total = part.groupby("k")["a"].sum().reset_index()\n    return part, pd, total';

/** A notebook with a `total` of its own that embeds that app and a clone of it. */
export function embedding(): string {
  const folder = dirname(notebook("child_app.py", [child]));
  return notebook("outer.py", [
    `def _():\n    import sys\n\n    sys.path.insert(0, ${JSON.stringify(folder)})\n    import child_app\n    import pandas as pd\n    return child_app, pd`,
    'def own(pd):\n    total = pd.DataFrame({"z": [1, 2]})\n    return (total,)',
    'async def hold(child_app, total):\n    _first = await child_app.app.embed()\n    _second = await child_app.app.clone().embed()\n    outer = _first.defs["total"].merge(_second.defs["total"], on="k", suffixes=("", "_2")).assign(z=total["z"])\n    return (outer,)',
  ]);
}

/** Each of its totals is a dataset, and found by its name. */
export async function holdsApart(tools: Recorded): Promise<void> {
  const rows = async (sql_query: string) =>
    (await tools.ask<{ rows: unknown[][] }>("query_memories", { sql_query })).rows;
  expect(await rows("SELECT variable FROM datasets WHERE kind = 'variable' ORDER BY variable")).toEqual([
    ["child_app#2.part"],
    ["child_app#2.total"],
    ["child_app.part"],
    ["child_app.total"],
    ["outer"],
    ["total"],
  ]);
  expect(await rows("SELECT cell_name, mode FROM cell_runs WHERE mode = 'embed'")).toEqual([
    ["inner", "embed"],
    ["inner", "embed"],
  ]);
  const { edges } = await tools.ask<{ edges: Record<string, string>[] }>("get_column_lineage", {
    dataset: "outer",
    depth: 1,
  });
  const shown = edges.map(
    ({ from, from_column, to_column }) => `${from?.split("/").at(-1)}.${from_column} > ${to_column}`,
  );
  expect(shown.sort()).toEqual([
    "child_app#2.total.a > a_2",
    "child_app.total.a > a",
    "child_app.total.k > k",
    "total.z > z",
  ]);
  expect(await tools.ask("describe_dataframe", { name: "total" })).toMatchObject({
    columns: [{ name: "z" }],
  });
  expect(await tools.ask("describe_dataframe", { name: "child_app.total" })).toMatchObject({
    columns: [{ name: "k" }, { name: "a" }],
  });
  expect(await tools.refused("describe_dataframe", { name: "part" })).toMatchObject({
    code: "AMBIGUOUS",
    hint: "Name the embedded app too.",
  });
}
