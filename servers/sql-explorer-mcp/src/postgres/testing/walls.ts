import type { Accepted } from "@mcp-data/core";
import { ownStep } from "../protocol/step.ts";
import { createReadOnlySession, type Session } from "../walls/session.ts";
import type { TextGate } from "../walls/statement.ts";

/** Wall 1 left out: every text passes as it is. */
export const openGate: TextGate = {
  check: (text) => ({ ...accepted, text }),
};

const accepted: Accepted = {
  ok: true,
  tables: [],
  columns: [],
  functions: [],
  limit: { kind: "other", hasOffset: false },
  ordered: false,
  text: "",
  parameters: 0,
};

export function readOnlySession(): Session {
  return createReadOnlySession({ lockTimeoutMs: 2_000, idleTimeoutMs: 10_000 });
}

/** Wall 3 left out: a plain transaction that is kept, with the login's own settings. */
export function openSession(): Session {
  const own = readOnlySession();
  return {
    defaults: {},
    begin: (settings) =>
      settings.schemas.length === 0
        ? own.begin(settings, false)
        : ownStep(["BEGIN", `SET LOCAL search_path = ${settings.schemas}`]),
    end: () => ownStep(["COMMIT"]),
    scrub: "SELECT 1",
  };
}
