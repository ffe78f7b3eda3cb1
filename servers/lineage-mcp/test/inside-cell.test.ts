import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { pythonOf, runPython } from "./support/python.ts";
import { openRecorded, tempFolder } from "./support/recorded.ts";

test("a frame used only by the cell that made it has dependents, their columns said to be coarse", {
  timeout: 600_000,
}, async () => {
  const notebook = join(tempFolder(), "inside.py");
  writeFileSync(
    notebook,
    `import marimo

app = marimo.App()


@app.cell
def made():
    import pandas as pd

    raw = pd.DataFrame({"a": [1, 2], "b": [3, 4]})
    clean = raw.dropna()
    final = clean.assign(c=clean["a"] + 1)
    same = final
    return (final,)


@app.cell
def used(final):
    total = final.groupby("b", as_index=False)["c"].sum()
    return


if __name__ == "__main__":
    app.run()
`,
  );
  const home = tempFolder();
  expect(await runPython(await pythonOf("newest"), [notebook], home)).toMatchObject({ code: 0 });
  await using tools = openRecorded(join(home, "events"));

  const lineage = await tools.ask<{ edges: { from: string; to: string; cell: string }[] }>("get_lineage", {
    node: "clean",
    direction: "downstream",
  });
  const last = (id: string) => id.split("/").at(-1);
  expect(lineage.edges.map(({ from, to, cell }) => `${last(from)} > ${last(to)} ${cell}`).sort()).toEqual([
    "clean > final made",
    "clean > same made",
    "final > total used",
  ]);

  for (const column of [undefined, "a"]) {
    const impact = await tools.ask<{ affected: { label: string; confidence: string }[] }>("get_impact", {
      node: "clean",
      ...(column === undefined ? {} : { column }),
    });
    expect(impact.affected.map(({ label, confidence }) => `${label} ${confidence}`)).toEqual([
      "final coarse",
      "same coarse",
      "total coarse",
    ]);
  }
  const after = await tools.ask<{ affected: { label: string; confidence: string }[] }>("get_impact", {
    node: "final",
    column: "c",
  });
  expect(after.affected).toContainEqual(
    expect.objectContaining({ label: "total", columns: ["c"], confidence: "exact" }),
  );
  const answer = await tools.call("get_column_lineage", { dataset: "clean", direction: "downstream" });
  expect(answer).toMatchObject({
    success: true,
    data: { reason: expect.stringContaining("only inside the cell") },
    warnings: [expect.stringContaining("final, same")],
  });
});
