import type { Cursors } from "@mcp-data/core";
import type { Home } from "./data/home.ts";
import type { Notebook } from "./data/notebook.ts";
import type { CaptureFinding } from "./python/finding.ts";
import type { Memory } from "./store/memory.ts";

/** What the tools need. */
export interface Services {
  readonly memory: Memory;
  readonly home: Home;
  /** Notebooks this server was started for; empty: whatever was recorded. */
  readonly notebooks: readonly Notebook[];
  readonly cursors: Cursors;
  /** What is known of the Pythons that will run the notebooks. */
  readonly capture: () => Promise<CaptureFinding>;
  readonly demo: boolean;
}
