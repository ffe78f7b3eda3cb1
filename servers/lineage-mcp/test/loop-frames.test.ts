import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { notebook } from "./support/embedding.ts";
import { type EnvName, pythonOf, runPython } from "./support/python.ts";
import { openRecorded, tempFolder } from "./support/recorded.ts";

test.each(["oldest", "newest"] satisfies EnvName[])(
  "frames one line of a loop made are told apart, on %s",
  { timeout: 600_000 },
  async (name) => {
    const file = join(tempFolder(), "in.csv");
    writeFileSync(file, "a,b\n1,2\n3,4\n");
    const path = notebook("kept.py", [
      `def read():\n    import pandas as pd\n\n    source = pd.read_csv(${JSON.stringify(file)})\n    return pd, source`,
      `def keep(source):\n    _kept = [source.rename(columns={"a": "z"}) for _ in range(700)]\n    one, other, changed = _kept[-3:]\n    changed["w"] = other["b"]\n    return changed, one, other`,
      "def use(one, other):\n    from_one, from_other = one.head(1), other.head(1)\n    return from_one, from_other",
    ]);
    const home = tempFolder();
    expect(await runPython(await pythonOf(name), [path], home)).toMatchObject({ code: 0, stderr: "" });
    await using tools = openRecorded(join(home, "events"));
    const from = async (dataset: string) => {
      const { edges } = await tools.ask<{ edges: Record<string, unknown>[] }>("get_column_lineage", {
        dataset,
        depth: 1,
      });
      return edges.map((edge) => `${edge.from}.${edge.from_column} ${edge.to_column}`.replace(/^.*\//, ""));
    };
    const untouched = ["source.b b", "source.a z"];
    expect(await from("one")).toEqual(untouched);
    expect(await from("other")).toEqual(untouched);
    expect(await from("from_one")).toEqual(["one.b b", "one.z z"]);
    expect(await from("from_other")).toEqual(["other.b b", "other.z z"]);
    expect(await from("changed")).toEqual(["source.b b", "source.b w", "source.a z"]);
  },
);
