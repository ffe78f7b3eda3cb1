import { serveProcess } from "../../../servers/jq-data-mcp/test/support/serve-process.ts";
import { teamLoad } from "../../../servers/jq-data-mcp/test/support/team-load.ts";
import { jqDataCli } from "../contenders/jq-data.ts";
import { median, quantile } from "../harness/numbers.ts";
import { alone, type Result } from "../harness/result.ts";

const seconds = 60;
/** Until code is compiled and whose programs are hostile is known; none of it is counted. */
const warmUpSeconds = 10;
const perSecond = 500;

/** The server and those who call it share the machine's cores. */
export async function jqLoad(): Promise<Result> {
  await using server = await serveProcess([process.execPath, jqDataCli], 200, {
    engine: { timeout_seconds: 1 },
    team: { open_proposals: 100_000 },
  });
  const resident: number[] = [];
  const load = { url: server.url, perSecond, connections: 200, keys: server.keys };
  await teamLoad({ ...load, seconds: warmUpSeconds, prefix: "warm" });
  const { times, wrong, lost, hostile, proposals, votes } = await teamLoad({
    ...load,
    seconds,
    eachSecond: () => resident.push(server.residentMb()),
  });
  for (const one of [...wrong.slice(0, 5), ...lost.slice(0, 5)]) console.error(`  ${one}`);
  console.error(`  resident MB by second: ${resident.map(Math.round).join(" ")}`);
  console.error(
    `  hostile programs ended with ${JSON.stringify(hostile)}; ${proposals} proposals, ${votes} votes`,
  );
  return {
    title: `jq-data-mcp under ${perSecond} calls a second for ${seconds} s over 200 connections, callers on the same cores, 5 % hostile programs, after ${warmUpSeconds} s of the same`,
    rows: [
      alone("Wrong answers", "", wrong.length, "0"),
      alone("Lost writes", "", lost.length, "0"),
      alone("Reads, p50", "ms", quantile(times.read, 0.5)),
      alone("Reads, p99", "ms", quantile(times.read, 0.99), "≤ 50 ms"),
      alone("Runs of programs, p50", "ms", quantile(times.run, 0.5)),
      alone("Runs of programs, p99", "ms", quantile(times.run, 0.99)),
      alone("Proposals, p50", "ms", quantile(times.propose, 0.5)),
      alone("Votes, p50", "ms", quantile(times.vote, 0.5)),
      // Medians of ten seconds: a memory bomb shows for a moment, before it ends at its limit.
      alone("Resident memory after 10 s", "MB", median(resident.slice(5, 15))),
      alone("Resident memory at the end", "MB", median(resident.slice(-10)), "≤ 1.2× of that after 10 s"),
    ],
  };
}
