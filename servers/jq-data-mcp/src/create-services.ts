import { availableParallelism } from "node:os";
import { dirname, join, resolve } from "node:path";
import { createConfirmations, createCursors, createTokenSigner, type Logger } from "@mcp-data/core";
import { credentialsOf, type JqDataConfig } from "./config.ts";
import { createDatasets } from "./datasets/registry.ts";
import { createSchemas } from "./datasets/schemas.ts";
import { defaultLimits } from "./engine/limits.ts";
import { openNativeEngine } from "./engine/native/engine.ts";
import { findNative } from "./engine/native/find.ts";
import { openWasmPool } from "./engine/wasm/pool.ts";
import { createInsights } from "./learning/insights.ts";
import { createConflicts } from "./library/conflicts.ts";
import { createDatasetMigrations } from "./library/dataset-migrations.ts";
import { createExaminer } from "./library/examine.ts";
import { createJournal } from "./library/journal.ts";
import { createManager } from "./library/manage.ts";
import type { Operation } from "./library/operations.ts";
import { createPeople } from "./library/people.ts";
import { createProposals } from "./library/proposals.ts";
import { createReader } from "./library/reading.ts";
import { createUsers } from "./library/users.ts";
import { createCompiler } from "./program/compile.ts";
import { createResultStore } from "./results/result-store.ts";
import { memoryCache, redisCache } from "./run/cache.ts";
import { createRunLog } from "./run/run-log.ts";
import { createRunner } from "./run/runner.ts";
import { fillFromSeeds, neverFilled } from "./seeds/fill-empty.ts";
import { createImporter } from "./seeds/import-library.ts";
import type { Services } from "./services.ts";
import { openDatabase } from "./store/database.ts";
import { migrate, versionOf } from "./store/migrate.ts";
import { bucketOf, keepInSync, refuseUnsafe } from "./sync/keep-in-sync.ts";
import type { ObjectStore } from "./sync/object-store.ts";
import { s3Store } from "./sync/s3-store.ts";
import { createSyncer } from "./sync/syncer.ts";
import { createLibraryTools } from "./tools/library-tools.ts";

export interface ServicesOptions {
  readonly config: JqDataConfig;
  readonly logger: Logger;
  /** Told of what changed here or came from elsewhere. */
  readonly onChange?: (operations: readonly Operation[]) => void;
  /** Replaces the bucket of sync. */
  readonly syncStore?: ObjectStore;
}

export interface JqDataServices extends Services {
  /** For /ready: each dependency answers. */
  readonly ready: Readonly<Record<string, () => Promise<void>>>;
  close(): Promise<void>;
}

const MiB = 1024 * 1024;

