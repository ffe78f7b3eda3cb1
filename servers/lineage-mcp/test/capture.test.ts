import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { interpreters } from "../scripts/python-env.mjs";
import { createEventValidator } from "../src/events/validate.ts";
import { listEventFiles } from "../src/ingest/files.ts";
import { bootstrapFolder } from "../src/python/environment.ts";
import { envNames, pythonOf, runPython, shopNotebook } from "./support/python.ts";
import { openRecorded, tempFolder } from "./support/recorded.ts";

const slow = 600_000;

function eventsOf(home: string) {
  const validator = createEventValidator();
  return listEventFiles(join(home, "events")).flatMap(({ absolute }) =>
    readFileSync(absolute, "utf8")
      .split("\n")
      .filter(Boolean)
      .map((line) => validator.line(line)),
  );
}

test.each(envNames)(
  "a notebook nobody prepared, on %s: same bytes, output and failure; right answers",
  { timeout: slow },
  async (name) => {
    const python = await pythonOf(name);
    const notebook = shopNotebook();
    const before = readFileSync(notebook);
    const home = tempFolder();
    const plain = await runPython(python, [notebook]);
    const recorded = await runPython(python, [notebook], home);
    expect(readFileSync(notebook).equals(before)).toBe(true);
    expect(recorded.stdout).toBe(plain.stdout);
    expect(recorded.code).toBe(plain.code);
    expect(recorded.stderr).toBe(plain.stderr);

    const events = eventsOf(home);
    expect(events.filter((event) => !event.ok)).toEqual([]);
    await using tools = openRecorded(join(home, "events"));
    const runs = await tools.ask<{ runs: { cell_name: string; status: string }[] }>("get_cell_runs", {});
    expect(runs.runs.map(({ cell_name, status }) => `${cell_name} ${status}`).sort()).toEqual([
      "broken failed",
      "enrich completed",
      "load_orders completed",
      "load_rates completed",
      "rank_with_sql completed",
      "save completed",
      "setup completed",
      "summarise completed",
      "with_polars completed",
    ]);
    const columns = await tools.ask<{ edges: Record<string, unknown>[] }>("get_column_lineage", {
      dataset: "summary.csv",
      column: "total",
      depth: 0,
    });
    expect(columns.edges).toContainEqual(
      expect.objectContaining({
        from: join(dirname(notebook), "data", "orders.csv"),
        from_column: "amount",
        confidence: "exact",
      }),
    );
    const sql = await tools.ask<{ edges: Record<string, unknown>[] }>("get_column_lineage", {
      dataset: "ranked",
      depth: 1,
    });
    expect(sql.edges.map(({ from_column, to_column }) => `${from_column}>${to_column}`).sort()).toEqual([
      "customer>customer",
      "euros>best",
    ]);
  },
);

test.each(envNames)(
  "every run of a cell has one START and one terminal event, on %s",
  { timeout: slow },
  async (name) => {
    const home = tempFolder();
    await runPython(await pythonOf(name), [shopNotebook()], home);
    const kinds = new Map<string, string[]>();
    for (const checked of eventsOf(home)) {
      if (!checked.ok || checked.family !== "lineage") continue;
      const { runId } = checked.event.run as { runId: string };
      kinds.set(runId, [...(kinds.get(runId) ?? []), String(checked.event.eventType)]);
    }
    expect(kinds.size).toBe(10);
    for (const list of kinds.values()) {
      expect(list).toHaveLength(2);
      expect(list[0]).toBe("START");
      expect(["COMPLETE", "FAIL"]).toContain(list[1]);
    }
  },
);

