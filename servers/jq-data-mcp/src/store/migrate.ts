import { existsSync } from "node:fs";
import { ToolError } from "@mcp-data/core";
import type { Database } from "./database.ts";
import { migrations as allMigrations } from "./schema.ts";

export interface Migrated {
  readonly from: number;
  readonly to: number;
  /** The copy made before anything changed. */
  readonly copy?: string;
}

/**
 * Brings the file to today's schema, each step in a transaction of its own, a copy being made before the first.
 * CONFIG_ERROR when the file is newer than this program, or a step fails: the file is then as it was before that step.
 */
export function migrate(
  db: Database,
  migrations = allMigrations,
  now: () => Date = () => new Date(),
): Migrated {
  const from = versionOf(db);
  if (from > migrations.length) {
    throw new ToolError(
      "CONFIG_ERROR",
      `The database has schema ${from}; this program knows up to ${migrations.length}.`,
      {
        hint: "Install a later jq-data-mcp, or give another database.",
        details: { reason: "newer_schema", schema: from, known: migrations.length },
      },
    );
  }
  if (from === migrations.length) return { from, to: from };
  const copy =
    from === 0 || db.path === ":memory:"
      ? undefined
      : freeName(`${db.path}.before-${from + 1}-${stamp(now())}`);
  if (copy !== undefined) db.copyTo(copy);
  for (const [at, step] of migrations.entries()) {
    if (at < from) continue;
    try {
      db.transaction(() => {
        // Another process may have been faster.
        if (versionOf(db) > at) return;
        db.exec(step.sql);
        db.exec(`PRAGMA user_version = ${at + 1}`);
      });
    } catch (cause) {
      throw new ToolError(
        "CONFIG_ERROR",
        `Migration ${at + 1} (${step.name}) failed; the database is unchanged by it.`,
        {
          hint: copy === undefined ? "Report this." : `A copy from before is at ${copy}.`,
          details: { reason: "migration", step: at + 1 },
          cause,
        },
      );
    }
  }
  return { from, to: migrations.length, ...(copy === undefined ? {} : { copy }) };
}

export function versionOf(db: Database): number {
  return Number(db.get<{ user_version: number }>("PRAGMA user_version")?.user_version ?? 0);
}

export function stamp(date: Date): string {
  return date.toISOString().replace(/[-:]/g, "").replace("T", "-").slice(0, 15);
}

function freeName(wanted: string): string {
  for (let n = 0; ; n += 1) {
    const name = n === 0 ? wanted : `${wanted}-${n}`;
    if (!existsSync(name)) return name;
  }
}
