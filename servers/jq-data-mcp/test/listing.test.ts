import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { connectV1, connectV2 } from "@mcp-data/core/testing";
import { ToolListChangedNotificationSchema } from "@modelcontextprotocol/sdk/types.js";
import { countTokens } from "gpt-tokenizer/encoding/o200k_base";
import { expect, test, vi } from "vitest";
import { runLibraryCommand } from "../src/commands/run.ts";
import { typicalTools } from "./fixtures/typical-tools.ts";
import { keyOf, serveTeam } from "./support/serve.ts";

const headers = (who: string) => ({ "x-api-key": keyOf(who) });

// biome-ignore lint/suspicious/noExplicitAny: tests look into whatever a tool gives
const answerOf = (result: any) => JSON.parse(result.content[0].text);

test("approved tools are listed, twenty at most and less than 3,000 tokens of them, whatever they are written in", async () => {
  await using server = await serveTeam({ seeds: [], groups: ["team", "admin"] });
  await using admin = await serveTools(server.url);
  const put = async (name: string, description: string, parameters: object[] = []) => {
    const tool = { name, program: ".", description, parameters };
    expect(await admin.call("import_library", { tools: [tool] })).toMatchObject({
      results: [{ outcome: "created" }],
    });
  };
  for (let i = 0; i < 24; i += 1)
    await put(`plain_${String.fromCharCode(97 + i)}`, "Sums a series over a window.");
  const approved = async () => (await admin.list()).filter(({ name }) => name.startsWith("t_"));
  const usual = await approved();
  expect(usual.length).toBeGreaterThanOrEqual(16);
  expect(usual.length).toBeLessThanOrEqual(20);
  expect(countTokens(JSON.stringify({ tools: usual }))).toBeLessThan(3_000);
  for (let i = 0; i < 12; i += 1)
    await put(
      `aaa_${String.fromCharCode(97 + i)}`,
      "漢字🜁".repeat(90),
      Array.from({ length: 6 }, (_, n) => ({
        name: `p${n}`,
        type: "string",
        description: "ｗｉｄｅ".repeat(20),
      })),
    );
  const crowded = await approved();
  expect(crowded.length).toBeGreaterThan(3);
  expect(crowded.some(({ name }) => name.startsWith("t_plain_"))).toBe(true);
  expect(countTokens(JSON.stringify({ tools: crowded }))).toBeLessThan(3_000);
  // What is not listed is found and run all the same.
  expect(await admin.call("search_library", { query: "plain_x" })).toMatchObject({ total: 1 });
  expect(await admin.call("run_tool", { name: "plain_x", dataset: "metrics" })).toMatchObject({ count: 1 });
}, 60_000);

test("of twenty typical tools most are listed, and of forty an agent finds and runs every one", async () => {
  await using server = await serveTeam({ seeds: [], groups: ["team", "admin"] });
  await using admin = await serveTools(server.url);
  const put = async (tools: object[]) => {
    const { results } = await admin.call("import_library", { tools });
    expect(results.map(({ outcome }: { outcome: string }) => outcome)).toEqual(tools.map(() => "created"));
  };
  await put(typicalTools.map((tool) => ({ ...tool, program: `"${tool.name}"` })));
  const approved = async () => (await admin.list()).filter(({ name }) => name.startsWith("t_"));
  // Each costs 110 tokens before a word of its own: the answer's schema and the annotations.
  expect((await approved()).length).toBeGreaterThanOrEqual(17);
  expect(countTokens(JSON.stringify({ tools: await approved() }))).toBeLessThan(3_000);

  await put(
    typicalTools.map((tool) => ({ ...tool, name: `more_${tool.name}`, program: `"more_${tool.name}"` })),
  );
  const listed = new Set((await approved()).map(({ name }) => name));
  expect(listed.size).toBeGreaterThanOrEqual(17);
  // An agent is told before and in the list.
  const told = (await admin.list()).find(({ name }) => name === "run_tool")?.description;
  expect(told).toContain("listed as t_NAME or not");
  expect(admin.instructions).toContain("search_library finds every one, and run_tool runs any by its name");
  const { results, total } = await admin.call("search_library", { kind: "tool", limit: 100 });
  expect([total, results.length]).toEqual([40, 40]);
  for (const { name, run_with, parameters } of results) {
    expect(run_with).toBe(listed.has(`t_${name}`) ? `t_${name}` : "run_tool");
    const tool = await admin.call("get_tool", { name });
    const dataset = tool.definition.datasets[0] ?? "sales";
    const values = Object.fromEntries(parameters.map((one: string) => [one, exampleOf(one)]));
    const args = tool.definition.datasets.length === 1 ? values : { ...values, dataset };
    const run =
      run_with === "run_tool"
        ? await admin.call("run_tool", { name, arguments: values, dataset })
        : await admin.call(run_with, args);
    expect(run, name).toMatchObject({ values: [name] });
  }
}, 60_000);

