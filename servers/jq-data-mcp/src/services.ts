import type { AnyTool, Confirmations, Cursors, Principal } from "@mcp-data/core";
import type { Datasets } from "./datasets/registry.ts";
import type { Schemas } from "./datasets/schemas.ts";
import type { Engines } from "./engine/choose.ts";
import type { Insights } from "./learning/insights.ts";
import type { Conflicts } from "./library/conflicts.ts";
import type { DatasetMigrations } from "./library/dataset-migrations.ts";
import type { Examiner } from "./library/examine.ts";
import type { Journal } from "./library/journal.ts";
import type { Manager } from "./library/manage.ts";
import type { Proposals } from "./library/proposals.ts";
import type { LibraryReader } from "./library/reading.ts";
import type { User } from "./library/user.ts";
import type { Users } from "./library/users.ts";
import type { Compiler } from "./program/compile.ts";
import type { ResultStore } from "./results/result-store.ts";
import type { Runner } from "./run/runner.ts";
import type { Importer } from "./seeds/import-library.ts";
import type { Database } from "./store/database.ts";
import type { Syncer } from "./sync/syncer.ts";

/** What the tools call. */
export interface Services {
  readonly db: Database;
  readonly engines: Engines;
  readonly compiler: Compiler;
  readonly reader: LibraryReader;
  readonly journal: Journal;
  readonly examiner: Examiner;
  readonly proposals: Proposals;
  readonly manager: Manager;
  readonly conflicts: Conflicts;
  readonly migrations: DatasetMigrations;
  readonly importer: Importer;
  readonly users: Users;
  readonly datasets: Datasets;
  readonly schemas: Schemas;
  readonly runner: Runner;
  readonly results: ResultStore;
  readonly insights: Insights;
  /** Absent when no bucket is configured. */
  readonly sync: Syncer | undefined;
  readonly cursors: Cursors;
  readonly confirmations: Confirmations;
  readonly learning: boolean;
  /** Approved tools that are tools of their own just now. */
  listedTools(): readonly AnyTool<Services>[];
  userOf(principal: Principal): User;
}
