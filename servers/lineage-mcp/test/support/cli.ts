import { join } from "node:path";

const root = join(import.meta.dirname, "../../../..");

/** The command line from its sources. */
export const cli = {
  command: process.execPath,
  args: [
    "--conditions=@mcp-data/source",
    "--import",
    join(root, "node_modules/tsx/dist/loader.mjs"),
    join(import.meta.dirname, "../../src/cli.ts"),
  ],
};
