import { defineResource, type ResourceDefinition, ToolError } from "@mcp-data/core";
import { idOf } from "../lineage/scope.ts";
import type { Services } from "../services.ts";
import { filled } from "../tools/get-cell-runs.ts";

const base = "lineage://notebook/";

async function hashes(services: Services) {
  return services.memory.rows(
    "SELECT notebook_hash AS hash, any_value(notebook_path) AS path FROM sessions GROUP BY 1 ORDER BY max(started_at) DESC LIMIT 100",
  );
}

async function known(services: Services, hash: string): Promise<string> {
  await services.memory.fresh();
  const found = (await hashes(services)).find((each) => each.hash === hash);
  if (found === undefined)
    throw new ToolError("NOT_FOUND", "No such notebook was recorded.", {
      hint: "list_notebooks shows hashes.",
    });
  return String(found.path);
}

function lister(suffix: string, what: string): NonNullable<ResourceDefinition<Services>["list"]> {
  return async ({ services }) =>
    (await hashes(services)).map(({ hash, path }) => {
      const name = String(path).split(/[/\\]/).at(-1) ?? String(path);
      return {
        uri: `${base}${String(hash)}/${suffix}`,
        name: `${name}: ${what}`,
        mimeType: "application/json",
      };
    });
}

const graph = defineResource<Services>({
  name: "notebook_graph",
  title: "Notebook graph",
  description:
    "Cells of a notebook with what they define and use, the state of their latest run, and the frames that pass between them.",
  uriTemplate: `${base}{hash}/graph`,
  mimeType: "application/json",
  scopes: ["data:read"],
  list: lister("graph", "graph"),
  async read({ hash = "" }, { services }) {
    const path = await known(services, hash);
    const graph = { notebook: path, ...(await notebookGraph(services, hash)) };
    const text = JSON.stringify(graph);
    return {
      mimeType: "application/json",
      text: text.length <= longest ? text : JSON.stringify(lean(graph)),
    };
  },
});

/** Below the cap of a resource's text. */
const longest = 900_000;

/** Of a notebook of thousands of cells: what is connected with what, and how it went; names are written once. */
function lean({
  notebook,
  cells,
  frames,
  edges,
}: Awaited<ReturnType<typeof notebookGraph>> & { notebook: string }) {
  const datasets: string[] = [];
  const places = new Map<string, number>();
  const placeOf = (namespace: unknown, name: unknown) => {
    const id = idOf({ namespace: String(namespace), name: String(name) });
    const place = places.get(id) ?? datasets.push(id) - 1;
    places.set(id, place);
    return place;
  };
  return {
    notebook,
    left_out:
      "The notebook is large: defs and refs of cells and columns of frames are told by get_lineage and describe_dataframe; edges are pairs of places in datasets, a frame's is its dataset.",
    cells: cells.map(({ defs: _, refs: __, ...cell }) => filled(cell)),
    frames: frames.map(({ namespace, name, columns: _, cell_name: __, ...frame }) => ({
      dataset: placeOf(namespace, name),
      ...filled(frame),
    })),
    edges: edges.map((edge) => [
      placeOf(edge.in_namespace, edge.in_name),
      placeOf(edge.out_namespace, edge.out_name),
    ]),
    datasets,
  };
}

const runs = defineResource<Services>({
  name: "latest_runs",
  title: "Latest runs",
  description: "The latest 50 cell runs of a notebook.",
  uriTemplate: `${base}{hash}/runs/latest`,
  mimeType: "application/json",
  scopes: ["data:read"],
  list: lister("runs/latest", "latest runs"),
  async read({ hash = "" }, { services }) {
    const path = await known(services, hash);
    const rows = await services.memory.rows(
      "SELECT run_id, session_id, cell_id, cell_name, status, started_at, duration_ms, error_type FROM cell_runs WHERE notebook_hash = $1 ORDER BY started_at DESC LIMIT 50",
      [hash],
    );
    return { mimeType: "application/json", text: JSON.stringify({ notebook: path, runs: rows }) };
  },
});

export const resources: readonly ResourceDefinition<Services>[] = [graph, runs];

/** Both addresses change when anything of the notebook does. */
export function resourceUris(hash: string): string[] {
  return [`${base}${hash}/graph`, `${base}${hash}/runs/latest`];
}

/** Cells, their latest runs and the frames of the newest session. */
export async function notebookGraph(services: Pick<Services, "memory">, hash: string) {
  const { memory } = services;
  // Chosen once: a session that begins meanwhile must not mix with the one before.
  const [newest] = await memory.rows(
    "SELECT session_uuid, session_id FROM sessions WHERE notebook_hash = $1 ORDER BY started_at DESC, session_uuid DESC LIMIT 1",
    [hash],
  );
  const session = String(newest?.session_uuid ?? "");
  const cells = await memory.rows(
    `WITH g AS (SELECT session_uuid, max(seen_at) AS seen_at FROM cells WHERE notebook_hash = $1 GROUP BY 1 ORDER BY session_uuid = $2 DESC, seen_at DESC LIMIT 1)
     SELECT c.cell_id, c.cell_name, c.cell_index, c.defs, c.refs, c.parents, c.disabled, c.problem, r.latest.status AS status, r.latest.duration_ms AS duration_ms,
            r.latest.error_type AS error_type, r.latest.error_message AS error_message, r.runs
     FROM cells c JOIN g USING (session_uuid, seen_at)
     LEFT JOIN (SELECT cell_id, max_by(x, started_at) AS latest, count(*) AS runs FROM cell_runs x WHERE session_uuid = $2 GROUP BY ALL) r ON r.cell_id = c.cell_id
     ORDER BY c.cell_index, c.cell_id`,
    [hash, session],
  );
  const frames = await memory.rows(
    `WITH v AS (SELECT namespace, name, max_by(v, created_at) AS latest FROM dataset_versions v JOIN cell_runs r USING (run_id) WHERE r.session_uuid = $1 GROUP BY ALL)
     SELECT v.namespace, v.name, v.latest.row_count AS row_count, v.latest.columns AS columns, v.latest.confidence AS confidence, r.cell_id, r.cell_name
     FROM v JOIN cell_runs r ON r.run_id = v.latest.run_id ORDER BY v.name LIMIT 2000`,
    [session],
  );
  const edges = await memory.rows(
    `SELECT DISTINCT e.in_namespace, e.in_name, e.out_namespace, e.out_name FROM dataset_edges e JOIN cell_runs r USING (run_id)
     WHERE r.session_uuid = $1 LIMIT 5000`,
    [session],
  );
  return {
    cells: cells.map((cell) => ({
      ...cell,
      defs: parsed(cell.defs),
      refs: parsed(cell.refs),
      parents: parsed(cell.parents),
    })),
    frames: frames.map(
      (frame): Readonly<Record<string, unknown>> => ({
        ...frame,
        columns: parsed(frame.columns),
      }),
    ),
    edges,
  };
}

function parsed(value: unknown): unknown {
  return typeof value === "string" ? JSON.parse(value) : [];
}
