import type { Database } from "../store/database.ts";

export interface ChangedProposals {
  /** Ids since it was asked last, or "all" when nothing can be said about which. */
  take(): readonly string[] | "all";
}

/** More are "all". */
const keptChanges = 10_000;

const watch = (table: string, event: string, row: "NEW" | "OLD", id: string) => `
CREATE TEMP TRIGGER IF NOT EXISTS ${table}_${event.toLowerCase()}_changes_proposal AFTER ${event} ON main.${table}
WHEN ${row}.${id} IS NOT NULL BEGIN
  INSERT INTO changed_proposals (proposal) VALUES (${row}.${id});
  DELETE FROM changed_proposals WHERE seq <= (SELECT max(seq) FROM changed_proposals) - ${keptChanges};
END;`;

const setUp = `CREATE TEMP TABLE IF NOT EXISTS changed_proposals (seq INTEGER PRIMARY KEY, proposal TEXT NOT NULL);
${(
  [
    ["proposals", "id"],
    ["votes", "proposal"],
    ["activations", "proposal"],
  ] as const
)
  .map(
    ([table, id]) =>
      watch(table, "INSERT", "NEW", id) +
      watch(table, "UPDATE", "NEW", id) +
      watch(table, "DELETE", "OLD", id),
  )
  .join("")}`;

/** Which proposals something was written about, by whichever way: the database itself takes the notes. */
export function watchProposals(db: Database): ChangedProposals {
  db.exec(setUp);
  let seen: number | undefined;
  let undone = db.undone;
  let othersVersion: number | undefined;
  let generation = -1;

  return {
    take() {
      const now = db.generation();
      if (now === generation) return [];
      generation = now;
      const [range] = db.all<{ first: number | null; last: number | null; version: number }>(
        "SELECT (SELECT min(seq) FROM changed_proposals) AS first, (SELECT max(seq) FROM changed_proposals) AS last, data_version AS version FROM pragma_data_version",
      );
      const last = range?.last ?? 0;
      const isLost =
        seen === undefined ||
        undone !== db.undone ||
        othersVersion !== range?.version ||
        (last > seen && (range?.first ?? 0) > seen + 1);
      const from = seen ?? 0;
      seen = last;
      undone = db.undone;
      othersVersion = range?.version;
      if (isLost) return "all";
      if (last === from) return [];
      return db
        .all<{ proposal: string }>("SELECT DISTINCT proposal FROM changed_proposals WHERE seq > ?", from)
        .map(({ proposal }) => proposal);
    },
  };
}
