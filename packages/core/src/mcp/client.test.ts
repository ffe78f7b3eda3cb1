import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { connect } from "./client.ts";
import { fromCallToolResult, fromThrown } from "./client-result.ts";
import { as, namedAuth, openShop, until } from "./fixtures/http.ts";

const fixture = {
  command: process.execPath,
  args: [
    "--import",
    import.meta.resolve("tsx"),
    "--conditions=@mcp-data/source",
    fileURLToPath(new URL("fixtures/stdio.ts", import.meta.url)),
  ],
  stderr: "ignore",
} as const;

test.each(["2025", "2026"] as const)("calls a server of its own process in the %s revision", async (era) => {
  await using client = await connect(fixture, { era });
  expect(client.server).toMatchObject({ name: "shop", version: "1.2.3" });
  expect(client.instructions).toContain("get_price");
  expect((await client.listTools()).map(({ name }) => name)).toContain("get_price");
  expect(await client.callTool("get_price", { item: "apple" })).toMatchObject({
    success: true,
    data: { price: 3 },
  });
});

test.each(["auto", "2025", "2026"] as const)("calls a server over HTTP: %s", async (era) => {
  await using server = await openShop({ auth: namedAuth });
  await using client = await connect({ url: server.url, headers: as("bob") }, { era });
  const heard: number[] = [];
  const answer = await client.callTool(
    "wait",
    { id: "a", ms: 50, steps: 5 },
    { onProgress: ({ progress }) => void heard.push(progress) },
  );
  expect(answer.data).toEqual({ waited_ms: 50 });
  expect(heard.at(-1)).toBe(5);
  await expect(client.callTool("get_price", { item: "gold" })).rejects.toMatchObject({
    code: "NOT_FOUND",
    hint: "Names are lower case.",
    details: { request_id: expect.any(String) },
  });
  await expect(client.callTool("set_price", { item: "apple", price: 1 })).rejects.toMatchObject({
    code: "VALIDATION_ERROR",
  });
  await expect(client.callTool("get_price", {})).rejects.toMatchObject({ code: "VALIDATION_ERROR" });
});

test("a cancelled call is cancelled on the server too", async () => {
  await using server = await openShop();
  await using client = await connect({ url: server.url });
  const stop = new AbortController();
  const answer = client.callTool("wait", { id: "x", ms: 60_000 }, { signal: stop.signal });
  await until(() => server.shop.waiting.has("x"), "the call runs");
  stop.abort();
  await expect(answer).rejects.toMatchObject({ code: "CANCELLED" });
  await until(() => server.shop.aborted.includes("x"), "the call is aborted");
});

test("a call that takes too long ends as QUERY_TIMEOUT", async () => {
  await using server = await openShop();
  await using client = await connect({ url: server.url });
  await expect(client.callTool("wait", { id: "y", ms: 60_000 }, { timeoutMs: 100 })).rejects.toMatchObject({
    code: "QUERY_TIMEOUT",
  });
});

test("says why it cannot connect", async () => {
  await using server = await openShop({ auth: namedAuth });
  await expect(connect({ url: server.url })).rejects.toMatchObject({ code: "AUTH_REQUIRED" });
  await expect(connect({ url: "http://127.0.0.1:9/mcp" })).rejects.toMatchObject({
    code: "CONNECTION_ERROR",
  });
  const missing = connect({ command: "/no/such/program", stderr: "ignore" });
  await expect(missing).rejects.toMatchObject({ code: "CONNECTION_ERROR" });
});

test("notices a server that goes away", async () => {
  const server = await openShop({ drainMs: 50 });
  await using client = await connect({ url: server.url });
  const answer = client.callTool("wait", { id: "z", ms: 60_000 }).catch((error) => error);
  await until(() => server.shop.waiting.has("z"), "the call runs");
  await server.close();
  expect(["CONNECTION_ERROR", "UPSTREAM_ERROR"]).toContain((await answer).code);
});

test("a result of another kind of server is an upstream error, whatever it holds", () => {
  const text = (value: string) => ({ content: [{ type: "text" as const, text: value }] });
  expect(() => fromCallToolResult(text("hello"))).toThrow(
    expect.objectContaining({ code: "UPSTREAM_ERROR" }),
  );
  expect(() => fromCallToolResult({ ...text("boom"), isError: true })).toThrow("boom");
  const odd = JSON.stringify({ success: false, error: { code: "toString", message: "x" } });
  expect(() => fromCallToolResult({ ...text(odd), isError: true })).toThrow(
    expect.objectContaining({ code: "UPSTREAM_ERROR" }),
  );
  expect(fromThrown(new Error("socket"), undefined)).toMatchObject({ code: "CONNECTION_ERROR" });
});
