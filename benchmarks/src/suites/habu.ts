import { type HabuBench, habuBench, type Told } from "../contenders/habu.ts";
import { median } from "../harness/numbers.ts";
import { alone, type Result } from "../harness/result.ts";
import { type Call, launch, type WireClient } from "../harness/wire-client.ts";

const rounds = 7;
const latencyMs = 100;
/** Longer than any list stays in the cache. */
const cacheMs = 61_000;

/** A call of every tool that answers at once, without waiting for a run or a person. */
const calls: readonly Call[] = [
  { name: "health_check", arguments: {} },
  { name: "test_connection", arguments: {} },
  { name: "monitor_cleanroom_status", arguments: { cleanroom: "CR-1001" } },
  { name: "manage_data_integration", arguments: { action: "health" } },
  { name: "onboard_partner", arguments: { cleanroom: "CR-1001" } },
  { name: "manage_permissions", arguments: { cleanroom: "CR-1001", action: "audit" } },
  {
    name: "manage_question_schedules",
    arguments: { question: "CRQ-3001", cleanroom: "CR-1001", action: "list" },
  },
  { name: "retrieve_and_analyze_results", arguments: { question: "CRQ-3001", cleanroom: "CR-1001" } },
  { name: "share_results", arguments: { question: "CRQ-3001", cleanroom: "CR-1001", action: "show" } },
  { name: "monitor_organization_health", arguments: {} },
  { name: "analyze_usage_patterns", arguments: {} },
  { name: "troubleshoot_issues", arguments: { cleanroom: "CR-1001" } },
];

/** Against the emulator over loopback: what the server itself costs, and how often it asks the platform. */
export async function habu(): Promise<Result> {
  const starts: number[] = [];
  const idle: number[] = [];
  const first: Told[] = [];
  const again: Told[] = [];
  const timed: Told[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const bench = await habuBench();
    const client = await launch(bench.launch);
    try {
      starts.push(client.startMs);
      await new Promise((resolve) => setTimeout(resolve, 2_000));
      idle.push(client.residentMb());
      for (const call of calls) {
        await age(bench, client);
        first.push(...(await ask(bench, client, call)));
        again.push(...(await ask(bench, client, call)));
      }
      await bench.latency(latencyMs);
      for (const call of calls) {
        await age(bench, client);
        timed.push(...(await ask(bench, client, call)), ...(await ask(bench, client, call)));
      }
    } finally {
      await client.close();
      await bench.close();
    }
  }
  const own = timed.map(({ ms, upstreamMs }) => Math.max(0, ms - upstreamMs));
  const asked = (told: readonly Told[], tool: string) =>
    median(told.filter((one) => one.tool === tool).map(({ upstreamCalls }) => upstreamCalls));
  return {
    title: "habu-cleanroom-mcp against its emulator, over stdio",
    rows: [
      alone("Own work per tool call, p50", "ms", median(own), "≤ 5 ms"),
      alone(
        `Tool call at ${latencyMs} ms upstream latency, mean`,
        "ms",
        timed.reduce((sum, { ms }) => sum + ms, 0) / timed.length,
        "< 500 ms",
      ),
      alone("Start to first tools/list", "ms", median(starts)),
      alone("Resident memory, idle", "MB", median(idle), "≤ 75 MB"),
      ...calls.map(({ name }) => alone(`Upstream calls of ${name}`, "calls", asked(first, name))),
      alone(
        "Upstream calls of the same calls again, together",
        "calls",
        calls.reduce((sum, { name }) => sum + asked(again, name), 0),
      ),
    ],
  };
}

/** Empties the cache by letting time pass; the server learns the time from a reply. */
async function age(bench: HabuBench, client: WireClient): Promise<void> {
  await bench.advance(cacheMs);
  await ask(bench, client, { name: "health_check", arguments: {} });
}

/** The call as the server's trail tells it. */
async function ask(bench: HabuBench, client: WireClient, call: Call): Promise<readonly Told[]> {
  const answer = await client.call(call);
  if (answer.isError) throw new Error(`a measured call failed: ${answer.content[0]?.text}`);
  const told = bench.told();
  if (told.length !== 1) throw new Error(`${call.name} left ${told.length} lines in the trail`);
  return told;
}
