import type { AnyTool } from "@mcp-data/core";
import type { Services } from "../services.ts";
import { compareRuns } from "./compare-runs.ts";
import { describeDataframe } from "./describe-dataframe.ts";
import { exportOpenlineage } from "./export-openlineage.ts";
import { getCellRuns } from "./get-cell-runs.ts";
import { getColumnLineage } from "./get-column-lineage.ts";
import { getErrors } from "./get-errors.ts";
import { getImpact } from "./get-impact.ts";
import { getLineage } from "./get-lineage.ts";
import { getLineagePaths } from "./get-lineage-paths.ts";
import { getPerformance } from "./get-performance.ts";
import { getStatus } from "./get-status.ts";
import { inspectSchema } from "./inspect-schema.ts";
import { listNotebooks } from "./list-notebooks.ts";
import { listSessions } from "./list-sessions.ts";
import { queryMemories } from "./query-memories.ts";

export const tools: readonly AnyTool<Services>[] = [
  listNotebooks,
  getLineage,
  getColumnLineage,
  getImpact,
  describeDataframe,
  getCellRuns,
  getErrors,
  compareRuns,
  getPerformance,
  queryMemories,
  inspectSchema,
  getStatus,
  listSessions,
  getLineagePaths,
  exportOpenlineage,
];
