import { digest } from "@mcp-data/core";
import { isoOf } from "../store/clock.ts";
import type { Database } from "../store/database.ts";
import { isOff, offPrefix } from "./item-state.ts";
import type { Operation } from "./operations.ts";
import { upserts } from "./upserts.ts";

/**
 * Writes an operation into the tables, which are what all operations together say, in whatever order they came: of two
 * that say the same thing under one id the earlier counts. `seq` is its place in the team's log; null while the team
 * has not seen it. True when it was new.
 */
export function applyOperation(db: Database, op: Operation, seq: number | null): boolean {
  const at = isoOf(op.hlc);
  const fresh =
    db.run(
      "INSERT OR IGNORE INTO audit (id, at, actor, action, subject, details) VALUES (?, ?, ?, ?, ?, ?)",
      op.hlc,
      at,
      op.actor,
      actionOf(op),
      subjectOf(op),
      JSON.stringify(detailsOf(op)),
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

interface Activation {
  readonly op: string;
  readonly version: string | null;
  readonly base: string | null;
  readonly actor: string;
  readonly hlc: string;
  readonly seq: number | null;
  readonly outcome: string | null;
  readonly reason: string;
}

/**
 * The active version, from all activations in the team's order: one that was made on what is active wins, one made on
 * something else is stale. A stale one the team has seen is kept as a conflict, and its version as a new proposal.
 */
export function fold(db: Database, item: string): void {
  const all = db.all<Activation>(
    "SELECT op, version, base, actor, hlc, seq, outcome, reason FROM activations WHERE item = ? ORDER BY seq IS NULL, seq, hlc, op",
    item,
  );
  let head: string | null = null;
  let number = 0;
  let last: Activation | undefined;
  const numbers = new Map<string, number>();
  for (const one of all) {
    const next: string = one.version ?? goneHead(item, one);
    const same = next === head;
    const wins = !same && one.base === head;
    const outcome = same ? "same" : wins ? "applied" : "stale";
    if (outcome !== one.outcome) db.run("UPDATE activations SET outcome = ? WHERE op = ?", outcome, one.op);
    if (wins) {
      head = next;
      last = one;
      if (one.version !== null) {
        number += 1;
        numbers.set(one.version, number);
      }
    }
    if (outcome === "stale" && one.seq !== null) keepConflict(db, item, one, head);
  }
  for (const { id, number: had } of db.all<{ id: string; number: number | null }>(
    "SELECT id, number FROM versions WHERE item = ?",
    item,
  )) {
    const wanted = numbers.get(id) ?? null;
    if (had !== wanted) db.run("UPDATE versions SET number = ? WHERE id = ?", wanted, id);
  }
  const body = last?.version
    ? db.get<{ body: string }>("SELECT body FROM versions WHERE id = ?", last.version)?.body
    : undefined;
  const description =
    body === undefined ? "" : String((JSON.parse(body) as { description?: string }).description ?? "");
  db.run(
    "UPDATE items SET active = ?, head = ?, description = ?, updated_at = ? WHERE item = ?",
    last?.version ?? null,
    head,
    description,
    last === undefined ? null : isoOf(last.hlc),
    item,
  );
}

/** Another one each time something goes, and another for either way to go. */
function goneHead(item: string, activation: Pick<Activation, "base" | "reason">): string {
  const why = isOff(activation) ? offPrefix : "deleted-";
  return `${why}${digest([item, activation.base]).slice(0, 12)}`;
}

function keepConflict(db: Database, item: string, stale: Activation, winner: string | null): void {
  const proposal = stale.version === null ? null : `conflict-${digest([stale.op]).slice(0, 12)}`;
  const at = isoOf(stale.hlc);
  const kept = db.run(
    `INSERT OR IGNORE INTO conflicts (id, item, version, base, winner, proposal, actor, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    stale.op,
    item,
    stale.version,
    stale.base,
    winner,
    proposal,
    stale.actor,
    at,
  );
  if (kept === 0 || proposal === null || stale.version === null) return;
  db.run(
    `INSERT OR IGNORE INTO proposals (id, item, version, base, author, justification, created_at, from_conflict) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    proposal,
    item,
    stale.version,
    winner,
    stale.actor,
    "Made on a version that was replaced meanwhile.",
    at,
    stale.op,
  );
}

function actionOf(op: Operation): string {
  if (op.kind === "note") return op.action;
  if (op.kind === "activate") return op.version === null && !isOff(op) ? "delete" : op.reason;
  if (op.kind === "vote") return `vote ${op.vote}`;
  return op.kind;
}

function subjectOf(op: Operation): string {
  switch (op.kind) {
    case "version":
    case "activate":
    case "propose":
      return op.item;
    case "withdraw":
    case "refuse":
    case "vote":
      return op.proposal;
    case "user":
    case "role":
      return `user:${op.user}`;
    case "resolve":
      return op.conflict;
    case "note":
      return op.subject;
  }
}

function detailsOf(op: Operation): Record<string, unknown> {
  switch (op.kind) {
    case "version":
      return { version: op.version, base: op.base, source: op.source };
    case "activate":
      return { version: op.version, base: op.base, proposal: op.proposal };
    case "propose":
      return { proposal: op.proposal, version: op.version, justification: op.justification.slice(0, 500) };
    case "refuse":
      return { reason: op.reason.slice(0, 500) };
    case "vote":
      return { user: op.user, comment: op.comment };
    case "role":
      return { role: op.role };
    case "resolve":
      return { resolution: op.resolution };
    case "note":
      return op.details;
    case "withdraw":
    case "user":
      return {};
  }
}
