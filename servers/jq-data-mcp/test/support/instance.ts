import { createJournal, type Journal } from "../../src/library/journal.ts";
import { createReader } from "../../src/library/reading.ts";
import { type Database, openDatabase } from "../../src/store/database.ts";
import { migrate } from "../../src/store/migrate.ts";
import { sharedTables } from "../../src/store/schema.ts";
import type { ObjectStore } from "../../src/sync/object-store.ts";
import { createSyncer, type Syncer, type SyncerOptions } from "../../src/sync/syncer.ts";

export interface Instance {
  readonly db: Database;
  readonly journal: Journal;
  readonly sync: Syncer;
  /** An edit of a tool, on what this instance believes to be active. */
  edit(name: string, program: string): string;
  /** The active version it knows. */
  head(name: string): string | null;
  /** As kill -9 does: no request and no statement after it. */
  cut(): void;
}

/** A library without an engine: what sync carries, and nothing else. */
export function openInstance(path: string, store: ObjectStore, more: Partial<SyncerOptions> = {}): Instance {
  const db = openDatabase(path);
  let alive = true;
  const mortal =
    <Args extends unknown[], T>(call: (...args: Args) => Promise<T>) =>
    async (...args: Args): Promise<T> => {
      if (!alive) throw new Error("cut off");
      const result = await call(...args);
      if (!alive) throw new Error("cut off");
      return result;
    };
  const mapped: ObjectStore = {
    get: mortal(store.get),
    getIfChanged: mortal(store.getIfChanged),
    put: mortal(store.put),
    list: mortal(store.list),
    delete: mortal(store.delete),
  };
  migrate(db);
  const journal = createJournal(db);
  const reader = createReader(db);
  const sync = createSyncer({ store: mapped, db, journal, ...more });
  const head = (name: string) => reader.item(`tool:${name}`)?.head ?? null;
  let edits = 0;
  return {
    db,
    journal,
    sync,
    head,
    cut() {
      alive = false;
      db.close();
    },
    edit(name, program) {
      edits += 1;
      const item = `tool:${name}`;
      const base = head(name);
      const version = `${journal.instance}-${Date.now().toString(36)}-${edits}-${Math.floor(Math.random() * 1e9).toString(36)}`;
      journal.commit([
        {
          kind: "version",
          id: `version-${version}`,
          actor: journal.instance,
          item,
          version,
          base,
          body: { name, program, description: program },
          uses: [],
          source: "manual",
          seed_path: null,
          engine: null,
          restored_from: null,
        },
        {
          kind: "activate",
          id: `activate-${version}`,
          actor: journal.instance,
          item,
          version,
          base,
          proposal: null,
          reason: "update",
        },
      ]);
      return version;
    },
  };
}

/** Everything two instances must agree on. */
export function sharedState(db: Database): Record<string, unknown[]> {
  return Object.fromEntries(
    sharedTables.map((table) => {
      const rows = db.all(`SELECT * FROM ${table}`).map(({ last_active: _, ...row }) => JSON.stringify(row));
      return [table, rows.sort()];
    }),
  );
}
