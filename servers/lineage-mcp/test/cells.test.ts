import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { interpreters } from "../scripts/python-env.mjs";
import { bootstrapFolder } from "../src/python/environment.ts";
import { tempFolder } from "./support/recorded.ts";

test("functions and classes of a notebook are cells in the order of its file", () => {
  const file = join(tempFolder(), "shapes.py");
  writeFileSync(
    file,
    `import marimo

app = marimo.App()

with app.setup:
    import os


@app.function
def helper():
    return 1


@app.class_definition
class Report:
    pass


@app.cell
def last():
    return
`,
  );
  const [read] = JSON.parse(
    execFileSync(
      interpreters()[0]?.path ?? "python3",
      [join(bootstrapFolder(), "lineage_mcp_capture", "cells.py"), file],
      { encoding: "utf8" },
    ),
  ) as [{ cells: { name: string; index: number }[] }];
  expect(read.cells.map(({ name, index }) => `${index} ${name}`)).toEqual([
    "0 setup",
    "1 helper",
    "2 Report",
    "3 last",
  ]);
});