function exampleOf(parameter: string): unknown {
  if (["since", "from", "to"].includes(parameter)) return "2026-01-31";
  return ["window", "sigmas", "least", "top"].includes(parameter) ? 7 : "text";
}

test("approved tools go with the group they are proposed in", async () => {
  for (const [groups, listed] of [
    [undefined, true],
    [["team"], true],
    [["library"], false],
    [["all"], true],
  ] as const) {
    await using server = await serveTeam({ groups });
    await using admin = await serveTools(server.url);
    expect(
      (await admin.list()).some(({ name }) => name === "t_trend_analysis"),
      `${groups}`,
    ).toBe(listed);
  }
}, 60_000);

test("everybody hears of an approval, a withdrawal of nothing, a deletion and a restore: both revisions over HTTP", async () => {
  await using server = await serveTeam({ team: { threshold: 1, owners: ["key:owner"] } });
  await using old = await connectV1({ url: server.url, headers: headers("ann") });
  await using recent = await connectV2({ url: server.url, headers: headers("bob") });
  const heard = { old: 0, recent: 0 };
  old.client.setNotificationHandler(ToolListChangedNotificationSchema, () => {
    heard.old += 1;
  });
  recent.client.setNotificationHandler("notifications/tools/list_changed", () => {
    heard.recent += 1;
  });
  const stream = await recent.client.listen({ toolsListChanged: true });
  await using owner = await serveTools(server.url);
  const both = (n: number) => vi.waitFor(() => expect(heard).toEqual({ old: n, recent: n }));

  const proposal = answerOf(
    await old.client.callTool({
      name: "propose_tool",
      arguments: { name: "n", program: "length", justification: "needed" },
    }),
  ).data;
  const other = answerOf(
    await old.client.callTool({
      name: "propose_tool",
      arguments: { name: "m", program: "length", justification: "needed" },
    }),
  ).data;
  await old.client.callTool({ name: "withdraw_proposal", arguments: { proposal_id: other.id } });
  await owner.call("vote", { proposal_id: proposal.id, vote: "approve" });
  await both(1);
  const remove = { action: "delete", name: "n" };
  const { confirmation } = await owner.call("manage_library", remove);
  await owner.call("manage_library", { ...remove, confirmation });
  await both(2);
  expect((await recent.client.listTools()).tools.map(({ name }) => name)).not.toContain("t_n");
  await owner.call("manage_library", { action: "restore", name: "n", version: 1 });
  await both(3);
  await stream.close();
}, 60_000);

test("over stdio too, also when a command on the same database changes the library meanwhile", async () => {
  const folder = mkdtempSync(join(tmpdir(), "jq-data-listing-"));
  const database = join(folder, "tools.db");
  const cli = fileURLToPath(new URL("../src/cli.ts", import.meta.url));
  const connected = await connectV1({
    command: process.execPath,
    args: [
      "--import",
      "tsx",
      "--conditions=@mcp-data/source",
      cli,
      "--database",
      database,
      "--groups",
      "all",
    ],
    stderr: "ignore",
  });
  try {
    let heard = 0;
    connected.client.setNotificationHandler(ToolListChangedNotificationSchema, () => {
      heard += 1;
    });
    const tool = { name: "own", program: "1" };
    await connected.client.callTool({ name: "manage_library", arguments: { action: "create", tool } });
    await vi.waitFor(() => expect(heard).toBe(1), 10_000);
    writeFileSync(join(folder, "more.yaml"), "tools:\n  - {name: foreign, program: '2'}\n");
    const code = await runLibraryCommand(
      ["seed", "--database", database, join(folder, "more.yaml")],
      () => undefined,
      () => undefined,
    );
    expect(code).toBe(0);
    await vi.waitFor(() => expect(heard).toBe(2), 10_000);
    const names = (await connected.client.listTools()).tools.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(["t_own", "t_foreign"]));
  } finally {
    await connected[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  }
}, 60_000);

/** The owner's client. */
async function serveTools(url: string) {
  const connected = await connectV1({ url, headers: headers("owner") });
  return {
    instructions: connected.client.getInstructions(),
    list: async () => (await connected.client.listTools()).tools,
    call: async (name: string, args: object) => {
      const result = await connected.client.callTool({ name, arguments: args as Record<string, unknown> });
      const answer = answerOf(result);
      return answer.data ?? answer.error;
    },
    [Symbol.asyncDispose]: () => connected[Symbol.asyncDispose](),
  };
}
