import type { DuckDBConnection } from "@duckdb/node-api";
import type { Logger } from "@mcp-data/core";
import type { SqlParser } from "@mcp-data/core/sql/duckdb";
import { type Checked, createEventValidator, type Json } from "../events/validate.ts";
import type { RunOps } from "../lineage/run-ops.ts";
import type { Batch } from "./batch.ts";
import { dataframeRows } from "./dataframe-rows.ts";
import { eventKey } from "./event-key.ts";
import { knownKeys } from "./known-keys.ts";
import { lineageRows } from "./lineage-rows.ts";
import type { Line } from "./lines.ts";
import { type RunToRefine, refineEdges } from "./refined-edges.ts";
import { runtimeRows } from "./runtime-rows.ts";

type Valid = Extract<Checked, { ok: true }>;

export interface ChunkOfFile {
  readonly path: string;
  readonly lines: readonly Line[];
  /** Lines of the file before these. */
  readonly before: number;
  /** Read before: its events may be here already. */
  readonly again: boolean;
}

export interface InterpreterOptions {
  readonly connection: DuckDBConnection;
  readonly ops: RunOps;
  readonly parser: SqlParser;
  readonly logger: Logger;
  /** Ends when everything interpreted before can be read. */
  readonly committed: () => Promise<void>;
}

/** So much text, then whoever else waits for this thread has his turn. */
const breathBytes = 128 * 1024;
const tooLong = { ok: false, reason: "the line is too long" } as const;

/** Judges lines, and makes rows of the events among them. */
export function createInterpreter(
  options: InterpreterOptions,
): (chunk: ChunkOfFile, batch: Batch) => Promise<void> {
  const { connection, ops, parser, logger } = options;
  const validator = createEventValidator();

  function take(result: Valid, key: string, line: Line, batch: Batch, refine: RunToRefine[]): void {
    if (batch.keys.has(key)) {
      batch.counts.duplicates += 1;
      return;
    }
    batch.keys.add(key);
    const { event, family, legacy } = result;
    if (family === "runtime") runtimeRows(event, key, legacy, batch);
    else if (family === "dataframe") dataframeRows(event, key, legacy, batch);
    else lineageRows(event, key, line.text, legacy, batch);
    if (family !== "lineage" || event.eventType === "START") return;
    const operations = ops.take(String((event.run as Json).runId));
    if (operations !== undefined) refine.push({ ops: operations, event });
  }

  return async (chunk, batch) => {
    const refine: RunToRefine[] = [];
    const doubtful: { result: Valid; key: string; line: Line }[] = [];
    const doubt = chunk.again || chunk.path.startsWith("import");
    let breath = breathBytes;
    let number = chunk.before;
    for (const line of chunk.lines) {
      number += 1;
      breath -= line.text.length;
      if (breath < 0) {
        breath = breathBytes;
        await new Promise(setImmediate);
      }
      if (line.text === "") continue;
      const result = line.cut ? tooLong : validator.line(line.text);
      if (!result.ok) bury(line, result.reason, number, chunk.path, batch);
      else if (doubt || result.legacy) doubtful.push({ result, key: eventKey(result, line.text), line });
      else take(result, eventKey(result, line.text), line, batch, refine);
    }
    if (doubtful.length > 0) {
      await options.committed();
      const known = await knownKeys(
        connection,
        doubtful.map(({ key }) => key),
      );
      for (const { result, key, line } of doubtful) {
        if (known.has(key)) batch.counts.duplicates += 1;
        else take(result, key, line, batch, refine);
      }
    }
    for (const one of refine) await refineEdges(one, ops, batch, parser, logger);
  };
}

function bury(line: Line, reason: string, number: number, path: string, batch: Batch): void {
  batch.counts.dead += 1;
  batch.rows.add("dead_letters", {
    path,
    byte_offset: line.offset,
    line_no: number,
    reason,
    line: line.text.slice(0, 2_000),
    seen_at: Date.now() * 1000,
  });
}
