import { createDuckdbGate, createDuckdbProcess, type LockedSource } from "@mcp-data/core/sql/duckdb";
import type { Engine } from "../engine/engine.ts";
import { type Catalog, createCatalog } from "./catalog.ts";
import { createCatalogCache } from "./catalog-cache.ts";
import { childEntry } from "./child-entry.ts";
import { runExplain } from "./explain.ts";
import { discoverFiles } from "./files/discover.ts";
import { type FolderSource, folderSource } from "./files/folder-source.ts";
import { verdictOf } from "./judge.ts";
import type { DuckdbOptions } from "./options.ts";
import type { Parts } from "./parts.ts";
import { runQuery } from "./query.ts";
import { readSamples } from "./samples.ts";
import { buildSnapshot } from "./snapshot.ts";

const maxSpill = "4GB";

/** A DuckDB file, or data files behind views, in a process of its own. Starts it on first use. */
export function createDuckdbEngine(options: DuckdbOptions): Engine {
  const ownMs = options.ownTimeoutMs ?? 30_000;
  const isFolder = options.kind === "files";
  let folder: FolderSource | undefined;

  const process = createDuckdbProcess({
    worker: options.child ?? childEntry(),
    source: isFolder ? noFiles : { kind: "file", path: options.paths[0] ?? "" },
    caps: {
      memoryLimit: options.memoryLimit ?? "1GB",
      threads: options.threads ?? 2,
      maxTempSize: maxSpill,
    },
    concurrency: options.concurrency,
    ...(options.idleMs === undefined ? {} : { idleMs: options.idleMs }),
    onCrash: (exit, stderr) =>
      options.logger.warn("the engine's process ended unexpectedly", {
        source: options.sourceId,
        ...exit,
        stderr,
      }),
  });

  async function load(): Promise<Catalog> {
    const takenAt = Date.now();
    if (isFolder) await listFiles();
    const facts = await process.catalog({ timeoutMs: ownMs });
    return createCatalog(facts, buildSnapshot(facts, folder, takenAt), isFolder);
  }

  /** Files that came or went need an instance that may read others than before. */
  async function listFiles(): Promise<void> {
    const found = folderSource(await discoverFiles(options.paths));
    if (folder?.listing !== found.listing) await process.reopen(found.source, { timeoutMs: ownMs });
    folder = found;
  }

  const catalogs = createCatalogCache({ load, ttlMs: options.catalogTtlMs ?? 300_000, floorMs: 2_000 });
  const parts: Parts = { process, gate: createDuckdbGate(process), catalogs };
  return {
    kind: options.kind,
    snapshot: async (wanted) => (await catalogs.get(wanted)).snapshot,
    async check(sql, params, access, signal) {
      return (await verdictOf(parts, { sql, params, access, signal })).verdict;
    },
    query: (request) => runQuery(parts, request),
    explain: (request) => runExplain(parts, request),
    samples: (table, columns, limit, access, signal) =>
      readSamples(parts, table, columns, limit, access, signal),
    async ping(signal) {
      await catalogs.get({ signal });
      await process.run(ping, { timeoutMs: ownMs, signal });
    },
    // The file is open read-only with no way out of it: there is no login that could do more.
    privileges: async () => [],
    close: () => process.close(),
  };
}

const noFiles: LockedSource = { kind: "views", files: [], views: [] };

const ping = {
  sql: "SELECT 1",
  params: [],
  searchPath: [],
  skip: 0,
  maxRows: 1,
  maxBytes: 1_000,
  maxCellChars: 10,
};
