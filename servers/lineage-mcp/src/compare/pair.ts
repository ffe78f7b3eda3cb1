import { ToolError } from "@mcp-data/core";
import type { Scope } from "../lineage/scope.ts";
import type { Memory, Record_ } from "../store/memory.ts";

export interface Pair {
  readonly kind: "run" | "session";
  readonly a: string;
  readonly b: string;
}

export interface PairRequest {
  readonly cell?: string | undefined;
  readonly run_a?: string | undefined;
  readonly run_b?: string | undefined;
}

interface Known {
  readonly kind: Pair["kind"];
  readonly id: string;
  readonly row: Record_;
}

/** The two that were named, or one and its neighbour, or the latest two of one notebook. NOT_FOUND, VALIDATION_ERROR. */
export async function chosenPair(memory: Memory, request: PairRequest, scope: Scope): Promise<Pair> {
  const a = request.run_a === undefined ? undefined : await known(memory, request.run_a);
  const b = request.run_b === undefined ? undefined : await known(memory, request.run_b);
  if (a !== undefined && b !== undefined) {
    if (a.kind !== b.kind) {
      throw new ToolError("VALIDATION_ERROR", `run_a is a ${a.kind} and run_b a ${b.kind}.`, {
        hint: "Give two runs of a cell, or two sessions; get_cell_runs shows both ids.",
      });
    }
    return { kind: a.kind, a: a.id, b: b.id };
  }
  const one = a ?? b;
  const others = one === undefined ? await latest(memory, request.cell, scope) : await like(memory, one);
  if (one === undefined) {
    const [later, earlier] = others;
    if (later === undefined || earlier === undefined) throw nothing(later === undefined);
    return {
      kind: request.cell === undefined ? "session" : "run",
      a: String(earlier.id),
      b: String(later.id),
    };
  }
  const later = others.filter(({ started_at }) => String(started_at) > String(one.row.started_at));
  const earlier = others.filter(({ started_at }) => String(started_at) <= String(one.row.started_at));
  const after = a === undefined ? later.at(-1) : later[0];
  const before = earlier[0];
  const second = (a === undefined ? (before ?? after) : (after ?? before)) as Record_ | undefined;
  if (second === undefined) throw nothing(false);
  const [first, last] = second === before ? [String(second.id), one.id] : [one.id, String(second.id)];
  return { kind: one.kind, a: first, b: last };
}

async function known(memory: Memory, id: string): Promise<Known> {
  const [run] = await memory.rows(
    "SELECT run_id, notebook_hash, cell_name, cell_id, started_at FROM cell_runs WHERE run_id = $1",
    [id],
  );
  if (run !== undefined) return { kind: "run", id, row: run };
  const [session] = await memory.rows(
    "SELECT session_id, notebook_hash, started_at FROM sessions WHERE session_id = $1",
    [id],
  );
  if (session !== undefined) return { kind: "session", id, row: session };
  throw new ToolError("NOT_FOUND", `No run or session ${id.slice(0, 100)} was recorded.`, {
    hint: "get_cell_runs shows run ids and session ids.",
    details: { reason: "unknown" },
  });
}

/** Others of the same cell, or the same notebook, latest first. */
function like(memory: Memory, { kind, id, row }: Known): Promise<Record_[]> {
  return kind === "run"
    ? memory.rows(
        `SELECT run_id AS id, started_at FROM cell_runs WHERE notebook_hash = $1 AND CASE WHEN $2 = '_' THEN cell_id = $3 ELSE cell_name = $2 END
           AND status <> 'running' AND run_id <> $4 ORDER BY started_at DESC`,
        [String(row.notebook_hash), String(row.cell_name), String(row.cell_id), id],
      )
    : memory.rows(
        `SELECT session_id AS id, started_at FROM sessions s WHERE notebook_hash = $1 AND session_id <> $2
           AND EXISTS (SELECT 1 FROM cell_runs r WHERE r.session_uuid = s.session_uuid) ORDER BY started_at DESC`,
        [String(row.notebook_hash), id],
      );
}

/** Of the notebook that ran last, unless one is named: cells of several may have one name. */
function latest(memory: Memory, cell: string | undefined, { hash, session }: Scope): Promise<Record_[]> {
  return cell === undefined
    ? memory.rows(
        `WITH s AS (SELECT session_id AS id, notebook_hash, started_at FROM sessions s WHERE ($1 = '' OR notebook_hash = $1)
           AND EXISTS (SELECT 1 FROM cell_runs r WHERE r.session_uuid = s.session_uuid))
         SELECT id FROM s WHERE notebook_hash = (SELECT max_by(notebook_hash, started_at) FROM s) ORDER BY started_at DESC LIMIT 2`,
        [hash],
      )
    : memory.rows(
        `WITH r AS (SELECT run_id AS id, notebook_hash, started_at FROM cell_runs WHERE (cell_name = $1 OR cell_id = $1) AND ($2 = '' OR notebook_hash = $2)
           AND ($3 = '' OR session_id = $3) AND status <> 'running')
         SELECT id FROM r WHERE notebook_hash = (SELECT max_by(notebook_hash, started_at) FROM r) ORDER BY started_at DESC LIMIT 2`,
        [cell, hash, session],
      );
}

function nothing(never: boolean): ToolError {
  return new ToolError("NOT_FOUND", "There are no two runs to compare.", {
    hint: "Run it again, name the notebook, or name run_a and run_b from get_cell_runs.",
    details: { reason: never ? "never_ran" : "ran_once" },
  });
}
