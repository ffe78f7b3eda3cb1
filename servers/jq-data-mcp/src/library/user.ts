import type { Role } from "./roles.ts";

/** Whoever calls, as the library knows them. */
export interface User {
  readonly id: string;
  readonly role: Role;
}

/** Two spellings of an id are one person, who has one vote. */
export function personOf(id: string): string {
  return id.normalize("NFKC").toLowerCase();
}
