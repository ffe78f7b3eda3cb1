import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { serveProcess } from "./support/serve-process.ts";
import { teamLoad } from "./support/team-load.ts";

const soaking = process.env.SOAK_SECONDS !== undefined;
const seconds = Number(process.env.SOAK_SECONDS ?? 8);
const perSecond = soaking ? 400 : 60;
const connections = soaking ? 200 : 100;
const cli = fileURLToPath(new URL("../src/cli.ts", import.meta.url));
const command = [process.execPath, "--import", "tsx", "--conditions=@mcp-data/source", cli];

test(
  `${connections} connections, ${perSecond} calls a second for ${seconds} s, one in twenty hostile: no wrong answer, no lost write, nothing left behind`,
  async () => {
    await using server = await serveProcess(command, 100, {
      engine: { timeout_seconds: 1 },
      team: { open_proposals: 100_000 },
    });
    const before = { descriptors: server.descriptors(), threads: server.threads() };
    let early = 0;
    const report = await teamLoad({
      url: server.url,
      seconds,
      perSecond,
      connections,
      keys: server.keys,
      eachSecond: (second) => {
        if (second === Math.min(60, Math.ceil(seconds / 2))) early = server.residentMb();
      },
    });
    expect(report.wrong.slice(0, 5)).toEqual([]);
    expect(report.lost.slice(0, 5)).toEqual([]);
    expect(report.proposals).toBeGreaterThan(seconds);
    expect(report.votes).toBeGreaterThan(seconds);
    const hostile = Object.values(report.hostile).reduce((sum, count) => sum + count, 0);
    expect(hostile).toBe(report.times.hostile.length);
    if (soaking) expect(server.residentMb()).toBeLessThan(early * 1.2 + 50);
    // Standing-by threads go after a while; connections are this side's to close.
    await expect
      .poll(server.threads, { timeout: 60_000, interval: 500 })
      .toBeLessThanOrEqual(before.threads + 2);
    await expect
      .poll(server.descriptors, { timeout: 30_000, interval: 500 })
      .toBeLessThanOrEqual(before.descriptors + 8);
  },
  180_000 + seconds * 2_000,
);
