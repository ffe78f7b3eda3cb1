import { connectV1, connectV2 } from "@mcp-data/core/testing";
import {
  ResourceUpdatedNotificationSchema,
  ToolListChangedNotificationSchema,
} from "@modelcontextprotocol/sdk/types.js";
import { expect, test, vi } from "vitest";
import WebSocket from "ws";
import { keyOf, serveTeam } from "./support/serve.ts";

const headers = (person: string) => ({ "x-api-key": keyOf(person) });
const average = {
  name: "average",
  program: ".data | add / length",
  datasets: ["metrics"],
  cases: [{ input: { data: [1, 3] }, expect: [2] }],
  justification: "Asked for every week.",
};

async function join(url: string, person: string) {
  const connected = await connectV1({ url, headers: headers(person) });
  const { client } = connected;
  const call = async (name: string, args: object = {}) => {
    const result = await client.callTool({ name, arguments: args as Record<string, unknown> });
    return JSON.parse((result.content as { text: string }[])[0]?.text ?? "{}");
  };
  const names = async () => (await client.listTools()).tools.map((tool) => tool.name);
  return { client, call, names, close: () => connected[Symbol.asyncDispose]() };
}

test("HTTP transport supports team authentication: each key is a person, attributed and bound to a role", async () => {
  await using server = await serveTeam();
  const [ann, owner] = await Promise.all(["ann", "owner"].map((person) => join(server.url, person)));
  if (!ann || !owner) throw new Error("nobody came");
  const proposed = await ann.call("propose_tool", average);
  expect(proposed).toMatchObject({ success: true, data: { status: "open", author: "key:ann" } });
  expect(await ann.call("manage_users")).toMatchObject({ error: { code: "PERMISSION_DENIED" } });
  const { data } = await owner.call("manage_users");
  expect(data.users.map(({ id, role }: { id: string; role: string }) => `${role} ${id}`)).toEqual([
    "user key:ann",
    "owner key:owner",
  ]);
  await expect(connectV1({ url: server.url, headers: { "x-api-key": "wrong" } })).rejects.toThrow();
  await Promise.all([ann, owner].map((one) => one.close()));
});

test("Approval workflow notifies team and tracks votes: tool list, resource, socket and page", async () => {
  await using server = await serveTeam();
  const [ann, bob, cid, dee] = await Promise.all(
    ["ann", "bob", "cid", "dee"].map((person) => join(server.url, person)),
  );
  if (!ann || !bob || !cid || !dee) throw new Error("nobody came");
  const told = Promise.all(
    [ann, dee].map(
      ({ client }) =>
        new Promise((resolve) => client.setNotificationHandler(ToolListChangedNotificationSchema, resolve)),
    ),
  );
  const updated: string[] = [];
  dee.client.setNotificationHandler(ResourceUpdatedNotificationSchema, ({ params }) => {
    updated.push(params.uri);
  });
  await dee.client.subscribeResource({ uri: "jq-data://proposals" });
  const heard: string[] = [];
  const socket = new WebSocket(`${server.base.replace("http", "ws")}/events`, { headers: headers("dee") });
  socket.on("message", (data) => heard.push(JSON.parse(String(data)).name));
  await new Promise((resolve) => socket.once("open", resolve));

  const { id } = (await ann.call("propose_tool", average)).data;
  await vi.waitFor(() => expect(updated).toContain("jq-data://proposals"));
  expect(await ann.call("vote", { proposal_id: id, vote: "approve" })).toMatchObject({
    error: { code: "PERMISSION_DENIED" },
  });
  await bob.call("vote", { proposal_id: id, vote: "approve", comment: "Good." });
  expect(await dee.names()).not.toContain("t_average");
  const open = (await dee.call("list_proposals")).data.proposals[0];
  expect(open).toMatchObject({
    approvals: 1,
    rejections: 0,
    comments: [{ user: "key:bob", vote: "approve" }],
  });
  await cid.call("vote", { proposal_id: id, vote: "approve" });
  await told;
  expect(await dee.names()).toContain("t_average");
  expect(await dee.call("t_average")).toMatchObject({ success: true, data: { count: 1 } });
  const { data: history } = await dee.call("get_history", { name: "average" });
  expect(history.proposals[0].votes).toEqual([
    { user: "key:bob", vote: "approve" },
    { user: "key:cid", vote: "approve" },
  ]);
  await vi.waitFor(() => expect(heard).toEqual(expect.arrayContaining(["proposal", "vote", "activated"])));
  socket.close();
  await Promise.all([ann, bob, cid, dee].map((one) => one.close()));
});

