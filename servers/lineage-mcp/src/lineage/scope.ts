import { ToolError } from "@mcp-data/core";
import type { Memory } from "../store/memory.ts";

export interface Dataset {
  readonly namespace: string;
  readonly name: string;
}

/** How a dataset is called in answers, and may be called in questions. */
export function idOf({ namespace, name }: Dataset): string {
  if (namespace === "inmemory://" || namespace === "file") return name;
  return `${namespace}/${name}`;
}

export function labelOf({ namespace, name }: Dataset): string {
  if (namespace === "inmemory://") return name.split("/").slice(2).join("/") || name;
  return namespace === "file" ? (name.split(/[/\\]/).at(-1) ?? name) : name;
}

/** A cell was named where one dataset is asked for. */
export function notOne(datasets: readonly Dataset[]): ToolError {
  return new ToolError("NOT_FOUND", "That is a cell, not one dataset.", {
    hint:
      datasets.length === 0
        ? "Its latest run made no frame and wrote no file; get_cell_runs and get_errors tell of the cell."
        : `Ask for one of: ${datasets.map(idOf).join(", ").slice(0, 800)}.`,
  });
}

/** What a question is limited to; empty: everything. */
export interface Scope {
  readonly hash: string;
  readonly session: string;
}

/** A notebook by path, file name or hash, or one session by its id. NOT_FOUND, AMBIGUOUS. */
export async function scopeOf(memory: Memory, given: string | undefined): Promise<Scope> {
  if (given === undefined) return { hash: "", session: "" };
  await memory.fresh();
  const known = await memory.rows("SELECT DISTINCT notebook_hash, notebook_path AS path FROM sessions");
  const fits = known.filter(
    ({ notebook_hash: hash, path }) => hash === given || path === given || String(path).endsWith(`/${given}`),
  );
  if (fits.length === 1) return { hash: String(fits[0]?.notebook_hash), session: "" };
  if (fits.length > 1) {
    throw new ToolError("AMBIGUOUS", "Several notebooks have that name.", {
      hint: "Give the whole path, or the hash list_notebooks shows.",
      details: { notebooks: fits.slice(0, 10).map((each) => each.path) },
    });
  }
  const [session] = await memory.rows(
    "SELECT session_id, notebook_hash FROM sessions WHERE session_id = $1",
    [given],
  );
  if (session !== undefined) return { hash: String(session.notebook_hash), session: given };
  throw new ToolError("NOT_FOUND", "No such notebook or session was recorded.", {
    hint:
      known.length === 0
        ? "Nothing was recorded yet; get_status says why."
        : "list_notebooks shows those that were.",
    details: { reason: known.length === 0 ? "never_ran" : "unknown" },
  });
}

export interface NodeRequest {
  readonly node: string;
  readonly notebook?: string | undefined;
}

export interface Resolved {
  readonly datasets: readonly Dataset[];
  /** Set when the node is a cell: the datasets are what its latest run made. */
  readonly cell?: string;
  readonly run?: string;
}

/** A variable, file, dataset or cell by its name, a variable of an embedded app with or without the app's; the newest session counts unless one is named. */
export async function resolveNode(memory: Memory, request: NodeRequest): Promise<Resolved> {
  const { node } = request;
  const { hash, session } = await scopeOf(memory, request.notebook);
  const datasets = await memory.rows(
    `SELECT d.namespace, d.name, d.variable, d.kind, d.notebook_hash, d.session_id,
            coalesce((SELECT max(v.created_at) FROM dataset_versions v WHERE v.namespace = d.namespace AND v.name = d.name), d.first_seen) AS seen
     FROM datasets d
     WHERE (d.variable = $1 OR d.name = $1 OR d.namespace || '/' || d.name = $1 OR (d.kind <> 'variable' AND ends_with(d.name, '/' || $1)) OR ends_with(d.variable, '.' || $1))
       AND ($2 = '' OR d.notebook_hash = $2 OR d.kind <> 'variable') AND ($3 = '' OR d.session_id = $3 OR d.kind <> 'variable')
     ORDER BY coalesce(ends_with(d.variable, '.' || $1), false), seen DESC LIMIT 50`,
    [node, hash, session],
  );
  const [first] = datasets;
  if (first !== undefined) {
    const whole = first.variable === node;
    const rivals = datasets.filter(
      (each) =>
        each.name !== first.name &&
        each.kind === first.kind &&
        (each.notebook_hash !== first.notebook_hash || first.kind !== "variable" || !whole) &&
        // A notebook's own variable comes before those of apps it embeds.
        (whole
          ? each.variable === node
          : first.kind !== "variable" ||
            each.variable !== first.variable ||
            each.notebook_hash !== first.notebook_hash),
    );
    if (rivals.length > 0 && first.name !== node) {
      throw new ToolError("AMBIGUOUS", `Several datasets are called ${node}.`, {
        hint:
          first.kind !== "variable"
            ? "Give the whole path."
            : rivals.every((each) => each.notebook_hash === first.notebook_hash)
              ? "Name the embedded app too."
              : "Name the notebook.",
        details: {
          candidates: [first, ...rivals]
            .slice(0, 10)
            .map((each) => idOf({ namespace: String(each.namespace), name: String(each.name) })),
        },
      });
    }
    return { datasets: [{ namespace: String(first.namespace), name: String(first.name) }] };
  }
  return resolveCell(memory, node, hash, session);
}

async function resolveCell(memory: Memory, cell: string, hash: string, session: string): Promise<Resolved> {
  const [run] = await memory.rows(
    `SELECT run_id, cell_name, cell_id FROM cell_runs
     WHERE (cell_name = $1 OR cell_id = $1 OR run_id = $1 OR code_hash = $1) AND ($2 = '' OR notebook_hash = $2) AND ($3 = '' OR session_id = $3)
     ORDER BY started_at DESC LIMIT 1`,
    [cell, hash, session],
  );
  if (run === undefined) throw await notFound(memory, cell);
  const made = await memory.rows("SELECT DISTINCT namespace, name FROM dataset_versions WHERE run_id = $1", [
    String(run.run_id),
  ]);
  return {
    datasets: made.map((each) => ({ namespace: String(each.namespace), name: String(each.name) })),
    cell: run.cell_name === "_" ? String(run.cell_id) : String(run.cell_name),
    run: String(run.run_id),
  };
}

async function notFound(memory: Memory, node: string): Promise<ToolError> {
  const names = await memory.rows(
    `SELECT name FROM (SELECT DISTINCT coalesce(variable, name) AS name FROM datasets UNION SELECT DISTINCT cell_name FROM cell_runs WHERE cell_name <> '_')
     ORDER BY jaro_winkler_similarity(name, $1) DESC LIMIT 8`,
    [node],
  );
  return new ToolError("NOT_FOUND", `Nothing called ${node.slice(0, 100)} was recorded.`, {
    hint:
      names.length === 0
        ? "Nothing was recorded yet; get_status says why."
        : `Known are, among others: ${names.map((each) => String(each.name)).join(", ")}.`,
    details: { reason: names.length === 0 ? "never_ran" : "unknown" },
  });
}
