import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { connectV1, connectV2 } from "@mcp-data/core/testing";
import { ToolListChangedNotificationSchema } from "@modelcontextprotocol/sdk/types.js";
import { countTokens } from "gpt-tokenizer/encoding/o200k_base";
import { expect, test, vi } from "vitest";
import { runLibraryCommand } from "../src/commands/run.ts";
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
  expect(usual.length).toBeGreaterThanOrEqual(12);
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
    list: async () => (await connected.client.listTools()).tools,
    call: async (name: string, args: object) => {
      const result = await connected.client.callTool({ name, arguments: args as Record<string, unknown> });
      const answer = answerOf(result);
      return answer.data ?? answer.error;
    },
    [Symbol.asyncDispose]: () => connected[Symbol.asyncDispose](),
  };
}
