import type { Database } from "../store/database.ts";

const noted = (event: string, when: string, kind: string) => `
CREATE TEMP TRIGGER IF NOT EXISTS items_${event.toLowerCase()}_changes_stamp AFTER ${event} ON main.items WHEN ${when} BEGIN
  UPDATE item_changes SET changes = changes + 1 WHERE kind = ${kind};
END;`;

const setUp = `CREATE TEMP TABLE IF NOT EXISTS item_changes (kind TEXT PRIMARY KEY, changes INTEGER NOT NULL);
INSERT OR IGNORE INTO item_changes VALUES ('function', 0), ('tool', 0);
${noted("INSERT", "NEW.active IS NOT NULL", "NEW.kind")}
${noted("UPDATE", "NEW.active IS NOT OLD.active", "NEW.kind")}
${noted("DELETE", "OLD.active IS NOT NULL", "OLD.kind")}`;

/**
 * A text that changes whenever the active items do, whoever changed them: counted by the database, as a library of
 * thousands is asked for this with every call.
 */
export function createItemStamp(db: Database): (kind?: "function" | "tool") => string {
  db.exec(setUp);
  const kept = new Map<string | undefined, { readonly at: number; readonly stamp: string }>();
  return (kind) => {
    const at = db.generation();
    const last = kept.get(kind);
    if (last?.at === at) return last.stamp;
    const row = db.get<{ version: number; changes: number }>(
      "SELECT data_version AS version, (SELECT sum(changes) FROM item_changes WHERE kind = coalesce(?, kind)) AS changes FROM pragma_data_version",
      kind ?? null,
    );
    const stamp = `${row?.version} ${db.undone} ${row?.changes}`;
    kept.set(kind, { at, stamp });
    return stamp;
  };
}
