import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { cli } from "./support/cli.ts";
import { embedding, holdsApart } from "./support/embedding.ts";
import { alive, descendantsOf } from "./support/processes.ts";
import { pythonOf, runPython, shopNotebook } from "./support/python.ts";
import { openRecorded, tempFolder } from "./support/recorded.ts";

const shopRuns = [
  "broken failed",
  "enrich completed",
  "load_orders completed",
  "load_rates completed",
  "rank_with_sql completed",
  "save completed",
  "setup completed",
  "summarise completed",
  "with_polars completed",
];

type Ending = "stdin" | "SIGTERM" | "SIGINT" | "SIGKILL";

/** Opens the notebook in marimo's server, lets a driver run it as a browser would, and ends the server; nothing it started may stay. */
async function drive(
  mode: "edit" | "run",
  python: string,
  notebook: string,
  home: string,
  ending: Ending,
  clients: readonly string[] = ["abc123"],
  edited?: { readonly cell: string; readonly code: string },
): Promise<string> {
  const child = spawn(
    cli.command,
    [
      ...cli.args,
      "--notebook",
      notebook,
      "--launch",
      mode,
      "--python",
      python,
      "--data-dir",
      home,
      ...(ending === "stdin" ? [] : ["--standalone"]),
    ],
    {
      stdio: ["pipe", "ignore", "pipe"],
    },
  );
  let said = "";
  child.stderr.on("data", (bytes: Buffer) => {
    said += bytes.toString();
  });
  try {
    await expect
      .poll(() => /http:\/\/\S+/.exec(said)?.[0], { timeout: 60_000, interval: 200, message: said })
      .toBeDefined();
    const url = (/http:\/\/[\w.:/?=&%-]+/.exec(said)?.[0] ?? "").replace("localhost", "127.0.0.1");
    const driver = await pythonOf("newest");
    const driven = await Promise.all(
      clients.map((DRIVE_SESSION) =>
        runPython(
          driver,
          [
            join(import.meta.dirname, "python/drive.py"),
            url,
            ...(edited === undefined ? [] : ["again", edited.cell]),
          ],
          undefined,
          { DRIVE_SESSION, ...(edited === undefined ? {} : { DRIVE_CODE: edited.code }) },
        ),
      ),
    );
    const started = descendantsOf(child.pid ?? 0);
    // The leash, marimo's server, and for edit its kernel.
    expect(started.length).toBeGreaterThanOrEqual(mode === "edit" ? 3 : 2);
    const ended = once(child, "exit");
    if (ending === "stdin") child.stdin.end();
    else child.kill(ending);
    await ended;
    await expect.poll(() => started.filter(alive), { timeout: 30_000 }).toEqual([]);
    return driven.map(({ stdout, stderr }) => `${stdout}${stderr}`).join("");
  } finally {
    child.kill("SIGKILL");
  }
}

test.each([
  ["edit", "newest", "SIGTERM"],
  ["run", "newest", "SIGINT"],
  ["edit", "middle", "stdin"],
  ["edit", "newest", "SIGKILL"],
] as const)(
  "marimo %s on %s: every cell is recorded, the file keeps its bytes, nothing stays after %s",
  { timeout: 300_000 },
  async (mode, env, ending) => {
    const notebook = shopNotebook();
    const before = readFileSync(notebook);
    const home = tempFolder();
    const driven = await drive(mode, await pythonOf(env), notebook, home, ending);
    expect(driven).toMatch(/completed [1-9]/);
    expect(readFileSync(notebook).equals(before)).toBe(true);
    await using tools = openRecorded(join(home, "events"));
    const { runs } = await tools.ask<{ runs: { cell_name: string; status: string; mode: string }[] }>(
      "get_cell_runs",
      {},
    );
    expect([...new Set(runs.map((run) => run.mode))]).toEqual([mode]);
    expect(runs.map((run) => `${run.cell_name} ${run.status}`).sort()).toEqual(shopRuns);
    expect(
      await tools.ask("get_column_lineage", { dataset: "summary", column: "total", depth: 1 }),
    ).toMatchObject({ edges: [{ from_column: "euros", confidence: "exact" }] });
  },
);

test("two visitors of one served app: threads of one process, a session each, nothing mixed", {
  timeout: 300_000,
}, async () => {
  const home = tempFolder();
  const notebook = shopNotebook();
  // DuckDB refuses two threads on its default connection, whoever asks.
  const text = readFileSync(notebook, "utf8").replace("duckdb.sql(", "duckdb.connect().sql(");
  writeFileSync(notebook, text);
  const driven = await drive("run", await pythonOf("newest"), notebook, home, "SIGTERM", [
    "one111",
    "two222",
  ]);
  expect(driven.match(/completed [1-9]/g)).toHaveLength(2);
  await using tools = openRecorded(join(home, "events"));
  const rows = async (sql_query: string) =>
    (await tools.ask<{ rows: unknown[][] }>("query_memories", { sql_query })).rows;
  const sessions = await rows("SELECT session_id, pid FROM sessions");
  expect(sessions).toHaveLength(2);
  expect(sessions[0]?.[1]).toBe(sessions[1]?.[1]);
  for (const [session_id] of sessions) {
    const runs = await rows(
      `SELECT cell_name, status FROM cell_runs WHERE session_id = '${session_id}' ORDER BY cell_name`,
    );
    expect(runs.map((run) => run.join(" "))).toEqual(shopRuns);
    const sources = await rows(
      `SELECT DISTINCT in_name, in_column FROM column_edges WHERE out_name LIKE '%/${session_id}/summary' AND out_column = 'total' AND type = 'DIRECT'`,
    );
    expect(sources).toEqual([[expect.stringContaining(`/${session_id}/`), "euros"]]);
  }
});

test.each(["middle", "newest"] as const)(
  "an app embedded in a notebook open for editing, on %s: its cells by their names, its frames its own",
  { timeout: 300_000 },
  async (env) => {
    const home = tempFolder();
    await drive("edit", await pythonOf(env), embedding(), home, "SIGTERM");
    await using tools = openRecorded(join(home, "events"));
    await holdsApart(tools);
    const { rows } = await tools.ask<{ rows: unknown[][] }>("query_memories", {
      sql_query: "SELECT DISTINCT cell_name FROM cells ORDER BY 1",
    });
    expect(rows).toEqual([["_"], ["hold"], ["own"]]);
  },
);

test("a cell that is edited and run before it is saved is the same cell, and its runs are told apart", {
  timeout: 300_000,
}, async () => {
  const home = tempFolder();
  const code = 'summary = enriched.groupby("customer", as_index=False)["quantity"].sum()';
  await drive("edit", await pythonOf("newest"), shopNotebook(), home, "SIGTERM", undefined, {
    cell: "summarise",
    code,
  });
  await using tools = openRecorded(join(home, "events"));
  const { changes } = await tools.ask<{ changes: Record<string, unknown>[] }>("compare_runs", {
    cell: "summarise",
  });
  expect(changes).toMatchObject([
    {
      cell: "summarise",
      status: ["completed", "completed"],
      code: expect.arrayContaining([`+ ${code}`]),
      datasets: [{ name: "summary", added_columns: ["quantity"] }],
      added_lineage: expect.arrayContaining(["enriched.quantity -> summary.quantity"]),
    },
  ]);
});
