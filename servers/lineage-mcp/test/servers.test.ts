import { cpSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { connectV1 } from "@mcp-data/core/testing";
import { expect, test } from "vitest";
import { openHome } from "../src/data/home.ts";
import { cli } from "./support/cli.ts";
import { pythonOf, shopNotebook } from "./support/python.ts";
import { demoFolder, tempFolder } from "./support/recorded.ts";

const slow = 300_000;

type Client = Awaited<ReturnType<typeof connectV1>>["client"];

async function ask<T = Record<string, unknown>>(client: Client, tool: string, args: object = {}): Promise<T> {
  const answer = await client.callTool({ name: tool, arguments: { ...args } });
  if (answer.isError) throw new Error(JSON.stringify(answer.content));
  return (answer.structuredContent as { data: T }).data;
}

function server(...args: string[]) {
  return { command: cli.command, args: [...cli.args, ...args], stderr: "ignore" as const };
}

test("two copies at once: one owns, the other asks it, and takes over when it is killed", {
  timeout: slow,
}, async () => {
  const home = openHome(tempFolder());
  cpSync(demoFolder, home.events, { recursive: true });
  const started = await Promise.all([
    connectV1(server("--data-dir", home.root)),
    connectV1(server("--data-dir", home.root)),
  ]);
  const status = (client: Client) => ask<{ ingest: { role: string; events: number } }>(client, "get_status");
  const roles = await Promise.all(started.map(({ client }) => status(client)));
  expect(roles.map(({ ingest }) => ingest.role).sort()).toEqual(["follower", "owner"]);
  expect(roles.map(({ ingest }) => ingest.events)).toEqual([174, 174]);

  const owner = started[roles.findIndex(({ ingest }) => ingest.role === "owner")];
  const other = started[roles.findIndex(({ ingest }) => ingest.role === "follower")];
  if (owner === undefined) throw new Error("nobody owns the database");
  process.kill((owner.transport as unknown as { pid: number }).pid, "SIGKILL");
  await expect
    .poll(async () => (other === undefined ? "" : (await status(other.client)).ingest.role), {
      timeout: 20_000,
    })
    .toBe("owner");
  expect(
    await ask(other?.client as Client, "query_memories", { sql_query: "SELECT count(*) FROM cell_runs" }),
  ).toMatchObject({ rows: [[18]] });
  await other?.client.close();
});

test("--notebook … --launch script: a client gets right answers, the notebook keeps its bytes", {
  timeout: slow,
}, async () => {
  const python = await pythonOf("newest");
  const notebook = shopNotebook();
  const before = readFileSync(notebook, "utf8");
  const home = tempFolder();
  await using connected = await connectV1(
    server("--notebook", notebook, "--launch", "script", "--python", python, "--data-dir", home),
  );
  const { client } = connected;
  await expect
    .poll(async () => (await ask<{ total: number }>(client, "get_errors")).total, { timeout: 60_000 })
    .toBe(1);
  expect(await ask(client, "get_cell_runs", { cell: "enrich" })).toMatchObject({
    total: 1,
    runs: [{ status: "completed" }],
  });
  expect(
    await ask(client, "get_column_lineage", { dataset: "summary", column: "total", depth: 1 }),
  ).toMatchObject({ edges: [{ from_column: "euros", transformation: "AGGREGATION", confidence: "exact" }] });
  expect(
    (
      await ask<{ nodes: { label: string }[] }>(client, "get_lineage", { node: "summary", depth: 0 })
    ).nodes.map(({ label }) => label),
  ).toContain("orders.csv");
  expect(readFileSync(notebook, "utf8")).toBe(before);
  const { resources } = await client.listResources();
  expect(resources.map(({ uri }) => uri)).toContainEqual(
    expect.stringMatching(/^lineage:\/\/notebook\/[a-f0-9]{8}\/graph$/),
  );
  const read = await client.readResource({ uri: resources[0]?.uri ?? "" });
  expect(JSON.parse(String((read.contents[0] as { text: string }).text)).cells.length).toBe(9);
});

test("plain --notebook: a python started by hand in the project's environment is recorded; uninstall takes it out", {
  timeout: slow,
}, async () => {
  const base = await pythonOf("newest");
  const folder = tempFolder();
  const { execFileSync } = await import("node:child_process");
  // A virtual environment beside the notebook that sees the packages of the shared one.
  execFileSync(base, ["-m", "venv", "--without-pip", join(folder, ".venv")]);
  const python = join(folder, ".venv/bin/python");
  const site = execFileSync(python, ["-c", "import sysconfig; print(sysconfig.get_paths()['purelib'])"], {
    encoding: "utf8",
  }).trim();
  const shared = execFileSync(base, ["-c", "import sysconfig; print(sysconfig.get_paths()['purelib'])"], {
    encoding: "utf8",
  }).trim();
  const { writeFileSync } = await import("node:fs");
  writeFileSync(join(site, "shared.pth"), `${shared}\n`);
  const notebook = join(folder, "shop.py");
  cpSync(join(import.meta.dirname, "notebooks"), folder, { recursive: true });
  const home = tempFolder();
  {
    await using connected = await connectV1(server("--notebook", notebook, "--data-dir", home));
    await expect
      .poll(
        async () => (await ask<{ capture: { state: string } }>(connected.client, "get_status")).capture.state,
        { timeout: 30_000 },
      )
      .toBe("installed");
    try {
      execFileSync(python, [notebook], { stdio: "pipe" });
    } catch {
      // The last cell of the sample fails.
    }
    expect(await ask(connected.client, "get_cell_runs", { cell: "setup" })).toMatchObject({ total: 1 });
    expect(
      await ask(connected.client, "get_column_lineage", { dataset: "summary", column: "total", depth: 1 }),
    ).toMatchObject({ total: 1 });
  }
  const files = () => readdirSync(site).filter((name) => name.startsWith("lineage_mcp"));
  expect(files().sort()).toEqual([
    "lineage_mcp_capture",
    "lineage_mcp_capture-1.dist-info",
    "lineage_mcp_capture.pth",
  ]);
  execFileSync(cli.command, [...cli.args, "uninstall", "--python", python], { stdio: "pipe" });
  expect(files()).toEqual([]);
  rmSync(folder, { recursive: true, force: true });
});

test("--demo answers at once, without Python", { timeout: slow }, async () => {
  await using connected = await connectV1({ ...server("--demo"), env: { PATH: "/nonexistent" } });
  const tools = (await connected.client.listTools()).tools.map(({ name }) => name);
  expect(tools).toHaveLength(12);
  expect(await ask(connected.client, "get_lineage", { node: "summary", depth: 1 })).toMatchObject({
    total: 1,
  });
});
