import type { Database } from "../store/database.ts";

export interface Metric {
  readonly item: string;
  readonly calls: number;
  readonly errors: number;
  readonly mean_ms: number;
  readonly max_ms: number;
  readonly users: number;
}

export interface Suggestion {
  readonly kind: "slow" | "failing" | "unused" | "near_duplicate" | "worth_sharing";
  readonly item?: string;
  readonly evidence: string;
  readonly program?: string;
}

export interface Day {
  readonly day: string;
  readonly calls: number;
  readonly errors: number;
}

export interface Insights {
  metrics(item?: string): Metric[];
  /** Milliseconds half of the recent runs stayed below. */
  p50(item: string): number | undefined;
  /** Of a program that is not in the library, by its hash. */
  p50OfProgram(hash: string): number | undefined;
  usersOf(item: string): { user: string; calls: number }[];
  suggestions(): Suggestion[];
  /** Days with use, the latest last. */
  daily(days: number): Day[];
  /** Each of the last days until today, used or not. */
  lastDays(days: number): Day[];
}

const slowMs = 1_000;
const unusedDays = 30;

/** From measured use only; nothing is guessed by a model. */
export function createInsights(db: Database, now: () => number = Date.now): Insights {
  const medianOf = (column: "item" | "program_hash", value: string): number | undefined =>
    db.get<{ ms: number }>(
      `WITH recent AS MATERIALIZED (
         SELECT ms FROM (SELECT ms, error, cached FROM runs WHERE ${column} = ? ORDER BY ${column === "item" ? "at" : "id"} DESC LIMIT 1000)
         WHERE error IS NULL AND cached = 0 LIMIT 200)
       SELECT ms FROM recent ORDER BY ms LIMIT 1 OFFSET (SELECT count(*) / 2 FROM recent)`,
      value,
    )?.ms;
  const p50 = (item: string) => medianOf("item", item);
  const metrics = (item?: string) =>
    db.all<Metric>(
      `SELECT item, sum(calls) AS calls, sum(errors) AS errors, round(sum(total_ms) / sum(calls), 2) AS mean_ms, round(max(max_ms), 2) AS max_ms,
       count(DISTINCT user) AS users FROM usage WHERE ? IS NULL OR item = ? GROUP BY item ORDER BY calls DESC, item`,
      item ?? null,
      item ?? null,
    );
  const daily = (days: number) =>
    db
      .all<Day>(
        "SELECT day, sum(calls) AS calls, sum(errors) AS errors FROM usage GROUP BY day ORDER BY day DESC LIMIT ?",
        days,
      )
      .reverse();
  return {
    metrics,
    p50,
    p50OfProgram: (hash) => medianOf("program_hash", hash),
    usersOf: (item) =>
      db.all(
        "SELECT user, sum(calls) AS calls FROM usage WHERE item = ? GROUP BY user ORDER BY calls DESC, user",
        item,
      ),
    daily,
    lastDays(days) {
      const used = new Map(daily(days).map((one) => [one.day, one]));
      return Array.from({ length: days }, (_, i) => {
        const day = new Date(now() - (days - 1 - i) * 86_400_000).toISOString().slice(0, 10);
        return used.get(day) ?? { day, calls: 0, errors: 0 };
      });
    },
    suggestions() {
      const found: Suggestion[] = [];
      for (const { item, calls, errors } of metrics()) {
        const half = p50(item);
        if (half !== undefined && half > slowMs)
          found.push({ kind: "slow", item, evidence: `half of its runs take over ${Math.round(half)} ms` });
        if (calls >= 5 && errors / calls > 0.2)
          found.push({ kind: "failing", item, evidence: `${errors} of ${calls} runs failed` });
      }
      const before = new Date(now() - unusedDays * 86_400_000).toISOString();
      for (const { item } of db.all<{ item: string }>(
        `SELECT i.item FROM items i WHERE i.kind = 'tool' AND i.active IS NOT NULL AND i.updated_at < ?
         AND NOT EXISTS (SELECT 1 FROM usage u WHERE u.item = i.item AND u.day >= ?)`,
        before,
        before.slice(0, 10),
      ))
        found.push({ kind: "unused", item, evidence: `no run in ${unusedDays} days` });
      for (const { program, users, runs } of db.all<{ program: string; users: number; runs: number }>(
        `SELECT min(program) AS program, count(DISTINCT user) AS users, count(*) AS runs FROM runs
         WHERE item IS NULL AND error IS NULL AND length(program) > 15 GROUP BY program_hash HAVING users >= 2 OR runs >= 5 ORDER BY users DESC, runs DESC LIMIT 10`,
      ))
        found.push({
          kind: "worth_sharing",
          evidence: `${users} people ran it ${runs} times`,
          program: program.slice(0, 400),
        });
      return [...found, ...nearDuplicates(db)];
    },
  };
}

/** Programs that differ in names and spacing only. */
function nearDuplicates(db: Database): Suggestion[] {
  const rows = db.all<{ item: string; body: string }>(
    "SELECT i.item, v.body FROM items i JOIN versions v ON v.id = i.active ORDER BY i.item LIMIT 2000",
  );
  const byShape = new Map<string, string>();
  return rows.flatMap(({ item, body }) => {
    const { program, definition } = JSON.parse(body) as { program?: string; definition?: string };
    const own = (item.split(":")[1] ?? "").split("/")[0] ?? "";
    const shape = (program ?? definition ?? "")
      .replaceAll(own, "_")
      .replace(/#[^\n]*/g, "")
      .replace(/\s+/g, "");
    const twin = byShape.get(shape);
    byShape.set(shape, twin ?? item);
    return twin === undefined || shape.length < 15
      ? []
      : [{ kind: "near_duplicate" as const, item, evidence: `the same program as ${twin}` }];
  });
}
