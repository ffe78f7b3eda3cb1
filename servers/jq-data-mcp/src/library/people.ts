import { ToolError } from "@mcp-data/core";
import { personOf } from "./user.ts";

/** Who stands behind a credential. */
export interface People {
  /** The id a person has in the library, whichever of their credentials is given. */
  idOf(credential: string): string;
}

/** Each list is one person, known by the first of its credentials. CONFIG_ERROR when two persons share one. */
export function createPeople(lists: readonly (readonly string[])[] = []): People {
  const known = new Map<string, string>();
  for (const [at, list] of lists.entries()) {
    for (const credential of list) {
      const key = personOf(credential);
      const [id = credential] = list;
      if (known.has(key) && known.get(key) !== id)
        throw new ToolError("CONFIG_ERROR", `team.people[${at}]: ${credential} belongs to two people.`, {
          hint: "Name each credential once.",
          details: { field: `team.people[${at}]` },
        });
      known.set(key, id);
    }
  }
  return { idOf: (credential) => known.get(personOf(credential)) ?? credential };
}
