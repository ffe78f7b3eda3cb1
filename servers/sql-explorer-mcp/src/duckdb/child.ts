import { runDuckdbWorker } from "@mcp-data/core/sql/duckdb";

await runDuckdbWorker();
