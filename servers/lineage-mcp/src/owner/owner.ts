import { existsSync, statSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { type Logger, ToolError } from "@mcp-data/core";
import type { Home } from "../data/home.ts";
import { createEventFolder } from "../ingest/folder.ts";
import { createIngester, type Ingester } from "../ingest/ingester.ts";
import { type Watch, watchFolder } from "../ingest/watch.ts";
import { createCheckpoints } from "../store/checkpoints.ts";
import { createIdleParser } from "../store/idle-parser.ts";
import { maintain } from "../store/maintain.ts";
import type { Memory, MemoryStatus } from "../store/memory.ts";
import {
  type DuckApi,
  type OpenDatabase,
  openDatabase,
  setAsideDatabase,
  tellsDamage,
  tellsEnd,
} from "../store/open.ts";
import { createReader } from "../store/reader.ts";
import { onceIdle } from "./once-idle.ts";
import { paced } from "./paced.ts";
import { createRelief } from "./relief.ts";

export interface OwnerOptions {
  readonly api: DuckApi;
  readonly home: Home;
  readonly logger: Logger;
  readonly retainDays?: number | undefined;
  /** false: nothing is tailed, what is there is served (the demo). */
  readonly tail?: boolean;
}

export interface Owner extends Memory {
  /** Rejects when the database file was taken away and must be opened anew. */
  readonly lost: Promise<void>;
}

const compactAfterMs = 60_000;
const releaseAfterMs = 3_000;
/** Between two readings nobody asked for: each is a commit, which costs as much for one event as for hundreds. */
const pauseMs = 30;
const longMs = 250;
/** Longest a question waits for events that are not read yet. */
const freshnessMs = 2_000;

/** Holds the database, tails the event files into it and answers. Throws DatabaseHeld when another process is the owner. */
export async function openOwner(options: OwnerOptions): Promise<Owner> {
  const { api, home } = options;
  const database = await openDatabase(api, home.database);
  try {
    return await own(options, database);
  } catch (error) {
    database.connection.closeSync();
    database.instance.closeSync();
    if (!tellsDamage(error)) throw error;
    const setAside = setAsideDatabase(home.database);
    return own(options, { ...(await openDatabase(api, home.database)), setAside });
  }
}

async function own(options: OwnerOptions, database: OpenDatabase): Promise<Owner> {
  const { api, home, logger } = options;
  if (database.setAside !== undefined)
    logger.warn("a damaged database was set aside and is rebuilt from the event files");
  const identity = inode(home.database);
  const parser = createIdleParser(api);
  const reader = createReader(database.instance, parser);
  const relief = createRelief(api);
  const checkpoints = createCheckpoints(database.instance, home.database, logger);
  const listeners = new Set<(notebooks: readonly string[]) => void>();
  let tailer: MemoryStatus["tailer"] = "running";
  let problem: string | undefined;
  /** Or since when it is waited for. */
  let lastCommit = Date.now();
  let closed = false;
  let lostNow: () => void = () => undefined;
  const lost = new Promise<void>((resolve) => {
    lostNow = resolve;
  });
  const folder = createEventFolder(home.events);
  const open = (): Promise<Ingester> =>
    createIngester({
      api,
      connection: database.connection,
      folder,
      parser,
      logger,
      onCommit: ({ batch }) => {
        lastCommit = Date.now();
        checkpoints.look();
        if (batch.notebooks.size > 0) for (const listener of [...listeners]) listener([...batch.notebooks]);
      },
    });
  let ingester = await open();
  let reopening: Promise<void> | undefined;

  /** Another opening takes the place of this one; of a damaged file, with a new file, as when it was deleted. */
  function giveUp(err: unknown): boolean {
    const damaged = tellsDamage(err);
    if (!(damaged || tellsEnd(err))) return false;
    if (closed || inode(home.database) !== identity) return true;
    logger.warn(damaged ? "the database is damaged: it is set aside" : "the database is opened anew", {
      err,
    });
    if (damaged) setAsideDatabase(home.database);
    lostNow();
    return true;
  }

  async function watched<T>(asked: Promise<T>): Promise<T> {
    try {
      return await asked;
    } catch (error) {
      if (!giveUp(error)) throw error;
      throw new ToolError("UNAVAILABLE", "The lineage database has to be opened anew.", {
        hint: "Ask again in a moment.",
        retryAfterMs: 500,
        details: { reason: "owner_gone" },
        cause: error,
      });
    }
  }

  async function reopen(err: unknown): Promise<void> {
    giveUp(err);
    const said = err instanceof Error ? err.message.slice(0, 300) : String(err);
    if (said !== problem) logger.warn("reading events failed; it is tried again", { err });
    tailer = "failed";
    problem = said;
    // The one that failed refuses from now on.
    ingester = await open().catch(() => ingester);
    tailer = "restarting";
    reopening = undefined;
  }

  async function drain(): Promise<void> {
    if (closed) return;
    try {
      await ingester.drain();
      if (tailer !== "running") logger.info("reading events works again");
      tailer = "running";
      problem = undefined;
    } catch (err) {
      // All who wait hear of it; the first one begins again.
      reopening ??= reopen(err);
      await reopening;
    }
  }

  const compaction = onceIdle(compactAfterMs);
  const release = onceIdle(releaseAfterMs);
  release.touch();
  const upkeep = () =>
    ingester.alone(async () => {
      await checkpoints.settled();
      await maintain(database.connection, home, options.retainDays, logger);
    });
  async function read(): Promise<void> {
    const before = ingester.counts.events;
    await drain();
    if (ingester.counts.events !== before) {
      compaction.touch();
      release.touch();
      await relief.sometimes();
    } else if (tailer === "running" && compaction.due() && !closed) await upkeep();
    // A log that cannot be packed, for want of room, ends the engine.
    if (tailer !== "running" || !release.due()) return;
    checkpoints.look("rest");
    await checkpoints.settled();
    ingester.rest();
    await relief.now();
  }
  let draining: Promise<void> = Promise.resolve();
  const reading = paced(() => {
    draining = read().catch((err) => logger.debug("idle work waits for the next time", { err }));
    // A long history does not hide what others write meanwhile.
    return Promise.race([draining, sleep(longMs, undefined, { ref: false })]);
  }, pauseMs);
  const tick = (name?: string) => {
    if (closed) return;
    if (name?.endsWith(".jsonl")) folder.notice(name);
    if (identity !== undefined && inode(home.database) !== identity) lostNow();
    else reading.ask();
  };
  const watch: Watch | undefined = options.tail === false ? undefined : watchFolder(home.events, tick);
  await drain();
  if (tailer === "running") await upkeep();

  return {
    lost,
    rows(sql, params) {
      release.touch();
      return watched(reader.rows(sql, params));
    },
    query(sql, limits, signal) {
      release.touch();
      return watched(reader.query(sql, limits, signal));
    },
    async fresh() {
      if (options.tail === false) return { as_of: new Date().toISOString(), ingest_lag_ms: 0 };
      const as_of = new Date().toISOString();
      let waited: NodeJS.Timeout | undefined;
      const done = await Promise.race([
        drain().then(() => true),
        new Promise<false>((resolve) => {
          waited = setTimeout(() => resolve(false), freshnessMs);
        }),
      ]);
      clearTimeout(waited);
      if (done && tailer === "running") return { as_of, ingest_lag_ms: 0 };
      return {
        as_of: new Date(lastCommit).toISOString(),
        ingest_lag_ms: Math.max(0, Date.now() - lastCommit),
      };
    },
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    async status() {
      const backlog = ingester.backlog();
      const dead = await watched(reader.rows("SELECT count(*) AS n FROM dead_letters"));
      const total = await reader.rows(
        "SELECT (SELECT count(*) FROM runtime_events) + (SELECT count(*) FROM ol_events) + (SELECT count(*) FROM dataframe_lineage_events) + (SELECT count(*) FROM schemas) + (SELECT count(*) FROM bindings) AS n",
      );
      return {
        role: "owner",
        as_of: new Date().toISOString(),
        ingest_lag_ms: backlog === 0 ? 0 : Math.max(0, Date.now() - lastCommit),
        backlog_bytes: backlog,
        events: Number(total[0]?.n ?? 0),
        dead_letters: Number(dead[0]?.n ?? 0),
        duplicates: ingester.counts.duplicates,
        files: ingester.counts.files,
        tailer: options.tail === false ? "off" : tailer,
        ...(problem === undefined ? {} : { problem }),
        ...(database.setAside === undefined ? {} : { set_aside: database.setAside }),
      };
    },
    async close() {
      if (closed) return;
      closed = true;
      watch?.close();
      await reading.stop();
      await draining;
      await ingester.drain().catch(() => undefined);
      await ingester.settled();
      await checkpoints.settled();
      ingester.rest();
      await reader.close();
      await parser.close();
      database.connection.closeSync();
      database.instance.closeSync();
    },
  };
}

function inode(path: string): number | undefined {
  return existsSync(path) ? statSync(path).ino : undefined;
}
