import { createPostgresGate } from "@mcp-data/core/sql/postgres";
import { loadModule, parseSync } from "libpg-query";
import { median } from "../harness/numbers.ts";
import type { Result } from "../harness/result.ts";

const policy = { schemas: ["app"] };

/** The text gate alone, on texts it has not seen: what judging costs above parsing. */
export async function gate(): Promise<Result> {
  await loadModule();
  const { check } = await createPostgresGate();
  const own = [];
  const parse = [];
  for (let n = 0; n < 2_000; n += 1) {
    const sql = kilobyte(n);
    own.push(timed(() => check(sql, { policy, params: 0 })));
    parse.push(timed(() => parseSync(sql)));
  }
  const deep = `SELECT ${"(".repeat(32_000)}1${")".repeat(32_000)}`;
  const wide = `SELECT ${Array.from({ length: 8_000 }, (_, i) => `NOT ${i}`).join("+")}`;
  const hostile = [
    deep,
    wide,
    `SELECT ${"NOT ".repeat(16_000)}true`,
    `SELECT ${"-".repeat(3)}${"[".repeat(60_000)}`,
  ];
  const worst = Math.max(
    ...hostile.map((sql) =>
      median(
        Array.from({ length: 7 }, (_, n) => timed(() => check(`/*${n}*/${sql}`, { policy, params: 0 }))),
      ),
    ),
  );
  return {
    title: "PostgreSQL text gate alone",
    rows: [
      {
        measure: "1 KB query never seen before, median",
        unit: "ms",
        lower_is_better: true,
        ours: median(own.slice(200)),
        others: { "parsing alone (libpg-query)": median(parse.slice(200)) },
        goal: "≤ 0.5 ms",
      },
      {
        measure: "64 KB of hostile nesting, worst of four",
        unit: "ms",
        lower_is_better: true,
        ours: worst,
        others: {},
        goal: "≤ 50 ms",
      },
    ],
  };
}

function timed(work: () => unknown): number {
  const started = performance.now();
  try {
    work();
  } catch {
    // a parser that refuses is measured like one that accepts
  }
  return performance.now() - started;
}

function kilobyte(n: number): string {
  const columns = Array.from(
    { length: 12 },
    (_, i) => `sum(CASE WHEN o.kind = ${n + i} THEN o.total ELSE 0 END) AS kind_${i}`,
  );
  return `WITH recent AS (SELECT * FROM app.orders WHERE placed_at > now() - interval '${n} days')
    SELECT c.country, ${columns.join(", ")} FROM recent o JOIN app.customers c ON c.id = o.customer_id
    WHERE c.active GROUP BY c.country HAVING count(*) > ${n} ORDER BY 2 DESC LIMIT 50`;
}
