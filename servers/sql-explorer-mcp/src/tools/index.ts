import type { AnyTool } from "@mcp-data/core";
import type { Services } from "../services.ts";
import { describeTable } from "./describe-table.ts";
import { explainQuery } from "./explain-query.ts";
import { getMetadata } from "./get-metadata.ts";
import { listSources } from "./list-sources.ts";
import { listTables } from "./list-tables.ts";
import { query } from "./query.ts";
import { searchSchema } from "./search-schema.ts";
import { validateQuery } from "./validate-query.ts";

/** In the order they are listed. */
export const tools: readonly AnyTool<Services>[] = [
  listSources,
  listTables,
  describeTable,
  searchSchema,
  getMetadata,
  query,
  explainQuery,
  validateQuery,
];
