import { createLogger } from "@mcp-data/core";
import type { Engine } from "../../engine/engine.ts";
import { composeEngine, createPostgresEngine, type Walls } from "../engine.ts";
import type { PostgresOptions } from "../options.ts";

export function testOptions(url: string, extra: Partial<PostgresOptions> = {}): PostgresOptions {
  return {
    dsn: { reveal: () => url },
    sourceId: "test",
    poolMax: 4,
    logger: createLogger({ server: "test", level: "silent" }),
    ...extra,
  };
}

/** The engine as a server makes it, or with the walls a test chooses. */
export function testEngine(url: string, extra: Partial<PostgresOptions> = {}, walls?: Walls): Engine {
  const options = testOptions(url, extra);
  return walls === undefined ? createPostgresEngine(options) : composeEngine(options, walls);
}
