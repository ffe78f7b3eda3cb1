import type { Json } from "../events/validate.ts";

/** The operations of runs that are not over, kept because SQL among them is worked out here. */
export interface RunOps {
  schema(id: string, columns: readonly string[]): void;
  columns(id: string | undefined): readonly string[] | undefined;
  operation(event: Json): void;
  binding(event: Json): void;
  /** The operations of a run that used SQL; forgets the run. */
  take(run: string): readonly Json[] | undefined;
}

const maxRuns = 5_000;
const maxOps = 20_000;
const maxSchemas = 20_000;

export function createRunOps(): RunOps {
  const schemas = new Map<string, readonly string[]>();
  const runs = new Map<string, { ops: Json[]; sql: boolean }>();
  /** The oldest without SQL: it most likely never had any. */
  function forgetOne(): void {
    for (const [run, { sql }] of runs) {
      if (!sql) return void runs.delete(run);
    }
    runs.delete(runs.keys().next().value ?? "");
  }

  return {
    schema(id, columns) {
      if (schemas.size >= maxSchemas) schemas.delete(schemas.keys().next().value ?? "");
      schemas.set(id, columns);
    },
    columns: (id) => (id === undefined ? undefined : schemas.get(id)),
    operation(event) {
      const run = String(event.run_id);
      let known = runs.get(run);
      if (known === undefined) {
        if (runs.size >= maxRuns) forgetOne();
        known = { ops: [], sql: false };
        runs.set(run, known);
      }
      if (known.ops.length < maxOps) known.ops.push(event);
      if (event.operation_type === "sql") known.sql = true;
    },
    binding: () => undefined,
    take(run) {
      const known = runs.get(run);
      runs.delete(run);
      return known?.sql === true ? known.ops : undefined;
    },
  };
}
