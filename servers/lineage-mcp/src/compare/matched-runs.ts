import type { Memory, Record_ } from "../store/memory.ts";
import type { Pair } from "./pair.ts";

export interface Matched {
  readonly pairs: readonly (readonly [Record_, Record_])[];
  /** Cells that ran in the one only. */
  readonly removed: readonly Record_[];
  readonly added: readonly Record_[];
}

/** Two runs, or the latest run of every cell of two sessions, each cell with what it became. */
export async function matchedRuns(
  memory: Memory,
  { kind, a, b, cell }: Pair & { readonly cell: string | undefined },
): Promise<Matched> {
  if (kind === "run") {
    const rows = await memory.rows("SELECT * FROM cell_runs WHERE run_id IN ($1, $2)", [a, b]);
    const of = (id: string) => rows.filter(({ run_id }) => run_id === id);
    return { pairs: of(a).flatMap((one) => of(b).map((two) => [one, two] as const)), removed: [], added: [] };
  }
  const load = (session: string) =>
    memory.rows(
      `SELECT r.* FROM cell_runs r WHERE session_id = $1 AND ($2 = '' OR cell_name = $2 OR cell_id = $2)
       QUALIFY row_number() OVER (PARTITION BY cell_id ORDER BY started_at DESC) = 1 ORDER BY cell_index, cell_id`,
      [session, cell ?? ""],
    );
  return match(await load(a), await load(b));
}

const same: readonly ((one: Record_, two: Record_) => boolean)[] = [
  (one, two) => one.cell_name !== "_" && one.cell_name === two.cell_name && one.code_hash === two.code_hash,
  (one, two) => one.cell_name !== "_" && one.cell_name === two.cell_name,
  (one, two) => one.code_hash === two.code_hash,
  (one, two) => one.cell_id === two.cell_id,
];

/** The surest likeness first; a cell is matched once. */
export function match(before: readonly Record_[], after: readonly Record_[]): Matched {
  const found = new Map<Record_, Record_>();
  const left = new Set(after);
  for (const alike of same) {
    for (const one of before) {
      if (found.has(one)) continue;
      for (const two of left) {
        if (!alike(one, two)) continue;
        found.set(one, two);
        left.delete(two);
        break;
      }
    }
  }
  return {
    pairs: before.flatMap((one) => {
      const two = found.get(one);
      return two === undefined ? [] : [[one, two] as const];
    }),
    removed: before.filter((one) => !found.has(one)),
    added: [...left],
  };
}
