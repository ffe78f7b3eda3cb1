import { type Principal, ToolError } from "@mcp-data/core";
import type { Database } from "../store/database.ts";
import type { Journal } from "./journal.ts";
import type { People } from "./people.ts";
import { type Role, requireRole } from "./roles.ts";
import type { User } from "./user.ts";

export interface UserRow extends User {
  readonly name: string;
  readonly created_at: string;
  readonly last_active: string | null;
}

export interface Users {
  /** Whoever calls, known from now on. */
  of(principal: Principal): User;
  list(): UserRow[];
  setRole(by: User, id: string, role: Role): UserRow;
  /** By the operator, who asks nobody; also to somebody who never called. */
  give(id: string, role: Role): void;
}

export interface UsersOptions {
  /** Principal ids with a role that no one can take from them. */
  readonly owners: readonly string[];
  readonly admins: readonly string[];
  readonly people: People;
  readonly now?: () => number;
}

const activityEveryMs = 60_000;

export function createUsers(db: Database, journal: Journal, options: UsersOptions): Users {
  const { people, now = Date.now } = options;
  const owners = new Set(options.owners.map(people.idOf));
  const admins = new Set(options.admins.map(people.idOf));
  const seen = new Map<string, number>();

  const roleOf = (id: string, stored: Role): Role => {
    if (owners.has(id)) return "owner";
    return admins.has(id) && stored === "user" ? "admin" : stored;
  };
  const read = (id: string) =>
    db.get<UserRow>("SELECT id, name, role, created_at, last_active FROM users WHERE id = ?", id);

  return {
    of(principal) {
      const id = people.idOf(principal.id);
      // Whoever started the process, or sits at the machine that serves loopback only, owns the library.
      if (principal.method === "local" || principal.method === "anonymous") {
        if (read(id) === undefined) journal.commit([{ kind: "user", actor: id, user: id, name: id }]);
        return { id, role: "owner" };
      }
      let row = read(id);
      if (row === undefined) {
        journal.commit([{ kind: "user", actor: id, user: id, name: nameOf(principal) }]);
        row = read(id);
      }
      if (now() - (seen.get(id) ?? 0) > activityEveryMs) {
        if (seen.size > 10_000) seen.clear();
        seen.set(id, now());
        db.run("UPDATE users SET last_active = ? WHERE id = ?", new Date(now()).toISOString(), id);
      }
      return { id, role: roleOf(id, row?.role ?? "user") };
    },
    list: () =>
      db
        .all<UserRow>("SELECT id, name, role, created_at, last_active FROM users ORDER BY id")
        .map((row) => ({ ...row, role: roleOf(row.id, row.role) })),
    give: (id, role) => journal.commit([{ kind: "role", actor: "local", user: people.idOf(id), role }]),
    setRole(by, credential, role) {
      const id = people.idOf(credential);
      const target = read(id);
      if (target === undefined)
        throw new ToolError("NOT_FOUND", "There is no such user.", {
          hint: "Users appear when they first call.",
        });
      const current = roleOf(id, target.role);
      requireRole(by, `set_role_${role}`);
      requireRole(by, `set_role_${current}`);
      journal.commit([{ kind: "role", actor: by.id, user: id, role }]);
      return { ...target, role: roleOf(id, role) };
    },
  };
}

function nameOf(principal: Principal): string {
  const { name, email } = principal.claims ?? {};
  if (typeof name === "string" && name !== "") return name.slice(0, 200);
  if (typeof email === "string" && email !== "") return email.slice(0, 200);
  return principal.id.replace(/^(?:key|jwt|proxy):/, "").slice(0, 200);
}
