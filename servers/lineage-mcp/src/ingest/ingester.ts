import type { DuckDBConnection } from "@duckdb/node-api";
import type { Logger } from "@mcp-data/core";
import type { SqlParser } from "@mcp-data/core/sql/duckdb";
import { type Checked, createEventValidator, type Json } from "../events/validate.ts";
import { refineRun } from "../lineage/refine.ts";
import { createRunOps } from "../lineage/run-ops.ts";
import type { DuckApi } from "../store/open.ts";
import type { TableName } from "../store/schema.ts";
import { type Batch, createBatch } from "./batch.ts";
import { commitBatch } from "./commit.ts";
import { dataframeRows } from "./dataframe-rows.ts";
import { eventKey } from "./event-key.ts";
import { type EventFile, fileKey, listEventFiles, readRange } from "./files.ts";
import { lineageRows } from "./lineage-rows.ts";
import { runtimeRows } from "./runtime-rows.ts";

export interface Position {
  readonly key: string;
  readonly offset: number;
  readonly line: number;
  /** Read before: its events may be here already. */
  readonly again: boolean;
}

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
  readonly folder: string;
  readonly parser: SqlParser;
  readonly logger: Logger;
  readonly onCommit?: (committed: Committed) => void;
}

const chunkBytes = 4 * 1024 * 1024;
const chunkEvents = 5_000;
const maxLine = 32 * 1024 * 1024;

export async function createIngester(options: IngesterOptions): Promise<Ingester> {
  const { connection, folder } = options;
  const positions = await readPositions(connection);
  const datasets = await readDatasets(connection);
  const validator = createEventValidator();
  const ops = createRunOps();
  const counts: IngestCounts = { events: 0, dead: 0, duplicates: 0, files: 0, lastCommit: 0 };
  let running: Promise<void> | undefined;
  let next: Promise<void> | undefined;

  async function drainOnce(): Promise<void> {
    const files = listEventFiles(folder);
    counts.files = files.length;
    for (const file of files) {
      while (await step(file)) {
        // Until the size that was seen.
      }
    }
  }

  /** One chunk of one file, in one transaction; true when there is more up to the listed size. */
  async function step(file: EventFile): Promise<boolean> {
    let position = positions.get(file.path);
    if (position !== undefined && file.size === position.offset) return false;
    const key = fileKey(file.absolute);
    if (key === undefined) return false;
    // A known file under a new name was renamed, or copied.
    const known = () => [...positions.values()].some((each) => each.key === key);
    if (position === undefined) position = { key, offset: 0, line: 0, again: known() };
    else if (position.key !== key || file.size < position.offset)
      position = { key, offset: 0, line: 0, again: true };
    if (position.offset >= file.size) return false;

    const lines = readLines(file, position.offset);
    if (lines.end === position.offset) return false;
    const batch = createBatch(datasets, ops);
    const { events, dead, duplicates } = await interpret(lines.lines, position, file, batch);
    const after = { ...position, offset: lines.end, line: position.line + lines.lines.length };
    await commitBatch(options.api, connection, batch, {
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
      const result = line.text.length > maxLine ? tooLong : validator.line(line.text);
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
    const refine: { ops: readonly Json[]; event: Json }[] = [];
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
    for (const one of refine) await refined(one, batch);
    return { events: mine.size, dead, duplicates };
  }

  async function refined(one: { ops: readonly Json[]; event: Json }, batch: Batch): Promise<void> {
    try {
      const better = await refineRun(one.ops, one.event, ops, options.parser);
      if (better === undefined) return;
      const run = String((one.event.run as Json).runId);
      const at = batch.columnEdges.find((edge) => edge.run_id === run)?.at ?? null;
      for (const [key, edges] of better) {
        const kept = batch.columnEdges.filter(
          (edge) => edge.run_id !== run || `${edge.out_namespace}\n${edge.out_name}` !== key,
        );
        batch.columnEdges.splice(
          0,
          batch.columnEdges.length,
          ...kept,
          ...edges.map((edge) => ({ ...edge, at })),
        );
        const known = new Set(
          batch.datasetEdges
            .filter((edge) => edge.run_id === run && `${edge.out_namespace}\n${edge.out_name}` === key)
            .map((edge) => `${edge.in_namespace}\n${edge.in_name}`),
        );
        for (const edge of edges) {
          const source = `${edge.in_namespace ?? ""}\n${edge.in_name ?? ""}`;
          if (known.has(source) || source === key) continue;
          known.add(source);
          batch.dataset({ namespace: edge.in_namespace, name: edge.in_name }, {}, at);
          batch.datasetEdge({
            run_id: run,
            out_namespace: edge.out_namespace,
            out_name: edge.out_name,
            in_namespace: edge.in_namespace ?? "",
            in_name: edge.in_name ?? "",
            at,
          });
        }
      }
    } catch (err) {
      options.logger.warn("the SQL of a run could not be analysed", { err });
    }
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
      for (const file of listEventFiles(folder))
        bytes += Math.max(0, file.size - (positions.get(file.path)?.offset ?? 0));
      return bytes;
    },
  };
  return ingester;
}

interface Line {
  readonly text: string;
  readonly offset: number;
}

const tooLong = { ok: false, reason: "the line is too long" } as const;

/** Whole lines from an offset, at most one chunk of them, never beyond the listed size. */
function readLines(file: EventFile, start: number): { lines: Line[]; end: number } {
  let length = Math.min(chunkBytes, file.size - start);
  let bytes = readRange(file.absolute, start, length);
  while (bytes.lastIndexOf(10) < 0 && start + length < file.size) {
    length = Math.min(length * 2, file.size - start);
    bytes = readRange(file.absolute, start, length);
  }
  const last = bytes.lastIndexOf(10);
  if (last < 0) return { lines: [], end: start };
  const lines: Line[] = [];
  let at = 0;
  while (at <= last && lines.length < chunkEvents) {
    const end = bytes.indexOf(10, at);
    const stop = end > at && bytes[end - 1] === 13 ? end - 1 : end;
    lines.push({ text: bytes.toString("utf8", at, stop), offset: start + at });
    at = end + 1;
  }
  return { lines, end: start + at };
}

async function readPositions(connection: DuckDBConnection): Promise<Map<string, Position>> {
  const rows = await connection.runAndReadAll(
    "SELECT path, file_key, byte_offset, line_no FROM ingest_offsets",
  );
  return new Map(
    rows
      .getRows()
      .map(([path, key, offset, line]) => [
        String(path),
        { key: String(key), offset: Number(offset), line: Number(line), again: false },
      ]),
  );
}

async function readDatasets(connection: DuckDBConnection): Promise<Set<string>> {
  const rows = await connection.runAndReadAll("SELECT namespace, name FROM datasets");
  return new Set(rows.getRows().map(([namespace, name]) => `${String(namespace)}\n${String(name)}`));
}

const keyed: readonly TableName[] = [
  "runtime_events",
  "ol_events",
  "dataframe_lineage_events",
  "schemas",
  "bindings",
];

async function knownKeys(connection: DuckDBConnection, keys: readonly string[]): Promise<Set<string>> {
  const found = new Set<string>();
  for (let at = 0; at < keys.length; at += 1_000) {
    const list = keys
      .slice(at, at + 1_000)
      .map((key) => `'${key.replaceAll("'", "''")}'`)
      .join(",");
    for (const table of keyed) {
      const rows = await connection.runAndReadAll(
        `SELECT event_key FROM ${table} WHERE event_key IN (${list})`,
      );
      for (const [key] of rows.getRows()) found.add(String(key));
    }
  }
  return found;
}