test("cells that do not parse are named, the others are recorded", { timeout: slow }, async () => {
  const python = await pythonOf("newest");
  const notebook = join(tempFolder(), "odd.py");
  writeFileSync(
    notebook,
    'import marimo\n\napp = marimo.App()\n\n\n@app.cell\ndef good():\n    x = 1\n    return (x,)\n\n\napp._unparsable_cell("x = = 2", name="bad")\n\n\n@app.cell\ndef later(x):\n    y = x + 1\n    return (y,)\n',
  );
  const home = tempFolder();
  await runPython(
    python,
    [
      "-c",
      `import runpy, marimo, importlib.util as u; s=u.spec_from_file_location('__main__', ${JSON.stringify(notebook)}); m=u.module_from_spec(s); s.loader.exec_module(m)\ntry:\n    m.app.run()\nexcept BaseException as e: print(type(e).__name__)`,
    ],
    home,
  );
  const found = execFileSync(python, [join(bootstrapFolder(), "lineage_mcp_capture", "cells.py"), notebook], {
    encoding: "utf8",
  });
  expect(JSON.parse(found)[0].cells).toMatchObject([
    { name: "good", unparsable: false },
    { name: "bad", unparsable: true, problem: expect.stringContaining("invalid syntax") },
    { name: "later" },
  ]);
});

test("the recorder is syntax of 3.10 and compiles on every Python of the machine", () => {
  const found = interpreters();
  expect(found.length).toBeGreaterThan(0);
  const check =
    "import ast,pathlib,sys\nfor f in pathlib.Path(sys.argv[1]).rglob('*.py'): ast.parse(f.read_text(), feature_version=(3, 10)); compile(f.read_text(), str(f), 'exec')";
  for (const { path } of found) execFileSync(path, ["-c", check, bootstrapFolder()], { stdio: "pipe" });
});

test.each(interpreters().map(({ version, path }) => [version, path]))(
  "Python %s starts under the bootstrap, prints nothing and chains the sitecustomize it hides",
  (_version, path) => {
    const other = tempFolder();
    writeFileSync(join(other, "sitecustomize.py"), "import builtins\nbuiltins.chained = True\n");
    const out = execFileSync(path, ["-c", "print(chained)"], {
      encoding: "utf8",
      env: { ...process.env, PYTHONPATH: `${bootstrapFolder()}:${other}`, PYTHONDONTWRITEBYTECODE: "1" },
    });
    expect(out.trim()).toBe("True");
  },
);

test("a full disk costs events, never the notebook", { timeout: slow }, async () => {
  const python = await pythonOf("newest");
  const notebook = shopNotebook();
  const plain = await runPython(python, [notebook]);
  const full = await runPython(
    python,
    [
      "-c",
      `import resource, runpy, signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN); resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096)); runpy.run_path(${JSON.stringify(notebook)}, run_name="__main__")`,
    ],
    tempFolder(),
  );
  expect(full.stdout).toBe(plain.stdout);
  expect(full.stderr.trim().split("\n").at(-1)).toBe(plain.stderr.trim().split("\n").at(-1));
});

test.each(["oldest", "newest"] as const)(
  "a tight loop on %s is counted, and its lineage is whole",
  { timeout: slow },
  async (name) => {
    const python = await pythonOf(name);
    const folder = tempFolder();
    const notebook = join(folder, "loop.py");
    writeFileSync(join(folder, "in.csv"), "k,a,b\n1,2,3\n2,3,4\n");
    writeFileSync(
      notebook,
      `import marimo

app = marimo.App()


@app.cell
def read():
    import pandas as pd

    source = pd.read_csv(${JSON.stringify(join(folder, "in.csv"))})
    return pd, source


@app.cell
def loop(source):
    for _ in range(700):
        _part = source[source["a"] > 1]
        _part = _part.assign(c=_part["a"] * 2 + _part["b"])
        _part["d"] = _part["c"] - 1
        made = _part.groupby("k")["d"].sum().reset_index().sort_values("d")
    return (made,)


@app.cell
def grow(source):
    grown = source
    for _at in range(60):
        grown = grown.assign(a=grown["a"] + _at)
    return (grown,)


if __name__ == "__main__":
    app.run()
`,
    );
    const home = tempFolder();
    expect(await runPython(python, [notebook], home)).toMatchObject({ code: 0, stderr: "" });
    const ops = eventsOf(home).flatMap((checked) =>
      checked.ok && checked.event.event_type === "dataframe_lineage" ? [checked.event] : [],
    );
    const calls = new Map<string, number>();
    for (const { operation_method, params } of ops) {
      const repeats = Number((params as { repeats?: number } | undefined)?.repeats ?? 1);
      calls.set(String(operation_method), (calls.get(String(operation_method)) ?? 0) + repeats);
    }
    expect(ops.length).toBeLessThan(1_200);
    expect(Object.fromEntries(calls)).toMatchObject({
      __gt__: 700,
      __mul__: 700,
      __sub__: 700,
      "groupby.sum": 700,
      reset_index: 700,
      sort_values: 700,
    });
    await using tools = openRecorded(join(home, "events"));
    expect(await tools.ask("get_column_lineage", { dataset: "made", depth: 0 })).toMatchObject({
      edges: expect.arrayContaining(
        ["a", "b"].map((from_column) =>
          expect.objectContaining({ from_column, to_column: "d", confidence: "exact" }),
        ),
      ),
    });
    expect(await tools.ask("get_column_lineage", { dataset: "grown", column: "a", depth: 1 })).toMatchObject({
      edges: [{ from_column: "a", confidence: "exact" }],
    });
    const { runs } = await tools.ask<{ runs: { skipped?: number }[] }>("get_cell_runs", {});
    expect(runs.length).toBe(3);
  },
);

