import { createCursors, createTokenSigner, type Logger } from "@mcp-data/core";
import type { LineageConfig } from "./config.ts";
import type { Home } from "./data/home.ts";
import type { Notebook } from "./data/notebook.ts";
import { openSharedMemory } from "./owner/shared-memory.ts";
import type { CaptureFinding } from "./python/finding.ts";
import type { Services } from "./services.ts";

export interface ServicesOptions {
  readonly config: LineageConfig;
  readonly home: Home;
  readonly notebooks: readonly Notebook[];
  readonly logger: Logger;
  readonly capture: () => Promise<CaptureFinding>;
  readonly demo: boolean;
}

export interface LineageServices extends Services {
  close(): Promise<void>;
}

/** Builds the ports; the database opens in the background. */
export function createServices(options: ServicesOptions): LineageServices {
  const { config, home, logger } = options;
  const memory = openSharedMemory({ home, logger, retainDays: config.retain_days });
  const keys = config.signing_keys?.map((key) => key.reveal());
  return {
    memory,
    home,
    notebooks: options.notebooks,
    cursors: createCursors(createTokenSigner(keys === undefined ? {} : { keys })),
    capture: options.capture,
    demo: options.demo,
    close: () => memory.close(),
  };
}
