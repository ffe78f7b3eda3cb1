import { digest } from "@mcp-data/core";
import { isoOf } from "../store/clock.ts";
import type { Database } from "../store/database.ts";
import { isOff, offPrefix } from "./item-state.ts";

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
