import type { DuckDBConnection } from "@duckdb/node-api";
import type { Logger } from "@mcp-data/core";
import type { SqlParser } from "@mcp-data/core/sql/duckdb";
import { createRunOps } from "../lineage/run-ops.ts";
import type { DuckApi } from "../store/open.ts";
import { createPackedWriter } from "../store/packed.ts";
import { type Batch, createBatch } from "./batch.ts";
import { commitBatch } from "./commit.ts";
import { type EventFile, fileKey } from "./files.ts";
import type { EventFolder } from "./folder.ts";
import { createInterpreter } from "./interpret.ts";
import { chunkBytes, chunkEvents, readLines } from "./lines.ts";
import { readOpenRuns } from "./open-runs.ts";
import { readPositions } from "./positions.ts";
import { createTurns } from "./turns.ts";
import { createWaiting } from "./waiting.ts";

export interface IngestCounts {
  events: number;
  dead: number;
  duplicates: number;
  files: number;
}

export interface Committed {
  readonly batch: Batch;
  readonly events: number;
}

/** What fails once refuses from then on: its memory may be ahead of the database. */
export interface Ingester {
  /** Ends when what the files hold now can be read, however much is written meanwhile. */
  drain(): Promise<void>;
  /** Work on the same connection, while nothing is read. */
  alone(work: () => Promise<void>): Promise<void>;
  /** Gives back what is kept only for the next batch. */
  rest(): void;
  /** Ends when nothing is being read any more. */
  settled(): Promise<void>;
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
  const { api, connection, folder, logger } = options;
  const positions = await readPositions(connection);
  const datasets = await readDatasets(connection);
  const openRuns = await readOpenRuns(connection);
  const ops = createRunOps();
  const store = { api, connection, logger, packed: createPackedWriter(connection) };
  const counts: IngestCounts = { events: 0, dead: 0, duplicates: 0, files: 0 };
  const turns = createTurns();
  const waiting = createWaiting();
  const guests: Guest[] = [];
  let running: Promise<void> | undefined;
  let failure: Promise<never> | undefined;
  let committing: Promise<void> = Promise.resolve();
  const interpret = createInterpreter({
    connection,
    ops,
    parser: options.parser,
    logger,
    committed: () => committing,
  });

  /** While one batch is being committed, the next is made. */
  async function run(): Promise<void> {
    const memory = Buffer.allocUnsafe(Math.min(chunkBytes, 64 * 1024 + backlog()));
    try {
      for (;;) {
        const batch = createBatch(datasets, ops);
        const handled = new Map<string, number>();
        await fill(batch, handled, memory);
        await committing;
        // What was asked for during the commit before goes with this one.
        await fill(batch, handled, memory);
        for (let guest = guests.shift(); guest !== undefined; guest = guests.shift()) await guest.work();
        if (batch.offsets.size === 0) waiting.handled(handled);
        else commit(batch, handled);
        if (handled.size === 0 && turns.next() === undefined && guests.length === 0) break;
      }
      await committing;
    } catch (error) {
      await committing.catch(() => undefined);
      failure = Promise.reject(error);
      failure.catch(() => undefined);
      waiting.failed(error);
      for (const guest of guests.splice(0)) guest.refuse(error);
    }
  }

  async function fill(batch: Batch, handled: Map<string, number>, memory: Buffer): Promise<void> {
    while (batch.counts.lines < chunkEvents && batch.counts.bytes < chunkBytes) {
      const file = turns.next();
      if (file === undefined) return;
      const more = await step(file, batch, memory).catch(unlessGone);
      if (!more) handled.set(file.path, file.size);
      turns.took(file, more);
    }
  }

  /** One chunk of one file; true when there is more up to the listed size. */
  async function step(file: EventFile, batch: Batch, memory: Buffer): Promise<boolean> {
    let position = positions.get(file.path);
    if (position !== undefined && file.size === position.offset) return false;
    const key = fileKey(file.absolute);
    if (key === undefined) return false;
    if (position === undefined) position = { key, offset: 0, line: 0, again: positions.knows(key) };
    else if (position.key !== key || file.size < position.offset)
      position = { key, offset: 0, line: 0, again: true };
    if (position.offset >= file.size) return false;

    const { lines, end, scanned, packable } = readLines(file, position.offset, position.scanned, memory);
    if (end === position.offset) {
      positions.set(file.path, { ...position, scanned });
      return false;
    }
    const { again } = position;
    batch.packable &&= packable;
    batch.counts.lines += lines.length;
    batch.counts.bytes += end - position.offset;
    await interpret({ path: file.path, lines, before: position.line, again }, batch);
    const after = { key, offset: end, line: position.line + lines.length, again };
    positions.set(file.path, after);
    batch.offsets.set(file.path, after);
    for (const dataset of batch.newDatasets.keys()) datasets.add(dataset);
    return after.offset < file.size;
  }

  function commit(batch: Batch, handled: ReadonlyMap<string, number>): void {
    committing = commitBatch(store, batch, openRuns).then(() => {
      for (const [path, { offset }] of batch.offsets) positions.commit(path, offset);
      counts.events += batch.keys.size;
      counts.dead += batch.counts.dead;
      counts.duplicates += batch.counts.duplicates;
      waiting.handled(handled);
      if (batch.keys.size > 0) options.onCommit?.({ batch, events: batch.keys.size });
    });
    committing.catch(() => undefined);
  }

  function backlog(): number {
    let bytes = 0;
    for (const [path, size] of folder.sizes()) bytes += Math.max(0, size - positions.committed(path));
    return bytes;
  }

  function start(): void {
    running ??= run().then(() => {
      running = undefined;
      counts.files = folder.count;
      if (failure !== undefined) return;
      // It may have come while the last commit was under way.
      if (turns.next() !== undefined || guests.length > 0) start();
      else waiting.over();
    });
  }

  return {
    counts,
    backlog,
    drain() {
      if (failure !== undefined) return failure;
      counts.files = folder.count;
      const files = folder.look().filter(({ path, size }) => positions.committed(path) !== size);
      if (files.length === 0) return Promise.resolve();
      turns.add(files);
      const done = waiting.until(files);
      start();
      return done;
    },
    alone(work) {
      if (failure !== undefined) return failure;
      return new Promise((resolve, reject) => {
        guests.push({ work: () => work().then(resolve, reject), refuse: reject });
        start();
      });
    },
    rest: () => store.packed.rest(),
    async settled() {
      while (running !== undefined) await running;
    },
  };
}

interface Guest {
  work(): Promise<void>;
  refuse(error: unknown): void;
}

/** A file may go between being listed and being read. */
function unlessGone(error: unknown): false {
  if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
  throw error;
}

async function readDatasets(connection: DuckDBConnection): Promise<Set<string>> {
  const rows = await connection.runAndReadAll("SELECT namespace, name FROM datasets");
  return new Set(rows.getRows().map(([namespace, name]) => `${String(namespace)}\n${String(name)}`));
}
