import type { Logger } from "@mcp-data/core";
import type { SqlParser } from "@mcp-data/core/sql/duckdb";
import type { Json } from "../events/validate.ts";
import { refineRun } from "../lineage/refine.ts";
import type { RunOps } from "../lineage/run-ops.ts";
import type { Batch, ColumnEdge } from "./batch.ts";

export interface RunToRefine {
  readonly ops: readonly Json[];
  readonly event: Json;
}

/** Puts what its SQL tells in the place of the edges a run's event states. */
export async function refineEdges(
  one: RunToRefine,
  known: RunOps,
  batch: Batch,
  parser: SqlParser,
  logger: Logger,
): Promise<void> {
  try {
    const better = await refineRun(one.ops, one.event, known, parser);
    if (better === undefined) return;
    const run = String((one.event.run as Json).runId);
    const at = batch.columnEdges.get(run)?.[0]?.at ?? null;
    for (const [output, edges] of better) replaceEdges(batch, run, output, edges, at);
  } catch (err) {
    logger.warn("the SQL of a run could not be analysed", { err });
  }
}

function replaceEdges(
  batch: Batch,
  run: string,
  output: string,
  edges: readonly ColumnEdge[],
  at: ColumnEdge["at"],
): void {
  const ofOutput = (edge: { out_namespace: string; out_name: string }) =>
    `${edge.out_namespace}\n${edge.out_name}` === output;
  const before = batch.columnEdges.get(run) ?? [];
  const kept = before.filter((edge) => !ofOutput(edge));
  // Where it came from was only assumed.
  if (edges.length > 0 && kept.length === before.length) {
    const others = (batch.datasetEdges.get(run) ?? []).filter((edge) => !ofOutput(edge));
    batch.datasetEdges.set(run, others);
  }
  batch.columnEdges.set(run, [...kept, ...edges.map((edge) => ({ ...edge, at }))]);
  const linked = new Set(
    (batch.datasetEdges.get(run) ?? [])
      .filter(ofOutput)
      .map((edge) => `${edge.in_namespace}\n${edge.in_name}`),
  );
  for (const edge of edges) {
    const source = `${edge.in_namespace ?? ""}\n${edge.in_name ?? ""}`;
    if (linked.has(source) || source === output) continue;
    linked.add(source);
    batch.dataset({ namespace: edge.in_namespace, name: edge.in_name }, {}, at);
    batch.datasetEdge({
      run_id: run,
      out_namespace: edge.out_namespace,
      out_name: edge.out_name,
      in_namespace: edge.in_namespace ?? "",
      in_name: edge.in_name ?? "",
      at,
    });
  }
}
