import { type HabuBench, habuBench } from "../contenders/habu.ts";
import { alone, type Result } from "../harness/result.ts";
import { type Call, launch, type WireClient } from "../harness/wire-client.ts";

const faultyCalls = 1_000;
/** Side by side, each with a platform of its own: what they wait out after a fault overlaps. */
const faultyServers = 10;
const restarts = 50;
const exportedRows = 1_000_000;

/** The platform misbehaves and is scarce: what of that a caller feels, and what it costs. */
export async function habuLimits(): Promise<Result> {
  // Both mostly wait, and neither is timed.
  const [faults, tokens] = await Promise.all([underFaults(), overRestarts()]);
  const file = await exported();
  return {
    title: "habu-cleanroom-mcp under faults and limits, against its emulator",
    rows: [
      alone(
        `Calls that fail to the user, of ${faultyCalls.toLocaleString("en-US")} on ${faultyServers} servers with 10 % faults`,
        "%",
        (100 * faults.failed) / faultyCalls,
        "< 5 %",
      ),
      alone("Rooms made twice in them", "rooms", faults.twice, "0"),
      alone("Requests that break a limit or the contract in them", "requests", faults.violations, "0"),
      alone(
        `Memory while ${exportedRows.toLocaleString("en-US")} rows go to a file, second half over the first`,
        "×",
        file.growth,
        "flat",
      ),
      alone("The same export, highest", "MB", file.highestMb),
      alone(`Tokens asked for by ${restarts} restarts in a day`, "tokens", tokens, "≤ 2"),
      alone("Tokens asked for by two processes that start at once", "tokens", await startedTogether(), "1"),
    ],
  };
}

interface Faulty {
  readonly failed: number;
  readonly twice: number;
  readonly violations: number;
}

async function underFaults(): Promise<Faulty> {
  const calls = faultyCalls / faultyServers;
  const told = await Promise.all(
    Array.from({ length: faultyServers }, (_, server) => faulty(server * calls, calls)),
  );
  const sum = (of: keyof Faulty) => told.reduce((all, one) => all + one[of], 0);
  return { failed: sum("failed"), twice: sum("twice"), violations: sum("violations") };
}

/** Reads and writes in turn; every tenth request of the server is answered with a fault. */
async function faulty(from: number, calls: number): Promise<Faulty> {
  return withServer(async (bench, client) => {
    await client.call({ name: "test_connection", arguments: {} });
    await bench.faults({
      rate: 0.1,
      kinds: ["429", "500", "reset", "500_after"],
      seed: 7 + from,
      latencyMs: 2,
    });
    let failed = 0;
    const made: string[] = [];
    for (let n = from; n < from + calls; n += 1) {
      await bench.advance(70_000);
      const call = mixed(n);
      if ((await client.call(call)).isError) failed += 1;
      else if (call.name === "setup_cleanroom_workspace") made.push(String(call.arguments.name));
    }
    await bench.faults({});
    await bench.advance(70_000);
    const { violations } = await bench.journal();
    const list = await client.call({ name: "monitor_organization_health", arguments: {} });
    const names = [...(list.content[0]?.text ?? "").matchAll(/Bench Room \d+(?=\\?")/g)].map(
      ([name]) => name,
    );
    const unlisted = made.filter((name) => !names.includes(name));
    if (unlisted.length > 0) throw new Error(`rooms that were made are not listed: ${unlisted.join(", ")}`);
    return { failed, twice: names.length - new Set(names).size, violations: violations.length };
  });
}

function mixed(n: number): Call {
  const cleanroom = `CR-100${1 + (n % 3)}`;
  const reads: readonly Call[] = [
    { name: "monitor_cleanroom_status", arguments: { cleanroom } },
    { name: "retrieve_and_analyze_results", arguments: { question: "CRQ-3001" } },
    { name: "manage_data_integration", arguments: { action: "health" } },
    { name: "onboard_partner", arguments: { cleanroom } },
    { name: "share_results", arguments: { question: "CRQ-3001", action: "show" } },
    { name: "health_check", arguments: {} },
  ];
  if (n % 40 === 0) return { name: "setup_cleanroom_workspace", arguments: { name: `Bench Room ${n}` } };
  if (n % 40 === 13)
    return { name: "execute_question_workflow", arguments: { question: "CRQ-3001", fresh: true } };
  if (n % 40 === 26)
    return {
      name: "manage_cleanroom_lifecycle",
      arguments: { cleanroom, action: "update", description: `Note ${n}` },
    };
  return reads[n % reads.length] as Call;
}

async function exported() {
  return withServer(async (bench, client) => {
    await bench.switches({ rowsOfNewRuns: exportedRows });
    await client.call({
      name: "execute_question_workflow",
      arguments: { question: "CRQ-3001", fresh: true },
    });
    await bench.advance(3_600_000);
    await client.call({ name: "health_check", arguments: {} });
    const resident: number[] = [];
    const timer = setInterval(() => resident.push(client.residentMb()), 50);
    const answer = await client.call({
      name: "retrieve_and_analyze_results",
      arguments: { question: "CRQ-3001", file: "csv", limit: 0, compare: false },
    });
    clearInterval(timer);
    if (answer.isError || !answer.content[0]?.text.includes(`"rows_total":${exportedRows}`))
      throw new Error(`the export failed: ${answer.content[0]?.text.slice(0, 300)}`);
    const early = Math.max(...resident.slice(0, Math.ceil(resident.length / 2)));
    const late = Math.max(...resident.slice(Math.ceil(resident.length / 2)));
    return { growth: late / early, highestMb: Math.max(early, late) };
  });
}

async function overRestarts(): Promise<number> {
  const bench = await habuBench();
  try {
    for (let n = 0; n < restarts; n += 1) {
      const client = await launch(bench.launch);
      await client.call({ name: "test_connection", arguments: {} });
      await client.close();
      await bench.advance((24 * 3_600_000) / restarts - 60_000);
    }
    return (await bench.journal()).tokens;
  } finally {
    await bench.close();
  }
}

async function startedTogether(): Promise<number> {
  const bench = await habuBench();
  try {
    const both = await Promise.all([launch(bench.launch), launch(bench.second)]);
    await Promise.all(both.map((client) => client.call({ name: "test_connection", arguments: {} })));
    await Promise.all(both.map((client) => client.close()));
    return (await bench.journal()).tokens;
  } finally {
    await bench.close();
  }
}

async function withServer<T>(work: (bench: HabuBench, client: WireClient) => Promise<T>): Promise<T> {
  const bench = await habuBench();
  const client = await launch(bench.launch);
  try {
    return await work(bench, client);
  } finally {
    await client.close();
    await bench.close();
  }
}
