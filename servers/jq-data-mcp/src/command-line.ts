import { defineCommandLine } from "@mcp-data/core";
import { serverFlags } from "@mcp-data/core/start";
import { catalogue } from "./catalogue.ts";

export const commandLine = defineCommandLine({
  name: "jq-data-mcp",
  version: catalogue.version,
  summary: "a team's shared library of jq functions and tools over big JSON data",
  positionals: { usage: "", help: "None; data is given with --data", max: 0 },
  flags: {
    data: { type: "list", value: "PATH", help: "A file or folder of JSON, NDJSON, also gzipped, that programs may read" },
    database: { type: "string", value: "FILE", help: "The library's SQLite file; ./database/tools.db when absent" },
    seeds: { type: "list", value: "FILE", help: "YAML that fills an empty library" },
    demo: { type: "boolean", help: "Serve a sample library and sample data; nothing to install" },
    ...serverFlags,
  },
  examples: [
    ["jq-data-mcp --data ./datasets", "stdio, one person"],
    ["jq-data-mcp --http 127.0.0.1:8080 --data ./datasets", "for a team"],
    ["jq-data-mcp seed FILE…", "put YAML files into the library"],
    ["jq-data-mcp export [FILE]", "write the library as JSON"],
    ["jq-data-mcp import FILE", "read an exported library"],
    ["jq-data-mcp sync", "exchange changes with the bucket once"],
    ["jq-data-mcp doctor", "check store, engine, data and bucket"],
    ["jq-data-mcp users [ID ROLE]", "list users, or set a role"],
    ["jq-data-mcp health [URL]", "exit 0 when a server answers, for containers"],
    ["jq-data-mcp api-key", "make an API key and its hash"],
    ["jq-data-mcp audit verify FILE", "check an audit file for edits, gaps and cuts"],
  ],
});
