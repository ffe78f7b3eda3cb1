import { canonicalJson } from "@mcp-data/core";
import type { Database } from "../store/database.ts";
import { diffShapes, type Inferred, inferSchema } from "./infer-schema.ts";
import type { OpenedDataset } from "./registry.ts";

export interface SchemaVersion {
  readonly number: number;
  readonly schema: Inferred;
  readonly diff: readonly string[];
  readonly created_at: string;
}

export interface Schemas {
  /** The schema version the data has now; a shape never seen gets the next number. */
  current(opened: OpenedDataset): SchemaVersion;
  list(dataset: string): SchemaVersion[];
  /** Undefined takes it away. */
  setMigration(dataset: string, from: number, functionKey: string | undefined, by: string): void;
  migrations(dataset: string): { from: number; function: string }[];
  /** Datasets that a function migrates. */
  migratedBy(functionKey: string): string[];
  /** Functions from the data's version up, in order. */
  migrationsFrom(dataset: string, number: number): string[];
  noteRun(version: string, dataset: string, number: number, failure: string | undefined): void;
  /** How a version of a tool did on each version of each dataset's schema. */
  compatibilityOf(version: string): { dataset: string; schema_number: number; ok: boolean; detail: string }[];
  compatibility(dataset: string): { version: string; schema_number: number; ok: boolean; detail: string }[];
}

export function createSchemas(db: Database, now: () => Date = () => new Date()): Schemas {
  const seen = new Map<string, SchemaVersion>();
  const read = (row: {
    number: number;
    schema: string;
    diff: string;
    created_at: string;
  }): SchemaVersion => ({
    ...row,
    schema: JSON.parse(row.schema),
    diff: JSON.parse(row.diff),
  });
  const list = (dataset: string) =>
    db
      .all<{ number: number; schema: string; diff: string; created_at: string }>(
        "SELECT number, schema, diff, created_at FROM dataset_schemas WHERE dataset = ? ORDER BY number",
        dataset,
      )
      .map(read);
  const shapeKey = ({ layout, element }: Inferred) => canonicalJson({ layout, element: element ?? null });

  return {
    list,
    current(opened) {
      const key = `${opened.name} ${opened.version}`;
      const known = seen.get(key);
      if (known !== undefined) return known;
      const inferred = inferSchema(opened.fd, opened.format);
      const version = db.transaction(() => {
        const all = list(opened.name);
        const same = all.findLast(({ schema }) => shapeKey(schema) === shapeKey(inferred));
        const at = now().toISOString();
        db.run(
          `INSERT INTO datasets (name, version, format, bytes, seen_at) VALUES (?, ?, ?, ?, ?)
           ON CONFLICT (name) DO UPDATE SET version = excluded.version, format = excluded.format, bytes = excluded.bytes, seen_at = excluded.seen_at`,
          opened.name,
          opened.version,
          opened.format,
          opened.size,
          at,
        );
        if (same !== undefined) return same;
        const number = (all.at(-1)?.number ?? 0) + 1;
        const diff = all.length === 0 ? [] : diffShapes(all.at(-1)?.schema.element, inferred.element);
        db.run(
          "INSERT INTO dataset_schemas (dataset, number, content_version, schema, diff, created_at) VALUES (?, ?, ?, ?, ?, ?)",
          opened.name,
          number,
          opened.version,
          JSON.stringify(inferred),
          JSON.stringify(diff),
          at,
        );
        return { number, schema: inferred, diff, created_at: at };
      });
      if (seen.size > 1_000) seen.clear();
      seen.set(key, version);
      return version;
    },
    setMigration(dataset, from, functionKey, by) {
      if (functionKey === undefined) {
        db.run("DELETE FROM dataset_migrations WHERE dataset = ? AND from_number = ?", dataset, from);
        return;
      }
      db.run(
        `INSERT INTO dataset_migrations VALUES (?, ?, ?, ?, ?) ON CONFLICT (dataset, from_number)
         DO UPDATE SET function = excluded.function, set_by = excluded.set_by, set_at = excluded.set_at`,
        dataset,
        from,
        functionKey,
        by,
        now().toISOString(),
      );
    },
    migrations: (dataset) =>
      db.all<{ from: number; function: string }>(
        'SELECT from_number AS "from", function FROM dataset_migrations WHERE dataset = ? ORDER BY from_number',
        dataset,
      ),
    migratedBy: (functionKey) =>
      db
        .all<{ dataset: string }>(
          "SELECT DISTINCT dataset FROM dataset_migrations WHERE function = ? ORDER BY dataset",
          functionKey,
        )
        .map(({ dataset }) => dataset),
    migrationsFrom(dataset, number) {
      const path: string[] = [];
      for (let at = number; ; at += 1) {
        const step = db.get<{ function: string }>(
          "SELECT function FROM dataset_migrations WHERE dataset = ? AND from_number = ?",
          dataset,
          at,
        );
        if (step === undefined) return path;
        path.push(step.function);
      }
    },
    noteRun(version, dataset, number, failure) {
      db.run(
        `INSERT INTO compatibility VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (version, dataset, schema_number)
         DO UPDATE SET ok = excluded.ok, detail = excluded.detail, checked_at = excluded.checked_at WHERE ok <> excluded.ok`,
        version,
        dataset,
        number,
        failure === undefined ? 1 : 0,
        (failure ?? "").slice(0, 300),
        now().toISOString(),
      );
    },
    compatibilityOf: (version) =>
      db
        .all<{ dataset: string; schema_number: number; ok: number; detail: string }>(
          "SELECT dataset, schema_number, ok, detail FROM compatibility WHERE version = ? ORDER BY dataset, schema_number",
          version,
        )
        .map((row) => ({ ...row, ok: row.ok === 1 })),
    compatibility: (dataset) =>
      db
        .all<{ version: string; schema_number: number; ok: number; detail: string }>(
          "SELECT version, schema_number, ok, detail FROM compatibility WHERE dataset = ? ORDER BY schema_number, version",
          dataset,
        )
        .map((row) => ({ ...row, ok: row.ok === 1 })),
  };
}
