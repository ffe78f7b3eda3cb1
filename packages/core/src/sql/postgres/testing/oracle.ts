import { chmod, mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type pg from "pg";
import { connect } from "./server.ts";

/** Sees whether a statement changed anything, from outside the session that ran it and from inside. */
export interface EffectOracle {
  /** A directory the server may write into and nobody else does. */
  readonly canaryDir: string;
  /** A backend of someone else, which must stay alive and undisturbed. */
  readonly bystanderPid: number;
  /** Every change since the last call, in words; empty when there was none. */
  effects(): Promise<string[]>;
  close(): Promise<void>;
}

type State = Readonly<Record<string, string>>;

/** WAL that reading may write by itself. */
const harmlessWal =
  /^(Standby|XLOG FPI_FOR_HINT|XLOG FPI$|Heap2 (PRUNE|VISIBLE|FREEZE_PAGE)|XLOG (CHECKPOINT_REDO))/;

const outsideSql = `
  SELECT (SELECT count(*) || ':' || coalesce(max(oid)::text, '') FROM pg_largeobject_metadata) AS "large objects",
    (SELECT coalesce(md5(string_agg(loid || ':' || pageno || ':' || md5(data), ',' ORDER BY loid, pageno)), '') FROM pg_largeobject) AS "large object data",
    (SELECT coalesce(string_agg(schemaname || sequencename || coalesce(last_value, -1), ',' ORDER BY schemaname, sequencename), '') FROM pg_sequences) AS "sequences",
    (SELECT coalesce(string_agg(slot_name || coalesce(plugin, ''), ',' ORDER BY slot_name), '') FROM pg_replication_slots) AS "replication slots",
    (SELECT string_agg(coalesce(stats_reset::text, '-'), ',' ORDER BY datid) FROM pg_stat_database WHERE datname = current_database()) AS "database statistics reset",
    (SELECT stats_reset::text FROM pg_stat_bgwriter) || (SELECT stats_reset::text FROM pg_stat_archiver)
      || (SELECT stats_reset::text FROM pg_stat_wal) || (SELECT max(stats_reset)::text FROM pg_stat_slru) AS "server statistics reset",
    pg_conf_load_time()::text AS "configuration loaded",
    (SELECT md5(string_agg(name || '=' || setting, ',' ORDER BY name)) FROM pg_settings WHERE source <> 'session') AS "server settings",
    pg_snapshot_xmax(pg_current_snapshot())::text AS "transaction ids used",
    (SELECT count(*)::text FROM pg_prepared_xacts) AS "prepared transactions",
    (SELECT checkpoint_lsn::text FROM pg_control_checkpoint()) AS "checkpoint",
    (SELECT string_agg(f, ',' ORDER BY f) FROM pg_ls_dir('.') f WHERE f !~ '^postmaster|^pg_stat_tmp') AS "files of the cluster",
    (SELECT count(*)::text FROM pg_stat_activity WHERE pid = $1) AS "other backends",
    (SELECT coalesce(string_agg(locktype || mode || coalesce(relation::text, '') || coalesce(objid::text, ''), ',' ORDER BY locktype, mode, relation, objid), '')
       FROM pg_locks WHERE pid = $2) AS "locks kept"`;

const insideSql = `
  SELECT (SELECT md5(string_agg(name || '=' || setting, ',' ORDER BY name)) FROM pg_settings) AS "session settings",
    current_user || '/' || session_user AS "role",
    (SELECT count(*)::text FROM pg_prepared_statements WHERE name <> '') AS "prepared statements",
    (SELECT count(*)::text FROM pg_cursors WHERE name NOT IN ('', 'C_0')) AS "cursors",
    (SELECT count(*)::text FROM pg_class WHERE relpersistence = 't') AS "temporary tables",
    (SELECT coalesce(string_agg(c, ','), '') FROM pg_listening_channels() c) AS "channels listened to"`;

/** Channels an attack may notify; anything heard on them is an effect. */
const channels = ["canary", "alarm"];

/** `attacker` is the session whose statements are watched. */
export async function createEffectOracle(url: string, attacker: () => pg.Client): Promise<EffectOracle> {
  const admin = await connect(url);
  const bystander = await connect(url);
  const listener = await connect(url);
  await admin.query("CREATE EXTENSION IF NOT EXISTS pg_walinspect");
  const canaryDir = await mkdtemp(join(tmpdir(), "canary-"));
  await chmod(canaryDir, 0o777);
  const heard: string[] = [];
  listener.on("notification", (message) => heard.push(message.channel));
  for (const channel of channels) await listener.query(`LISTEN ${channel}`);
  const bystanderPid = await pidOf(bystander);

  const observe = async (): Promise<State> => {
    const session = attacker();
    const inside = (await session.query(insideSql)).rows[0] as State;
    const outside = (await admin.query(outsideSql, [bystanderPid, await pidOf(session)])).rows[0] as State;
    await listener.query("SELECT 1");
    return { ...inside, ...outside, files: await canaries(canaryDir), notifications: String(heard.length) };
  };
  let before = await observe();
  let position = await walPosition(admin);
  return {
    canaryDir,
    bystanderPid,
    async effects() {
      const reached = await walPosition(admin);
      const found = reached === position ? [] : await walSince(admin, position, reached);
      const after = await observe();
      for (const key of Object.keys(after)) if (after[key] !== before[key]) found.push(key);
      before = after;
      position = await walPosition(admin);
      return found;
    },
    async close() {
      await Promise.all([admin.end(), bystander.end().catch(() => undefined), listener.end()]);
      await rm(canaryDir, { recursive: true, force: true });
    },
  };
}

async function pidOf(client: pg.Client): Promise<number> {
  return (await client.query("SELECT pg_backend_pid() AS pid")).rows[0].pid;
}

async function walPosition(admin: pg.Client): Promise<string> {
  return (await admin.query("SELECT pg_current_wal_insert_lsn()::text AS lsn")).rows[0].lsn;
}

async function walSince(admin: pg.Client, from: string, to: string): Promise<string[]> {
  // At the start of a page the position first stands before the page's header, then after it.
  const page = await admin.query(
    "SELECT $1::pg_lsn - $2::pg_lsn <= 40 AND $2::pg_lsn - '0/0'::pg_lsn = 8192 * floor(($2::pg_lsn - '0/0'::pg_lsn) / 8192) AS header",
    [to, from],
  );
  if (page.rows[0].header === true) return [];
  const deadline = Date.now() + 1_000;
  const flushed = async () =>
    (await admin.query("SELECT pg_current_wal_flush_lsn() >= $1::pg_lsn AS done", [to])).rows[0].done ===
    true;
  while (!(await flushed()) && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 20));
  // What the writer has not flushed by now is no record: the position moved over a page's header.
  const behind = await admin.query("SELECT pg_current_wal_flush_lsn() <= $1::pg_lsn AS yes", [from]);
  if (behind.rows[0].yes === true) return [];
  const { rows } = await admin.query(
    `SELECT DISTINCT resource_manager || ' ' || record_type AS record FROM ${await walRecords(admin)}`,
    [from],
  );
  return rows
    .map((row) => String(row.record))
    .filter((record) => !harmlessWal.test(record))
    .map((record) => `WAL ${record}`);
}

/** Up to the end of the WAL: PostgreSQL 16 does without the function 15 has for that. */
async function walRecords(admin: pg.Client): Promise<string> {
  const { rows } = await admin.query("SELECT current_setting('server_version_num')::int >= 160000 AS newer");
  return rows[0].newer
    ? "pg_get_wal_records_info($1, 'FFFFFFFF/FFFFFFFF')"
    : "pg_get_wal_records_info_till_end_of_wal($1)";
}

async function canaries(dir: string): Promise<string> {
  const names = (await readdir(dir)).sort();
  const sizes = await Promise.all(names.map(async (name) => `${name}:${(await stat(join(dir, name))).size}`));
  return sizes.join(",");
}
