import type { CatalogCache } from "./catalog/cache.ts";
import type { ConnectionPool } from "./connection/pool.ts";
import type { PostgresOptions } from "./options.ts";
import type { PlanMemory } from "./walls/plan-memory.ts";
import type { Session } from "./walls/session.ts";
import type { Judge } from "./walls/statement.ts";

/** The walls and what they stand on; the engine builds them, tests leave some out. */
export interface Parts {
  readonly options: PostgresOptions;
  readonly ownTimeoutMs: number;
  readonly judge: Judge;
  readonly session: Session;
  readonly pool: ConnectionPool;
  readonly catalogs: CatalogCache;
  readonly memory: PlanMemory;
}