test("without a credential nothing is told: calls, page data, results, socket", async () => {
  await using server = await serveTeam();
  await expect(connectV1({ url: server.url })).rejects.toThrow();
  for (const path of ["/ui/data", "/ui/item?item=x", "/results/x"])
    expect((await fetch(server.base + path)).status).toBe(401);
  expect((await fetch(`${server.base}/ui`)).status).toBe(200);
  const status = await new Promise((resolve) => {
    new WebSocket(`${server.base.replace("http", "ws")}/events`)
      .on("unexpected-response", (_request, response) => resolve(response.statusCode))
      .on("error", () => 0);
  });
  expect(status).toBe(401);
  const foreign = await new Promise((resolve) => {
    new WebSocket(`${server.base.replace("http", "ws")}/events`, {
      headers: headers("ann"),
      origin: "https://evil.example",
    })
      .on("unexpected-response", (_request, response) => resolve(response.statusCode))
      .on("error", () => 0);
  });
  expect(foreign).toBe(403);
  expect(await (await fetch(`${server.base}/ready`)).json()).toEqual({ status: "ready" });
});

test("a trusted proxy names its callers, nobody else does", async () => {
  await using server = await serveTeam({ auth: { trusted_proxy: { secret: "a-long-proxy-secret" } } });
  const proxied = await connectV1({
    url: server.url,
    headers: { "x-user-id": "zoe", "x-proxy-secret": "a-long-proxy-secret" },
  });
  const result = await proxied.client.callTool({ name: "propose_tool", arguments: average });
  expect(JSON.stringify(result)).toContain("proxy:zoe");
  await proxied[Symbol.asyncDispose]();
  await expect(connectV1({ url: server.url, headers: { "x-user-id": "zoe" } })).rejects.toThrow();
  await expect(
    connectV1({ url: server.url, headers: { "x-user-id": "zoe", "x-proxy-secret": "wrong" } }),
  ).rejects.toThrow();
});

test("the 2026 revision is served, whole results are downloaded, and roles bind", async () => {
  await using server = await serveTeam();
  await using connected = await connectV2({ url: server.url, headers: headers("ann") });
  const result = await connected.client.callTool({
    name: "query",
    arguments: { dataset: "sales", program: "range(30000)" },
  });
  const { data } = result.structuredContent as { data: { resource: string; count: number } };
  const id = data.resource.split("/").at(-1);
  const whole = await (await fetch(`${server.base}/results/${id}`, { headers: headers("ann") })).text();
  expect(whole.trim().split("\n")).toHaveLength(30_000);
  expect((await fetch(`${server.base}/results/${id}`, { headers: headers("bob") })).status).toBe(404);
  const refused = await connected.client.callTool({
    name: "manage_users",
    arguments: { user: "key:ann", role: "owner" },
  });
  expect(JSON.stringify(refused.content)).toContain("PERMISSION_DENIED");
});

test("Database handles 100+ concurrent connections: reads, runs, proposals and votes, none lost", async () => {
  await using server = await serveTeam();
  const all = await Promise.all(
    Array.from({ length: 120 }, (_, i) => join(server.url, ["ann", "bob", "cid", "dee"][i % 4] ?? "ann")),
  );
  const answers = await Promise.all(
    all.map(async ({ call }, i) => {
      if (i % 4 === 0) return call("propose_tool", { ...average, name: `tool_${i}` });
      if (i % 4 === 1) return call("search_library", { query: "trend" });
      if (i % 4 === 2) return call("run_tool", { name: "trend_analysis", dataset: "metrics" });
      return call("query", { dataset: "sales", program: `.[${i}].id` });
    }),
  );
  expect(answers.filter(({ success }) => !success)).toEqual([]);
  const proposals = await all[0]?.call("list_proposals", { status: "open" });
  expect(proposals.page.total).toBe(30);
  for (const [i, answer] of answers.entries()) if (i % 4 === 3) expect(answer.data.values).toEqual([i + 1]);
  await Promise.all(all.map((one) => one.close()));
}, 60_000);

test("whoever asks for progress hears every second that a long run goes on", async () => {
  await using server = await serveTeam({ engine: { timeout_seconds: 3 } });
  const ann = await join(server.url, "ann");
  const heard: { progress: number; message?: string | undefined }[] = [];
  const endless = { dataset: "metrics", program: "last(range(1e15))" };
  const result = await ann.client.callTool({ name: "query", arguments: endless }, undefined, {
    onprogress: (update) => heard.push(update),
  });
  expect(JSON.stringify(result.content)).toContain("QUERY_TIMEOUT");
  expect(heard.length).toBeGreaterThan(0);
  expect(heard[0]?.message).toMatch(/^Running for [\d.]+ s; 3 s of work are allowed\.$/);
  await ann.close();
}, 60_000);
