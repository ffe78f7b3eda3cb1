import { fileURLToPath } from "node:url";
import { connectV1 } from "@mcp-data/core/testing";
import { expect, test } from "vitest";

const cli = fileURLToPath(new URL("../src/cli.ts", import.meta.url));

test("over stdio the sample library is there and runs, with its parameters bound", async () => {
  await using connected = await connectV1({
    command: process.execPath,
    args: ["--import", "tsx", "--conditions=@mcp-data/source", cli, "--demo"],
    stderr: "ignore",
  });
  const names = (await connected.client.listTools()).tools.map((tool) => tool.name);
  expect(names).toEqual(expect.arrayContaining(["query", "t_analyze_performance", "t_trend_analysis"]));
  const call = async (name: string, args: Record<string, unknown>) => {
    const result = await connected.client.callTool({ name, arguments: args });
    return JSON.parse((result.content as { text: string }[])[0]?.text ?? "{}");
  };
  const trend = await call("t_trend_analysis", { dataset: "metrics", window_size: 10 });
  expect(trend.data.values[0]).toMatchObject({ direction: "increasing" });
  expect(trend.data.values[0].trends).toHaveLength(21);
  const hostile = '", leak: env, x: "';
  const labelled = { dataset: "products", dataset_name: hostile };
  expect((await call("t_analyze_performance", labelled)).data.values[0]).toEqual({
    dataset: hostile,
    efficiency: 11,
    profitable: true,
  });
}, 60_000);
