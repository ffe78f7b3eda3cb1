import { createHash } from "node:crypto";
import type { Lease } from "../connection/lease.ts";
import { collectStep, type RawRow } from "../protocol/step.ts";
import type { Session } from "../walls/session.ts";
import { buildCatalog } from "./build.ts";
import type { Catalog } from "./catalog.ts";
import { type CatalogPart, catalogQueries, statisticsFrom } from "./queries.ts";
import type { CatalogRows } from "./rows.ts";

export interface CatalogSettings {
  readonly role: string | undefined;
  readonly timeoutMs: number;
}

/** All parts in one round trip and one transaction. */
export async function loadCatalog(
  lease: Lease,
  session: Session,
  settings: CatalogSettings,
  signal: AbortSignal,
): Promise<Catalog> {
  const parts = (Object.keys(catalogQueries) as CatalogPart[]).map((part) => ({
    part,
    step: collectStep(catalogQueries[part]),
  }));
  const { role, timeoutMs } = settings;
  const begin = session.begin({ schemas: [], role, statementTimeoutMs: timeoutMs }, lease.prepared);
  const steps = [begin, ...parts.map(({ step }) => step), session.end(lease.pooled)];
  await lease.run(steps, { signal, timeoutMs, closes: true });
  const rows = Object.fromEntries(parts.map(({ part, step }) => [part, step.rows])) as unknown as CatalogRows;
  return buildCatalog(rows, digestOf(rows), Date.now());
}

// Row estimates move with every vacuum; they are no change of the schema.
function digestOf(rows: CatalogRows): string {
  const hash = createHash("sha256");
  for (const [part, all] of Object.entries(rows)) {
    const kept = part === "relations" ? all.map((row: RawRow) => row.slice(0, statisticsFrom)) : all;
    hash.update(JSON.stringify([part, kept]));
  }
  return hash.digest("base64url").slice(0, 22);
}
