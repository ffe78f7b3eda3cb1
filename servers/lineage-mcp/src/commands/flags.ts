import type { FlagTable, FlagValues } from "@mcp-data/core";

const place = {
  "data-dir": { type: "string", value: "DIR", help: "The data directory" },
  "dev-mode": { type: "boolean", help: "The .hunyo of the current folder" },
} as const satisfies FlagTable;
const python = {
  python: { type: "string", value: "EXE", help: "The Python; found when absent" },
} as const satisfies FlagTable;
const notebook = {
  notebook: { type: "list", value: "PATH", help: "Notebooks to register" },
} as const satisfies FlagTable;

export const flags = {
  run: {
    ...place,
    notebook: notebook.notebook,
    source: { type: "boolean", help: "Keep source text; --no-source does not" },
  },
  install: { ...place, ...python, ...notebook },
  uninstall: { ...python, ...notebook },
  doctor: { ...place, ...python, ...notebook },
  status: { ...place },
  export: {
    ...place,
    to: { type: "string", value: "FILE|URL", help: "Where to; stdout when absent" },
    family: {
      type: "choice",
      choices: ["lineage", "all"],
      help: "RunEvents only (default), or all three families",
    },
    flavor: {
      type: "choice",
      choices: ["spec", "marquez"],
      help: "marquez adds the older fields Marquez reads",
    },
    session: { type: "string", value: "ID", help: "One session" },
    since: { type: "string", value: "TIME", help: "Events from then on" },
  },
  import: { ...place },
  validate: {},
  env: { ...place },
  ui: {
    ...place,
    port: { type: "integer", value: "N", min: 0, max: 65_535, help: "Port; a free one when absent" },
  },
} as const satisfies Record<string, FlagTable>;

export type CommandName = keyof typeof flags;
export type CommandFlags<N extends CommandName> = FlagValues<(typeof flags)[N]>;
