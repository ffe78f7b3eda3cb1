import { defineCommandLine } from "@mcp-data/core";
import { serverFlags } from "@mcp-data/core/start";
import { catalogue } from "./catalogue.ts";

export const commandLine = defineCommandLine({
  name: "lineage-mcp",
  version: catalogue.version,
  summary: "records untouched marimo notebooks and tells an agent where every DataFrame and column came from",
  positionals: { usage: "", help: "", max: 0 },
  flags: {
    notebook: {
      type: "list",
      value: "PATH",
      help: "Notebook, or folder of notebooks, to record; repeatable",
    },
    launch: {
      type: "choice",
      choices: ["edit", "run", "script"],
      help: "Start marimo on the notebook, recorded",
    },
    python: { type: "string", value: "EXE", help: "The Python that runs the notebook; found when absent" },
    "data-dir": { type: "string", value: "DIR", help: "Where events and the database are kept" },
    "dev-mode": { type: "boolean", help: "Keep them in .hunyo of the current folder" },
    install: {
      type: "boolean",
      help: "Set up recording in the notebook's Python (default); --no-install does not",
    },
    source: {
      type: "boolean",
      help: "Keep source text, literals and messages (default); --no-source does not",
    },
    stats: {
      type: "choice",
      choices: ["off", "sample"],
      help: "Sampled column statistics of the frames a cell makes",
    },
    namespace: {
      type: "string",
      value: "NAME",
      help: "OpenLineage job namespace; marimo://HOST when absent",
    },
    "retain-days": { type: "integer", value: "N", min: 1, max: 36_500, help: "Forget what is older" },
    ui: { type: "boolean", help: "Serve the local page with the live graph; its address is printed" },
    demo: { type: "boolean", help: "Serve a recorded session; needs no Python" },
    standalone: { type: "boolean", help: "Serve without a client: for a first look, or a service" },
    verbose: { type: "boolean", short: "v", help: "Log more, like --log-level debug" },
    ...serverFlags,
  },
  examples: [
    ["lineage-mcp --notebook analysis.py", "serve, ready to record this notebook"],
    ["lineage-mcp --notebook analysis.py --launch edit", "and start marimo on it"],
    ["lineage-mcp run -- marimo edit analysis.py", "record any command"],
    [
      "lineage-mcp install --python .venv/bin/python",
      "record whatever starts marimo there; uninstall removes it",
    ],
    ["lineage-mcp doctor", "prove on your own versions that recording works"],
    ["lineage-mcp status | env | ui", "what is recorded | variables for an IDE or CI | the page alone"],
    ["lineage-mcp export --to FILE|URL", "OpenLineage out; --family all for all three families"],
    ["lineage-mcp import FILE…", "an export, or anybody's RunEvents, in"],
    ["lineage-mcp validate FILE…", "check event files against the schemas"],
  ],
});
