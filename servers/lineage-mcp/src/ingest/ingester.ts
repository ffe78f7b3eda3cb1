import type { DuckDBConnection } from "@duckdb/node-api";
import type { Logger } from "@mcp-data/core";
import type { SqlParser } from "@mcp-data/core/sql/duckdb";
import { type Checked, createEventValidator, type Json } from "../events/validate.ts";
import { createRunOps } from "../lineage/run-ops.ts";
import type { DuckApi } from "../store/open.ts";
import { type Batch, createBatch } from "./batch.ts";
import { commitBatch } from "./commit.ts";
import { dataframeRows } from "./dataframe-rows.ts";
import { eventKey } from "./event-key.ts";
import { type EventFile, fileKey } from "./files.ts";
import type { EventFolder } from "./folder.ts";
import { knownKeys } from "./known-keys.ts";
import { lineageRows } from "./lineage-rows.ts";
import { type Line, readLines } from "./lines.ts";
import { readOpenRuns } from "./open-runs.ts";
import { type Position, readPositions } from "./positions.ts";
import { type RunToRefine, refineEdges } from "./refined-edges.ts";
import { runtimeRows } from "./runtime-rows.ts";

export interface IngestCounts {
  events: number;
  dead: number;
  duplicates: number;
  files: number;
  /** Time of the newest event that was committed, milliseconds since the epoch. */
  lastCommit: number;
}

export interface Committed {
  readonly batch: Batch;
  readonly events: number;
}

export interface Ingester {
  /** Reads everything there is; one at a time, calls during a run wait for the next. */
  drain(): Promise<void>;
  /** Work on the same connection, while nothing is read. */
  alone(work: () => Promise<void>): Promise<void>;
  readonly counts: Readonly<IngestCounts>;
  /** Bytes not read yet. */
  backlog(): number;
}

export interface IngesterOptions {
  readonly api: DuckApi;
  readonly connection: DuckDBConnection;
  readonly folder: EventFolder;
  readonly parser: SqlParser;
  readonly logger: Logger;
  readonly onCommit?: (committed: Committed) => void;
}

export async function createIngester(options: IngesterOptions): Promise<Ingester> {
  const { connection, folder } = options;
  const positions = await readPositions(connection);
  const datasets = await readDatasets(connection);
  const validator = createEventValidator();
  const openRuns = await readOpenRuns(connection);
  const ops = createRunOps();
  const counts: IngestCounts = { events: 0, dead: 0, duplicates: 0, files: 0, lastCommit: 0 };
  let running: Promise<void> | undefined;
  let next: Promise<void> | undefined;

  async function drainOnce(): Promise<void> {
    for (const file of folder.look()) {
      while (await step(file)) {
        // Until the size that was seen.
      }
    }
    counts.files = folder.count;
  }

  /** One chunk of one file, in one transaction; true when there is more up to the listed size. */
  async function step(file: EventFile): Promise<boolean> {
    let position = positions.get(file.path);
    if (position !== undefined && file.size === position.offset) return false;
    const key = fileKey(file.absolute);
    if (key === undefined) return false;
    if (position === undefined) position = { key, offset: 0, line: 0, again: positions.knows(key) };
    else if (position.key !== key || file.size < position.offset)
      position = { key, offset: 0, line: 0, again: true };
    if (position.offset >= file.size) return false;

    const lines = readLines(file, position.offset, position.scanned);
    if (lines.end === position.offset) {
      positions.set(file.path, { ...position, scanned: lines.scanned });
      return false;
    }
    const batch = createBatch(datasets, ops);
    const { events, dead, duplicates } = await interpret(lines.lines, position, file, batch);
    const { again } = position;
    const after = { key, offset: lines.end, line: position.line + lines.lines.length, again };
    await commitBatch(options.api, connection, batch, openRuns, {
      path: file.path,
      key,
      offset: after.offset,
      line: after.line,
    });
    positions.set(file.path, after);
    for (const dataset of batch.newDatasets.keys()) datasets.add(dataset);
    counts.events += events;
    counts.dead += dead;
    counts.duplicates += duplicates;
    counts.lastCommit = Date.now();
    if (events > 0) options.onCommit?.({ batch, events });
    return after.offset < file.size;
  }

  async function interpret(lines: readonly Line[], position: Position, file: EventFile, batch: Batch) {
    const checked: { line: Line; result: Extract<Checked, { ok: true }>; key: string }[] = [];
    let dead = 0;
    for (const [at, line] of lines.entries()) {
      if (line.text === "") continue;
      const result = line.cut ? tooLong : validator.line(line.text);
      if (result.ok) {
        checked.push({ line, result, key: eventKey(result, line.text) });
        continue;
      }
      dead += 1;
      batch.rows.add("dead_letters", {
        path: file.path,
        byte_offset: line.offset,
        line_no: position.line + at + 1,
        reason: result.reason,
        line: line.text.slice(0, 2_000),
        seen_at: BigInt(Date.now()) * 1000n,
      });
    }
    const known =
      position.again || file.path.startsWith("import") || checked.some(({ result }) => result.legacy)
        ? await knownKeys(
            connection,
            checked.map(({ key }) => key),
          )
        : undefined;
    let duplicates = 0;
    const mine = new Set<string>();
    const refine: RunToRefine[] = [];
    for (const { line, result, key } of checked) {
      if (known?.has(key) === true || mine.has(key)) {
        duplicates += 1;
        continue;
      }
      mine.add(key);
      if (result.family === "runtime") runtimeRows(result.event, key, result.legacy, batch);
      else if (result.family === "dataframe") dataframeRows(result.event, key, result.legacy, batch);
      else {
        lineageRows(result.event, key, line.text, result.legacy, batch);
        if (result.event.eventType !== "START") {
          const operations = ops.take(String((result.event.run as Json).runId));
          if (operations !== undefined) refine.push({ ops: operations, event: result.event });
        }
      }
    }
    for (const one of refine) await refineEdges(one, ops, batch, options.parser, options.logger);
    return { events: mine.size, dead, duplicates };
  }

  const ingester: Ingester = {
    counts,
    drain() {
      if (running === undefined) {
        running = drainOnce().finally(() => {
          running = undefined;
        });
        return running;
      }
      next ??= running
        .catch(() => undefined)
        .then(() => {
          next = undefined;
          return ingester.drain();
        });
      return next;
    },
    async alone(work) {
      while (running !== undefined) await running.catch(() => undefined);
      running = work().finally(() => {
        running = undefined;
      });
      return running;
    },
    backlog() {
      let bytes = 0;
      for (const [path, size] of folder.sizes())
        bytes += Math.max(0, size - (positions.get(path)?.offset ?? 0));
      return bytes;
    },
  };
  return ingester;
}

const tooLong = { ok: false, reason: "the line is too long" } as const;

async function readDatasets(connection: DuckDBConnection): Promise<Set<string>> {
  const rows = await connection.runAndReadAll("SELECT namespace, name FROM datasets");
  return new Set(rows.getRows().map(([namespace, name]) => `${String(namespace)}\n${String(name)}`));
}
