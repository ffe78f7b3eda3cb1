import type { AnyTool } from "@mcp-data/core";
import type { Services } from "../services.ts";
import { describeDataset } from "./describe-dataset.ts";
import { exportLibrary } from "./export-library.ts";
import { getFunction } from "./get-function.ts";
import { getHistory } from "./get-history.ts";
import { getMetrics } from "./get-metrics.ts";
import { getTool } from "./get-tool.ts";
import { importLibrary } from "./import-library.ts";
import { listDatasets } from "./list-datasets.ts";
import { listProposals } from "./list-proposals.ts";
import { manageLibrary } from "./manage-library.ts";
import { manageUsers } from "./manage-users.ts";
import { proposeFunction } from "./propose-function.ts";
import { proposeTool } from "./propose-tool.ts";
import { query } from "./query.ts";
import { resolveConflict } from "./resolve-conflict.ts";
import { runTool } from "./run-tool.ts";
import { searchLibrary } from "./search-library.ts";
import { suggestImprovements } from "./suggest-improvements.ts";
import { syncNow } from "./sync-now.ts";
import { testProgram } from "./test-program.ts";
import { vote } from "./vote.ts";
import { withdrawProposal } from "./withdraw-proposal.ts";

/** In the order they are listed. */
export const tools: readonly AnyTool<Services>[] = [
  searchLibrary,
  getTool,
  getFunction,
  runTool,
  query,
  listDatasets,
  describeDataset,
  testProgram,
  proposeTool,
  proposeFunction,
  listProposals,
  vote,
  getHistory,
  withdrawProposal,
  suggestImprovements,
  getMetrics,
  exportLibrary,
  manageLibrary,
  importLibrary,
  syncNow,
  resolveConflict,
  manageUsers,
];
