import { ToolError } from "@mcp-data/core";
import type { Database } from "../store/database.ts";
import { isOff } from "./item-state.ts";
import type { Draft, Journal } from "./journal.ts";
import type { Manager } from "./manage.ts";
import type { ProposalReader } from "./proposal-reader.ts";
import { requireRole } from "./roles.ts";
import type { User } from "./user.ts";

/** A change made elsewhere on a version that was replaced meanwhile. */
export interface Conflict {
  readonly id: string;
  readonly item: string;
  /** Null: it was deleted or deactivated. */
  readonly version: string | null;
  readonly winner: string | null;
  /** The proposal it became. */
  readonly proposal: string | null;
  readonly actor: string;
  readonly created_at: string;
}

export interface Conflicts {
  open(): Conflict[];
  /** Takes the change that lost, or keeps what is active; either way its proposal is closed with it. NOT_FOUND. */
  resolve(user: User, id: string, take: "theirs" | "active"): Promise<void>;
}

export function createConflicts(parts: {
  readonly db: Database;
  readonly manager: Manager;
  readonly journal: Journal;
  readonly proposals: ProposalReader;
}): Conflicts {
  const { db, manager, journal, proposals } = parts;
  const columns = "id, item, version, winner, proposal, actor, created_at";
  const proposalsOf = ({ proposal }: Conflict): string[] =>
    proposal === null
      ? []
      : db
          .all<{ id: string }>(
            "SELECT id FROM proposals WHERE id = ? OR id LIKE ? || '-again%'",
            proposal,
            proposal,
          )
          .map(({ id }) => id);
  const goneHow = (id: string) => {
    const lost = db.get<{ reason: string }>("SELECT reason FROM activations WHERE op = ?", id);
    return lost !== undefined && isOff(lost) ? "deactivate" : "delete";
  };
  return {
    open: () =>
      db.all<Conflict>(
        `SELECT ${columns} FROM conflicts WHERE resolved_at IS NULL ORDER BY created_at, id LIMIT 100`,
      ),
    async resolve(user, id, take) {
      requireRole(user, "resolve");
      const conflict = db.get<Conflict>(
        `SELECT ${columns} FROM conflicts WHERE id = ? AND resolved_at IS NULL`,
        id,
      );
      if (conflict === undefined)
        throw new ToolError("NOT_FOUND", "There is no such open conflict.", {
          hint: "Call without conflict_id to list them.",
        });
      if (take === "theirs") {
        if (conflict.version === null) await manager.remove(user, conflict.item, goneHow(id));
        else await manager.takeVersion(user, conflict.version);
      }
      const reason = `The conflict was resolved: ${take === "theirs" ? "this change was taken" : "what is active stays"}.`;
      const open = proposalsOf(conflict).filter((one) => proposals.get(one).status === "open");
      journal.commit([
        ...open.map((proposal): Draft => ({ kind: "refuse", actor: user.id, proposal, reason })),
        ...conflictDrafts(id, user.id, take),
      ]);
    },
  };
}

export function conflictDrafts(conflict: string | undefined, actor: string, resolution: string): Draft[] {
  return conflict === undefined ? [] : [{ kind: "resolve", actor, conflict, resolution }];
}
