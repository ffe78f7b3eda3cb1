import { bare } from "../contenders/bare.ts";
import type { Contender } from "../contenders/contender.ts";
import { dbhub } from "../contenders/dbhub.ts";
import { ours } from "../contenders/ours.ts";
import { prepareShop } from "../harness/database.ts";
import { latencies, p50p95, throughput } from "../harness/load.ts";
import { median } from "../harness/numbers.ts";
import type { Result } from "../harness/result.ts";
import { launch } from "../harness/wire-client.ts";

const rounds = 7;

interface Sample {
  start: number;
  p50: number;
  p95: number;
  perSecond: number;
  memory: number;
}

/** Every contender once per round, in turn, each round with a process of its own. */
export async function peers(): Promise<Result> {
  const dsn = await prepareShop();
  const contenders = [ours(dsn, true), ours(dsn, false), dbhub(dsn), bare(dsn)];
  const samples = new Map<string, Sample[]>(contenders.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const contender of contenders) samples.get(contender.name)?.push(await measure(contender));
  }
  const [full, unplanned, peer, plain] = contenders.map(
    ({ name }) =>
      (field: keyof Sample) =>
        median((samples.get(name) ?? []).map((sample) => sample[field])),
  );
  if (full === undefined || unplanned === undefined || peer === undefined || plain === undefined) {
    throw new Error("a contender was not measured");
  }
  const names = contenders.map(({ name }) => name);
  const row = (
    measure: string,
    unit: string,
    field: keyof Sample,
    own: typeof full,
    goal: string,
    lower = true,
  ) => ({
    measure,
    unit,
    lower_is_better: lower,
    ours: own(field),
    others: { [names[2] ?? ""]: peer(field), [names[3] ?? ""]: plain(field) },
    goal,
  });
  return {
    title: "sql-explorer-mcp on PostgreSQL, over stdio",
    rows: [
      row("Start to first tools/list", "ms", "start", full, "2× ahead of DBHub"),
      row("Point query p50, all four walls", "ms", "p50", full, "≤ 2× DBHub; ≤ 1.0 ms above bare"),
      row("Point query p95, all four walls", "ms", "p95", full, "≤ 2× DBHub"),
      row("Point query p50, plan check off", "ms", "p50", unplanned, "ahead of DBHub"),
      row("Point query p95, plan check off", "ms", "p95", unplanned, "ahead of DBHub"),
      row("Calls per second, 32 callers, all four walls", "/s", "perSecond", full, "≥ 50 % of bare", false),
      row(
        "Calls per second, 32 callers, plan check off",
        "/s",
        "perSecond",
        unplanned,
        "≥ 70 % of bare, ahead of DBHub",
        false,
      ),
      row("Resident memory after the load", "MB", "memory", full, "2× ahead of DBHub"),
    ],
  };
}

async function measure(contender: Contender): Promise<Sample> {
  const client = await launch(contender.launch);
  try {
    // A hundred texts, as an application repeats its own.
    const call = (n: number) => contender.pointQuery((n % 100) + 1);
    await latencies(client, call, 200);
    const { p50, p95 } = p50p95(await latencies(client, call, 1_000));
    const perSecond = await throughput(client, call, 32, 2_000);
    return { start: client.startMs, p50, p95, perSecond, memory: client.residentMb() };
  } finally {
    await client.close();
  }
}
