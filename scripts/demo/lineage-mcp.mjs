import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openServer } from "../run/open-server.mjs";
import { rootDir } from "../run/workspace.mjs";
import { ask, show } from "./calls.mjs";

/** A notebook nobody prepared runs, recorded where marimo is at hand, and a client asks about it. */
export async function demo(screen) {
  const folder = mkdtempSync(join(tmpdir(), "lineage-demo-"));
  cpSync(join(rootDir, "servers/lineage-mcp/test/notebooks"), folder, { recursive: true });
  const notebook = join(folder, "shop.py");
  const before = readFileSync(notebook, "utf8");
  const live = hasMarimo();
  const args = live
    ? ["--notebook", notebook, "--launch", "script", "--data-dir", join(folder, "home")]
    : ["--demo"];
  const server = await openServer("lineage-mcp", args);
  try {
    screen.title("lineage-mcp: an untouched notebook explains itself");
    screen.text(
      live
        ? "A client started the server, and the server started marimo on a notebook that knows nothing of it."
        : "marimo is not installed here, so a client asks about the recorded session that ships.",
    );
    if (live) await finished(server);
    await questions(server, screen);
    if (readFileSync(notebook, "utf8") !== before) throw new Error("the notebook's file was changed");
    screen.title(live ? "The notebook's file is unchanged" : "Done");
    screen.text("Try it yourself: node servers/lineage-mcp/dist/cli.js --notebook NOTEBOOK --launch edit");
  } finally {
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function questions(server, screen) {
  const { runs } = await show(server, screen, "get_cell_runs", { order: "slowest", limit: 5 });
  screen.table(
    ["cell", "status", "ms"],
    runs.map((run) => [run.cell_name, run.status, Math.round(run.duration_ms)]),
  );

  const { edges } = await show(server, screen, "get_lineage", { node: "summary.csv", depth: 0 });
  screen.table(
    ["from", "to", "made by cell"],
    edges.map((edge) => [last(edge.from), last(edge.to), edge.cell]),
  );

  const columns = await show(server, screen, "get_column_lineage", {
    dataset: "summary",
    column: "total",
    depth: 0,
  });
  screen.table(
    ["from", "to", "how", "confidence"],
    columns.edges.map((edge) => [
      `${last(edge.from)}.${edge.from_column}`,
      `${last(edge.to)}.${edge.to_column}`,
      edge.transformation.toLowerCase(),
      edge.confidence,
    ]),
  );

  const { errors } = await show(server, screen, "get_errors", {});
  screen.table(
    ["cell", "error", "line"],
    errors
      .slice(0, 1)
      .map((error) => [error.cell_name, `${error.error_type} ${error.error_message}`, error.error_line]),
  );

  const sql = "SELECT op, count(*) AS calls FROM df_ops GROUP BY op ORDER BY calls DESC, op LIMIT 3";
  screen.call("query_memories", { sql });
  const { rows } = await ask(server, "query_memories", { sql_query: sql });
  screen.table(["operation", "calls"], rows);
}

/** The last cell of the sample fails on purpose. */
async function finished(server) {
  for (const end = Date.now() + 60_000; Date.now() < end; ) {
    const answer = await server.call("get_errors", {});
    if (answer.success && answer.data.total > 0) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("the notebook did not end within a minute");
}

function last(id) {
  return id.split("/").at(-1);
}

function hasMarimo() {
  try {
    execFileSync("python3", ["-c", "import marimo, pandas, polars, duckdb"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
