import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { pythonOf, runPython } from "./support/python.ts";
import { tempFolder } from "./support/recorded.ts";

/** The modules that notice wrappers first; all of them in the long form. */
const modules =
  process.env.SOAK_SECONDS !== undefined
    ? []
    : [
        "indexing/test_chaining_and_caching.py",
        "copy_view/test_chained_assignment_deprecation.py",
        "copy_view/test_constructors.py",
        "frame/methods/test_drop.py",
        "frame/methods/test_sort_values.py",
        "groupby/aggregate/test_other.py",
      ];

async function results(python: string, mode: "on" | "off"): Promise<Record<string, string>> {
  const out = join(tempFolder(), "results.json");
  const suite = join(import.meta.dirname, "python/pandas_suite.py");
  await runPython(python, [suite, out, ...modules], undefined, {
    LINEAGE_SUITE: mode,
    LINEAGE_MCP_HOME: tempFolder(),
  });
  return (JSON.parse(readFileSync(out, "utf8")) as { results: Record<string, string> }).results;
}

test.each(["oldest", "middle", "newest"] as const)(
  "pandas' own tests have the same results with the recorder, on %s",
  { timeout: 1_800_000 },
  async (name) => {
    const python = await pythonOf(name);
    const [off, on] = [await results(python, "off"), await results(python, "on")];
    expect(Object.keys(off).length).toBeGreaterThan(100);
    expect(on).toEqual(off);
  },
);
