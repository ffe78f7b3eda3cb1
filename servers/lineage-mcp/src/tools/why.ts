import type { Services } from "../services.ts";

/** Why nothing is known: nothing ran, nothing was recorded, or the question matches nothing. */
export async function whyNothing(services: Services, asked = "what was asked for"): Promise<string> {
  const [counts] = await services.memory.rows(
    "SELECT (SELECT count(*) FROM sessions) AS sessions, (SELECT count(*) FROM cell_runs) AS runs",
  );
  if (Number(counts?.runs ?? 0) > 0) return `unknown: cells were recorded, but nothing matches ${asked}`;
  if (Number(counts?.sessions ?? 0) > 0)
    return "never ran: a session was recorded, but no cell has run in it";
  const capture = await services.capture();
  if (capture.fix !== undefined) return `not captured: ${capture.fix}`;
  return "never ran: the notebook has not been started since recording was set up";
}
