import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { ToolError } from "@mcp-data/core";
import { fold } from "../library/fold.ts";
import { upserts } from "../library/upserts.ts";
import { type Database, openDatabase } from "../store/database.ts";
import { migrate, versionOf } from "../store/migrate.ts";
import { schemaVersion, sharedTables } from "../store/schema.ts";

export interface Snapshot {
  readonly packed: Uint8Array;
  readonly plain: Uint8Array;
  /** Of the packed bytes. */
  readonly sha256: string;
}

/** The shared tables as the team has seen them; what is only ours stays out. */
export function takeSnapshot(db: Database): Snapshot {
  return inFolder((folder) => {
    const path = join(folder, "copy.db");
    db.copyTo(path);
    const copy = openDatabase(path);
    copy.exec("PRAGMA journal_mode=DELETE");
    for (const table of [
      "meta",
      "outbox",
      "runs",
      "datasets",
      "dataset_schemas",
      "dataset_migrations",
      "compatibility",
      "deliveries",
    ]) {
      copy.exec(`DELETE FROM ${table}`);
    }
    copy.exec("DELETE FROM activations WHERE seq IS NULL");
    copy.exec("VACUUM");
    copy.close();
    const plain = readFileSync(path);
    const packed = gzipSync(plain);
    return { packed, plain, sha256: sha256(packed) };
  });
}

/** Takes a snapshot's rows in; own ones that are newer stay. UPSTREAM_ERROR when it is damaged. */
export function mergeSnapshot(db: Database, packed: Uint8Array, expected: string): void {
  if (sha256(packed) !== expected) throw damaged("its checksum is wrong");
  inFolder((folder) => {
    const path = join(folder, "snapshot.db");
    writeFileSync(path, gunzipSync(packed));
    const copy = openDatabase(path);
    const check = copy.get<{ integrity_check: string }>("PRAGMA integrity_check")?.integrity_check;
    // One that an earlier program left is brought to today's schema first.
    if (check === "ok" && versionOf(copy) < schemaVersion) migrate(copy);
    const schema = versionOf(copy);
    const rows = Object.fromEntries(
      sharedTables.map((table) => [
        table,
        check === "ok" && schema === schemaVersion ? copy.all(`SELECT * FROM ${table}`) : [],
      ]),
    );
    copy.close();
    if (check !== "ok") throw damaged("it is corrupt");
    if (schema !== schemaVersion) throw damaged(`it has schema ${schema}`);
    db.transaction(() => {
      for (const table of sharedTables) {
        if (table === "items") continue;
        for (const row of rows[table] ?? []) insert(db, table, row);
      }
      for (const { item, kind, key, name } of (rows.items ?? []) as Record<string, string>[]) {
        db.run(
          "INSERT OR IGNORE INTO items (item, kind, key, name) VALUES (?, ?, ?, ?)",
          item ?? "",
          kind ?? "",
          key ?? "",
          name ?? "",
        );
        fold(db, item ?? "");
      }
    });
  });
}

export function insert(db: Database, table: string, row: Record<string, string | number | null>): void {
  const columns = Object.keys(row);
  db.run(
    `INSERT INTO ${table} (${columns.join(", ")}) VALUES (${columns.map(() => "?").join(", ")}) ${upserts[table] ?? "ON CONFLICT DO NOTHING"}`,
    ...Object.values(row),
  );
}

function inFolder<T>(use: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), "jq-data-snapshot-"));
  try {
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

function damaged(why: string): ToolError {
  return new ToolError("UPSTREAM_ERROR", `The snapshot cannot be used: ${why}.`, {
    details: { reason: "snapshot" },
  });
}
