/** Numbered steps from an empty file to today's schema; never edited once released. */
export const migrations: readonly { readonly name: string; readonly sql: string }[] = [
  {
    name: "library, team, runs",
    sql: `
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE users (
  id TEXT PRIMARY KEY, name TEXT NOT NULL, email TEXT, role TEXT NOT NULL DEFAULT 'user', role_hlc TEXT NOT NULL DEFAULT '',
  created_at TEXT NOT NULL, last_active TEXT
) WITHOUT ROWID;
CREATE TABLE items (
  item TEXT PRIMARY KEY, kind TEXT NOT NULL CHECK (kind IN ('function', 'tool')), key TEXT NOT NULL, name TEXT NOT NULL,
  active TEXT, head TEXT, description TEXT NOT NULL DEFAULT '', updated_at TEXT
) WITHOUT ROWID;
CREATE INDEX items_name ON items (kind, name);
CREATE TABLE versions (
  id TEXT PRIMARY KEY, item TEXT NOT NULL, number INTEGER, body TEXT NOT NULL, hash TEXT NOT NULL, author TEXT NOT NULL,
  source TEXT NOT NULL, seed_path TEXT, base TEXT, engine TEXT, restored_from TEXT, created_at TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX versions_item ON versions (item, number);
CREATE TABLE activations (
  op TEXT PRIMARY KEY, item TEXT NOT NULL, version TEXT, base TEXT, actor TEXT NOT NULL, proposal TEXT, hlc TEXT NOT NULL,
  seq INTEGER, outcome TEXT
) WITHOUT ROWID;
CREATE INDEX activations_item ON activations (item, seq, hlc);
CREATE INDEX activations_proposal ON activations (proposal);
CREATE TABLE dependencies (
  version TEXT NOT NULL, uses TEXT NOT NULL, pinned TEXT, PRIMARY KEY (version, uses)
) WITHOUT ROWID;
CREATE INDEX dependencies_uses ON dependencies (uses);
CREATE TABLE proposals (
  id TEXT PRIMARY KEY, item TEXT NOT NULL, version TEXT NOT NULL, base TEXT, author TEXT NOT NULL, justification TEXT NOT NULL,
  report TEXT NOT NULL DEFAULT '{}', created_at TEXT NOT NULL, withdrawn_at TEXT, refused TEXT, from_conflict TEXT
) WITHOUT ROWID;
CREATE INDEX proposals_item ON proposals (item);
CREATE TABLE votes (
  proposal TEXT NOT NULL, user TEXT NOT NULL, vote TEXT NOT NULL CHECK (vote IN ('approve', 'reject', 'none')), comment TEXT,
  hlc TEXT NOT NULL, PRIMARY KEY (proposal, user)
) WITHOUT ROWID;
CREATE TABLE conflicts (
  id TEXT PRIMARY KEY, item TEXT NOT NULL, version TEXT, base TEXT, winner TEXT, proposal TEXT, actor TEXT NOT NULL,
  created_at TEXT NOT NULL, resolved_at TEXT, resolved_by TEXT, resolution TEXT
) WITHOUT ROWID;
CREATE TABLE audit (
  id TEXT PRIMARY KEY, at TEXT NOT NULL, actor TEXT NOT NULL, action TEXT NOT NULL, subject TEXT NOT NULL, details TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX audit_subject ON audit (subject, at);
CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END;
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END;
CREATE TABLE usage (
  item TEXT NOT NULL, instance TEXT NOT NULL, day TEXT NOT NULL, user TEXT NOT NULL, calls INTEGER NOT NULL, errors INTEGER NOT NULL,
  total_ms REAL NOT NULL, max_ms REAL NOT NULL, bytes INTEGER NOT NULL, PRIMARY KEY (item, instance, day, user)
) WITHOUT ROWID;
CREATE TABLE outbox (hlc TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE runs (
  id INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, user TEXT NOT NULL, item TEXT, version TEXT, dataset TEXT,
  program TEXT, program_hash TEXT NOT NULL, ms REAL NOT NULL, bytes INTEGER NOT NULL, error TEXT, engine TEXT, cached INTEGER NOT NULL
);
CREATE INDEX runs_item ON runs (item, at);
CREATE INDEX runs_user ON runs (user, at);
CREATE INDEX runs_program ON runs (program_hash);
CREATE TABLE datasets (
  name TEXT PRIMARY KEY, version TEXT NOT NULL, format TEXT NOT NULL, bytes INTEGER NOT NULL, seen_at TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE dataset_schemas (
  dataset TEXT NOT NULL, number INTEGER NOT NULL, content_version TEXT NOT NULL, schema TEXT NOT NULL, diff TEXT NOT NULL,
  created_at TEXT NOT NULL, PRIMARY KEY (dataset, number)
) WITHOUT ROWID;
CREATE TABLE dataset_migrations (
  dataset TEXT NOT NULL, from_number INTEGER NOT NULL, function TEXT NOT NULL, set_by TEXT NOT NULL, set_at TEXT NOT NULL,
  PRIMARY KEY (dataset, from_number)
) WITHOUT ROWID;
CREATE TABLE compatibility (
  version TEXT NOT NULL, dataset TEXT NOT NULL, schema_number INTEGER NOT NULL, ok INTEGER NOT NULL, detail TEXT NOT NULL,
  checked_at TEXT NOT NULL, PRIMARY KEY (version, dataset, schema_number)
) WITHOUT ROWID;
CREATE TABLE deliveries (
  id TEXT PRIMARY KEY, body TEXT NOT NULL, attempts INTEGER NOT NULL DEFAULT 0, next_at INTEGER NOT NULL, failed_at TEXT
) WITHOUT ROWID;
`,
  },
  {
    name: "why an entry went",
    sql: "ALTER TABLE activations ADD COLUMN reason TEXT NOT NULL DEFAULT ''",
  },
];

/** Tables every instance of a team holds the same of; what sync carries. */
export const sharedTables = [
  "users",
  "items",
  "versions",
  "activations",
  "dependencies",
  "proposals",
  "votes",
  "conflicts",
  "audit",
  "usage",
] as const;

export const schemaVersion = migrations.length;