test.each(["oldest", "newest"] as const)(
  "pyarrow's files are datasets, and an interrupted cell is one, on %s",
  { timeout: slow },
  async (name) => {
    const folder = tempFolder();
    const file = join(folder, "f.parquet");
    const notebook = join(folder, "stop.py");
    writeFileSync(
      notebook,
      `import marimo

app = marimo.App()


@app.cell
def files():
    import pandas as pd
    import pyarrow.parquet as pq

    pd.DataFrame({"k": [1, 1]}).to_parquet(${JSON.stringify(file)})
    table = pq.read_table(${JSON.stringify(file)})
    return (table,)


@app.cell
def wait(table):
    import os, signal, threading, time

    threading.Timer(0.2, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
    time.sleep(60)
    return


if __name__ == "__main__":
    app.run()
`,
    );
    const home = tempFolder();
    const done = await runPython(await pythonOf(name), [notebook], home);
    expect(done.stderr.trim().split("\n").at(-1)).toBe("KeyboardInterrupt");
    const events = eventsOf(home).flatMap((checked) => (checked.ok ? [checked.event] : []));
    expect(events.filter(({ event_type }) => event_type === "cell_execution_interrupted")).toMatchObject([
      { cell_name: "wait" },
    ]);
    const operations = events.filter(({ event_type }) => event_type === "dataframe_lineage");
    expect(operations.map(({ operation_method, dataset }) => [operation_method, dataset])).toEqual([
      ["DataFrame", undefined],
      ["to_parquet", { namespace: "file", name: file }],
      ["read_table", { namespace: "file", name: file }],
    ]);
  },
);

test.each(["oldest", "newest"] as const)(
  "a constant column beside those of a known frame comes from nothing, on %s",
  { timeout: slow },
  async (name) => {
    const notebook = join(tempFolder(), "constant.py");
    writeFileSync(
      notebook,
      `import marimo

app = marimo.App()


@app.cell
def one():
    import pandas as pd

    total = pd.DataFrame({"k": [1, 2, 2], "a": [1, 2, 3]}).set_index("k")
    return pd, total


@app.cell
def two(total):
    made = total.assign(b=7)
    return (made,)


if __name__ == "__main__":
    app.run()
`,
    );
    const home = tempFolder();
    expect(await runPython(await pythonOf(name), [notebook], home)).toMatchObject({ code: 0 });
    await using tools = openRecorded(join(home, "events"));
    const { edges } = await tools.ask<{ edges: { from_column: string; to_column: string }[] }>(
      "get_column_lineage",
      { dataset: "made", depth: 1 },
    );
    expect(edges.map(({ from_column, to_column }) => `${from_column} > ${to_column}`).sort()).toEqual([
      "a > a",
      "k > k",
    ]);
  },
);
