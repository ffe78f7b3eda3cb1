import { isAlive } from "../store/alive.ts";
import type { Record_ } from "../store/memory.ts";

/** As answers show it: `live` is asked of the system, since a kernel that was killed says nothing. */
export function shownSession({ pid, libraries, ...session }: Record_): Record<string, unknown> {
  const versions = typeof libraries === "string" ? (JSON.parse(libraries) as Record<string, string>) : {};
  return {
    ...Object.fromEntries(Object.entries(session).filter(([, value]) => value !== null)),
    ...(Object.keys(versions).length === 0 ? {} : { libraries: versions }),
    live: session.ended_at === null && typeof pid === "number" && isAlive(pid),
  };
}
