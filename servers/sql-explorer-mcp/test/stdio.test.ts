import { spawn } from "node:child_process";
import { connectV1, connectV2 } from "@mcp-data/core/testing";
import { expect, test } from "vitest";
import { cliPath } from "./support/cli.ts";

const demo = { command: process.execPath, args: [cliPath(), "--demo"], stderr: "ignore" as const };

interface Answer {
  content: { text: string }[];
  structuredContent?: { data: { rows?: unknown[][] } };
  isError?: boolean;
}

test.each([
  ["2025", connectV1],
  ["2026", connectV2],
] as const)(
  "a %s-era client explores, queries, is refused a write, completes a name and reads a resource",
  async (_era, connect) => {
    await using connected = await (connect as typeof connectV1)(demo);
    const { client } = connected;
    expect(client.getInstructions()).toContain("Read-only access");
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual([
      "list_sources",
      "list_tables",
      "describe_table",
      "search_schema",
      "get_metadata",
      "query",
      "explain_query",
      "validate_query",
    ]);
    const answer = (await client.callTool({
      name: "query",
      arguments: { sql: "SELECT count(*) AS n FROM orders" },
    })) as unknown as Answer;
    expect(answer.structuredContent?.data.rows).toEqual([[2_000]]);
    expect(JSON.parse(answer.content[0]?.text ?? "")).toEqual(answer.structuredContent);
    const refused = (await client.callTool({
      name: "query",
      arguments: { sql: "DROP TABLE orders" },
    })) as unknown as Answer;
    expect(refused.isError).toBe(true);
    expect(refused.structuredContent).toBeUndefined();
    expect(JSON.parse(refused.content[0]?.text ?? "")).toMatchObject({
      success: false,
      error: { code: "VALIDATION_ERROR", details: { reason: "forbidden_statement" } },
    });
    const { resources } = await client.listResources();
    expect(resources.map(({ uri }) => uri)).toContain("sql://shop/main/orders");
    const { contents } = await client.readResource({ uri: "sql://shop/main/orders" });
    expect(JSON.parse((contents[0] as { text: string }).text)).toMatchObject({
      name: "orders",
      primary_key: ["id"],
    });
    const { completion } = await client.complete({
      ref: { type: "ref/resource", uri: "sql://{source}/{schema}/{table}" },
      argument: { name: "table", value: "ord" },
      context: { arguments: { source: "shop", schema: "main" } },
    });
    expect(completion.values).toEqual(["order_items", "orders"]);
    const { prompts } = await client.listPrompts();
    expect(prompts.map(({ name }) => name)).toEqual([
      "explore_database",
      "answer_question",
      "diagnose_slow_query",
    ]);
    const prompt = await client.getPrompt({
      name: "answer_question",
      arguments: { question: "Who buys most?" },
    });
    expect(JSON.stringify(prompt.messages)).toContain("Who buys most?");
    await expect(client.callTool({ name: "no_such_tool", arguments: {} })).rejects.toMatchObject({
      code: -32_602,
    });
  },
);

test("stdout carries JSON-RPC only, and the process ends with its input, also in the middle of a call", async () => {
  const child = spawn(process.execPath, [cliPath(), "--demo"], { stdio: ["pipe", "pipe", "ignore"] });
  let out = "";
  child.stdout.on("data", (chunk) => {
    out += chunk;
  });
  const say = (message: object) => child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
  const clientInfo = { name: "raw", version: "1" };
  say({
    id: 1,
    method: "initialize",
    params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo },
  });
  await expect.poll(() => out, { timeout: 15_000 }).toContain('"id":1');
  say({ method: "notifications/initialized" });
  const sql = "SELECT count(*) FROM range(10000000000000) WHERE hash(range) = 1";
  say({ id: 2, method: "tools/call", params: { name: "query", arguments: { sql } } });
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
  const asked = performance.now();
  child.stdin.end();
  expect(await ended).toBe(0);
  expect(performance.now() - asked).toBeLessThan(6_000);
  for (const line of out.trim().split("\n")) expect(JSON.parse(line)).toMatchObject({ jsonrpc: "2.0" });
});

test("garbage, invalid UTF-8 and 2 MB of arguments are answered, and the next call works", async () => {
  const child = spawn(process.execPath, [cliPath(), "--demo"], { stdio: ["pipe", "pipe", "ignore"] });
  try {
    let out = "";
    child.stdout.on("data", (chunk) => {
      out += chunk;
    });
    const answers = () =>
      out
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => JSON.parse(line) as { id: unknown; error?: object; result?: { isError?: boolean } });
    const say = (message: object) => child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
    const clientInfo = { name: "raw", version: "1" };
    say({
      id: 1,
      method: "initialize",
      params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo },
    });
    say({ method: "notifications/initialized" });
    child.stdin.write("this is not json\n");
    child.stdin.write(
      Buffer.concat([
        Buffer.from(
          '{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"query","arguments":{"sql":"',
        ),
        Buffer.from([0xff, 0xfe, 0xc3]),
        Buffer.from('"}}}\n'),
      ]),
    );
    say({
      id: 3,
      method: "tools/call",
      params: { name: "query", arguments: { sql: `SELECT '${"x".repeat(2_000_000)}'` } },
    });
    say({
      id: 4,
      method: "tools/call",
      params: { name: "query", arguments: { sql: `SELECT ${"(".repeat(32_000)}1${")".repeat(32_000)}` } },
    });
    say({ id: 5, method: "tools/call", params: { name: "query", arguments: { sql: "SELECT 5 AS n" } } });
    await expect.poll(() => answers().some(({ id }) => id === 5), { timeout: 15_000 }).toBe(true);
    await expect
      .poll(() => answers().filter(({ id }) => id === 3 || id === 4).length, { timeout: 15_000 })
      .toBe(2);
    const byId = new Map(answers().map((answer) => [answer.id, answer]));
    expect(byId.get(3)?.result?.isError).toBe(true);
    expect(byId.get(4)?.result?.isError).toBe(true);
    expect(byId.get(5)?.result?.isError).not.toBe(true);
    expect(answers().some(({ error }) => error !== undefined)).toBe(true);
  } finally {
    child.kill("SIGKILL");
  }
});
