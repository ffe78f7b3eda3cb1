import { defineCommandLine } from "@mcp-data/core";
import { serverFlags } from "@mcp-data/core/start";
import { catalogue } from "./catalogue.ts";

export const commandLine = defineCommandLine({
  name: "sql-explorer-mcp",
  version: catalogue.version,
  summary: "lets an AI agent explore and query databases and data files, read-only",
  positionals: {
    usage: "[SOURCE…]",
    help: "postgres://user@host/db, a .duckdb file, a CSV, TSV, Parquet, JSON or NDJSON file, or a folder of them; several are served side by side",
  },
  flags: {
    demo: { type: "boolean", help: "Serve a small sample shop, embedded; nothing to install" },
    project: {
      type: "string",
      value: "ID",
      aliases: ["project-id"],
      help: "Serve one project of the configuration to every caller",
    },
    ...serverFlags,
  },
  examples: [
    ["sql-explorer-mcp postgres://reader@db/shop", "password from PGPASSWORD or ~/.pgpass"],
    ["sql-explorer-mcp ./warehouse.duckdb ./exports/", "two embedded sources"],
    ["sql-explorer-mcp --config explorer.yaml --http :8080", "for a team"],
    ["sql-explorer-mcp health [URL]", "exit 0 when a server answers, for containers"],
    ["sql-explorer-mcp api-key", "make an API key and its hash"],
    ["sql-explorer-mcp audit verify FILE", "check an audit file for edits, gaps and cuts"],
  ],
});
