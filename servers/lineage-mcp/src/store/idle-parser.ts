import { type EngineParser, openEngineParser, type SqlParser } from "@mcp-data/core/sql/duckdb";
import type { DuckApi } from "./open.ts";

export interface IdleParser extends SqlParser {
  close(): Promise<void>;
}

/** A parser that is an engine only while texts come: at rest it holds no memory. */
export function createIdleParser(
  api: DuckApi,
  options: { readonly idleMs?: number; readonly open?: typeof openEngineParser } = {},
): IdleParser {
  const open = options.open ?? openEngineParser;
  let engine: Promise<EngineParser> | undefined;
  let working = 0;
  let rest: NodeJS.Timeout | undefined;

  async function close(): Promise<void> {
    clearTimeout(rest);
    const closing = engine;
    engine = undefined;
    (await closing?.catch(() => undefined))?.close();
  }

  return {
    async parse(sql, signal) {
      clearTimeout(rest);
      working += 1;
      try {
        engine ??= open(api);
        return await (await engine).parse(sql, signal);
      } catch (error) {
        engine = undefined;
        throw error;
      } finally {
        working -= 1;
        if (working === 0) {
          rest = setTimeout(() => void close(), options.idleMs ?? 5_000);
          rest.unref();
        }
      }
    },
    close,
  };
}