/** Opens the store and the engine, fills an empty library from its seeds, and starts what runs by itself. */
export async function createServices(options: ServicesOptions): Promise<JqDataServices> {
  const { config, logger } = options;
  const path = config.database === ":memory:" ? config.database : resolve(config.database);
  const home = path === ":memory:" ? join(process.cwd(), ".jq-data") : dirname(path);
  const db = openDatabase(path);
  const closers: (() => Promise<void> | void)[] = [() => db.close()];
  const close = async () => {
    for (const closer of closers.splice(0).reverse()) {
      try {
        await closer();
      } catch (err) {
        logger.warn("closing failed", { err });
      }
    }
  };
  try {
    const { from, to, copy } = migrate(db);
    if (copy !== undefined) logger.info("the database was migrated", { from, to });
    return await build();
  } catch (error) {
    await close();
    throw error;
  }

  async function build(): Promise<JqDataServices> {
    const { engine: settings, team } = config;
    const limits = {
      ...defaultLimits,
      timeoutMs: Math.round(settings.timeout_seconds * 1_000),
      memoryBytes: settings.memory_mb * MiB,
      outputBytes: settings.result_mb * MiB,
    };
    const wasm = await openWasmPool({
      size: settings.workers ?? Math.max(2, availableParallelism()),
      ...(settings.max_workers === undefined ? {} : { maxSize: settings.max_workers }),
      perOwner: settings.per_user,
      memoryBytes: limits.memoryBytes,
    });
    closers.push(() => wasm.close());
    const wantsNative = settings.native || settings.native_path !== undefined;
    const found = wantsNative
      ? await findNative({ path: settings.native_path, allowOld: settings.native_allow_old })
      : undefined;
    if (wantsNative && found === undefined)
      logger.warn("no native jq 1.8.2 or later was found; the built-in one is used");
    const native = found === undefined ? undefined : openNativeEngine({ jq: found });
    if (native !== undefined) closers.push(() => native.close());

    const journal = createJournal(db);
    const reader = createReader(db);
    const compiler = createCompiler(wasm);
    const examiner = createExaminer(reader, compiler, wasm);
    const people = createPeople(team.people);
    const proposals = createProposals(db, reader, journal, examiner, {
      threshold: team.threshold,
      people,
      maxOpen: team.open_proposals,
    });
    const schemas = createSchemas(db);
    const migrations = createDatasetMigrations(reader, schemas, journal);
    const manager = createManager({ reader, journal, examiner, migratedBy: schemas.migratedBy });
    const conflicts = createConflicts({ db, manager, journal, proposals });
    const importer = createImporter(reader, manager);
    const users = createUsers(db, journal, { owners: team.owners, admins: team.admins, people });
    const insights = createInsights(db);
    const datasets = createDatasets({
      paths: config.data.map((one) => resolve(one)),
      s3: config.s3_data.map((one) => ({
        store: s3Store({ ...one, ...credentialsOf(one) }),
        prefix: one.prefix,
      })),
      cacheFolder: join(home, "cache"),
      cacheBytes: config.cache.data_mb * MiB,
    });
    const results = createResultStore(
      join(home, `results-${journal.instance}-${process.pid}`),
      config.cache.size_mb * MiB,
    );
    closers.push(() => results.close());
    const redis = config.cache.redis_url;
    const cache =
      redis === undefined
        ? memoryCache((config.cache.size_mb * MiB) / 4)
        : await redisCache(redis.reveal(), logger);
    closers.push(() => cache.close());
    const log = createRunLog(db, journal.instance);
    closers.push(() => log.close());
    const engines = { wasm, native };
    const runner = createRunner({
      engines,
      functions: reader,
      datasets,
      schemas,
      results,
      cache,
      log,
      limits,
    });
    const signer = createTokenSigner(
      config.signing_keys === undefined ? {} : { keys: config.signing_keys.map((key) => key.reveal()) },
    );

    const changed = (operations: readonly Operation[]) => options.onChange?.(operations);
    journal.onCommit(changed);
    const store = options.syncStore ?? bucketOf(config);
    const autoApproveMs =
      team.auto_approve_hours === undefined ? undefined : team.auto_approve_hours * 3_600_000;
    const settle = () =>
      proposals.settle(autoApproveMs).catch((err) => logger.warn("proposals could not be settled", { err }));
    const sync =
      store === undefined
        ? undefined
        : createSyncer({
            store,
            db,
            journal,
            logger,
            exportLibrary: () => importer.export(),
            onPulled(operations) {
              changed(operations);
              void settle();
            },
          });
    if (store !== undefined) await refuseUnsafe(store, logger);
    if (config.seeds.length > 0 && neverFilled(db)) {
      // Whoever joins a team takes its library, not the seeds it began with.
      await sync?.sync().catch((err) => logger.warn("sync failed; it is tried again", { err }));
      if (neverFilled(db)) await fillFromSeeds(config.seeds, importer, logger);
    }
    if (sync !== undefined)
      closers.push(keepInSync(sync, journal, config.sync?.interval_seconds ?? 30, logger));
    if (autoApproveMs !== undefined) {
      const timer = setInterval(settle, Math.min(60_000, autoApproveMs));
      timer.unref();
      closers.push(() => clearInterval(timer));
    }

    return {
      db,
      engines,
      compiler,
      reader,
      journal,
      examiner,
      proposals,
      manager,
      conflicts,
      migrations,
      importer,
      users,
      datasets,
      schemas,
      runner,
      results,
      insights,
      sync,
      cursors: createCursors(signer),
      confirmations: createConfirmations(signer),
      learning: team.learning,
      listedTools: createLibraryTools({ reader, insights }),
      userOf: (principal) => users.of(principal),
      ready: {
        database: async () => {
          if (versionOf(db) === 0) throw new Error("no schema");
        },
        engine: async () => {
          await wasm.run({
            program: "1",
            input: { kind: "none" },
            limits: { ...limits, timeoutMs: 2_000 },
            owner: "ready",
          });
        },
        ...(sync === undefined
          ? {}
          : {
              sync: async () => {
                const { last_error } = sync.status();
                if (last_error !== null) throw new Error(last_error);
              },
            }),
      },
      close,
    };
  }
}
