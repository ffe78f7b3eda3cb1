import { digest } from "@mcp-data/core";
import { isoOf } from "../store/clock.ts";
import type { Database } from "../store/database.ts";
import { auditOf } from "./audit-entry.ts";
import { fold } from "./fold.ts";
import type { Operation } from "./operations.ts";
import { upserts } from "./upserts.ts";

/**
 * Writes an operation into the tables, which are what all operations together say, in whatever order they came: of two
 * that say the same thing under one id the earlier counts. `seq` is its place in the team's log; null while the team
 * has not seen it. True when it was new.
 */
export function applyOperation(db: Database, op: Operation, seq: number | null): boolean {
  const at = isoOf(op.hlc);
  const { action, subject, details } = auditOf(op);
  const fresh =
    db.run(
      "INSERT OR IGNORE INTO audit (id, at, actor, action, subject, details) VALUES (?, ?, ?, ?, ?, ?)",
      op.hlc,
      at,
      op.actor,
      action,
      subject,
      JSON.stringify(details),
    ) > 0;
  switch (op.kind) {
    case "version": {
      db.run(
        `INSERT INTO versions (id, item, body, hash, author, source, seed_path, base, engine, restored_from, created_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ${upserts.versions}`,
        op.version,
        op.item,
        JSON.stringify(op.body),
        digest(op.body),
        op.actor,
        op.source,
        op.seed_path,
        op.base,
        op.engine,
        op.restored_from,
        at,
      );
      const pins = (op.body.pins ?? {}) as Record<string, string>;
      for (const use of op.uses) {
        db.run(
          "INSERT OR IGNORE INTO dependencies (version, uses, pinned) VALUES (?, ?, ?)",
          op.version,
          use,
          pins[use] ?? null,
        );
      }
      ensureItem(db, op.item);
      break;
    }
    case "activate":
      db.run(
        `INSERT INTO activations (op, item, version, base, actor, proposal, hlc, seq, reason) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
         ${upserts.activations}`,
        op.id,
        op.item,
        op.version,
        op.base,
        op.actor,
        op.proposal,
        op.hlc,
        seq,
        op.reason,
      );
      ensureItem(db, op.item);
      fold(db, op.item);
      break;
    case "propose":
      db.run(
        `INSERT INTO proposals (id, item, version, base, author, justification, report, created_at, from_conflict)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ${upserts.proposals}`,
        op.proposal,
        op.item,
        op.version,
        op.base,
        op.actor,
        op.justification,
        JSON.stringify(op.report),
        at,
        op.from_conflict,
      );
      break;
    case "withdraw":
      db.run(
        "UPDATE proposals SET withdrawn_at = min(coalesce(withdrawn_at, ?), ?) WHERE id = ?",
        at,
        at,
        op.proposal,
      );
      break;
    case "refuse":
      db.run(
        "UPDATE proposals SET refused = min(coalesce(refused, ?), ?) WHERE id = ?",
        op.reason,
        op.reason,
        op.proposal,
      );
      break;
    case "vote":
      db.run(
        `INSERT INTO votes (proposal, user, vote, comment, hlc) VALUES (?, ?, ?, ?, ?)
         ${upserts.votes}`,
        op.proposal,
        op.user,
        op.vote,
        op.comment,
        op.hlc,
      );
      break;
    case "user":
      seeUser(db, op.user, op.name, "user", "", at);
      break;
    case "role":
      seeUser(db, op.user, op.user, op.role, op.hlc, at);
      break;
    case "resolve":
      db.run(
        `UPDATE conflicts SET resolved_at = ?, resolved_by = ?, resolution = ? WHERE id = ?
         AND (resolved_at IS NULL OR (resolved_at, resolved_by, resolution) > (?, ?, ?))`,
        at,
        op.actor,
        op.resolution,
        op.conflict,
        at,
        op.actor,
        op.resolution,
      );
      break;
    case "note":
      break;
  }
  return fresh;
}

function seeUser(db: Database, id: string, name: string, role: string, hlc: string, at: string): void {
  db.run(
    `INSERT INTO users (id, name, role, role_hlc, created_at) VALUES (?, ?, ?, ?, ?) ${upserts.users}`,
    id,
    name,
    role,
    hlc,
    at,
  );
}

function ensureItem(db: Database, item: string): void {
  const kind = item.slice(0, item.indexOf(":"));
  const key = item.slice(kind.length + 1);
  db.run(
    "INSERT OR IGNORE INTO items (item, kind, key, name) VALUES (?, ?, ?, ?)",
    item,
    kind,
    key,
    key.split("/")[0] ?? key,
  );
}
