import type { Habu } from "../client/habu-client.ts";
import type { Services } from "../services.ts";
import { type Connection, connectionFrom, readConnection, stateOf } from "./connections.ts";
import type { Waiting } from "./wait.ts";

/** Twenty looks an hour at one connection. */
const gapMs = 180_000;
const settled = new Set(["ready", "failed", "needs_mapping", "waiting_for_file", "paused"]);

/** A connection's state, asked for at most every three minutes. `until` names states that are not waited for. */
export async function lookAtConnection(
  habu: Habu,
  services: Pick<Services, "runBook" | "clock">,
  id: string,
  ignore: readonly string[] = [],
): Promise<Waiting<Connection | undefined>> {
  const { runBook, clock } = services;
  if (!(await runBook.takeTurn(`connection:${id}`, gapMs))) {
    const last = runBook.last(`connection:${id}`);
    const known = last?.state.id === undefined ? undefined : connectionFrom(last.state);
    return { last: known, nextAt: (last?.at ?? clock.now()) + gapMs };
  }
  const seen = await readConnection(habu, id);
  const { dataSourceConfiguration: _, ...kept } = seen.raw;
  await runBook.saw(`connection:${id}`, kept, false);
  const state = stateOf(seen);
  return {
    last: seen,
    nextAt: settled.has(state) && !ignore.includes(state) ? undefined : clock.now() + gapMs,
  };
}
