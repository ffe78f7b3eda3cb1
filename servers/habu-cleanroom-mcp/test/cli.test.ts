import { mkdtempSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connectV1, connectV2 } from "@mcp-data/core/testing";
import { expect, onTestFinished, test } from "vitest";
import { cliPath, startCli } from "./support/cli.ts";

const demo = { command: process.execPath, args: [cliPath(), "--demo"], stderr: "ignore" as const };

interface Answer {
  structuredContent?: {
    data: { environment: string; status: string; report: Record<string, unknown> };
    warnings?: string[];
  };
  content: { text: string }[];
  isError?: boolean;
}

test.each([
  ["2025", connectV1],
  ["2026", connectV2],
] as const)(
  "a %s-era client finds twelve tools in the demo and runs a question to its end in moments",
  async (_era, connect) => {
    await using connected = await (connect as typeof connectV1)(demo);
    const { client } = connected;
    expect(client.getInstructions()).toMatch(/^EMULATOR/);
    expect((await client.listTools()).tools).toHaveLength(12);
    const call = async (name: string, args: Record<string, unknown>) =>
      (await client.callTool({ name, arguments: args })) as unknown as Answer;
    let run = await call("execute_question_workflow", { question: "Frequency Report", wait_seconds: 600 });
    for (let n = 0; n < 4 && run.structuredContent?.data.status === "running"; n += 1) {
      const { resume } = run.structuredContent.data as unknown as { resume: string };
      run = await call("execute_question_workflow", {
        question: "Frequency Report",
        resume,
        wait_seconds: 600,
      });
    }
    expect(run.structuredContent).toMatchObject({
      data: { environment: "EMULATOR", status: "done" },
      warnings: [expect.stringContaining("EMULATOR")],
    });
    const refused = await call("monitor_cleanroom_status", { cleanroom: "nowhere" });
    expect(refused).toMatchObject({
      isError: true,
      content: [{ text: expect.stringContaining("EMULATOR: ") }],
    });
  },
);

test("without a key it says what to set and ends with 1; misuse ends with 2", async () => {
  const ended = await startCli([], {}).end;
  expect(ended).toMatchObject({ code: 1, stdout: "", stderr: expect.stringContaining("HABU_CLIENT_ID") });
  expect(await startCli(["--nope"]).end).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("unknown flag"),
  });
  expect(await startCli(["--demo", "--config", "x.yaml"]).end).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("--config"),
  });
  expect((await startCli(["--help"]).end).stdout).toContain("--demo");
  expect((await startCli(["emulator", "--help"]).end).stdout).toContain("--speed");
});

test("serves over HTTP, answers health, and ends on a signal", async () => {
  await using server = startCli(["--demo", "--http", "127.0.0.1:0", "--groups", "data"]);
  const [, url = ""] = await server.says(/listening on (http:\S+)/);
  await using connected = await connectV1({ url });
  expect((await connected.client.listTools()).tools.map(({ name }) => name)).toEqual([
    "establish_data_connection",
    "manage_data_integration",
    "health_check",
    "test_connection",
  ]);
  expect((await startCli(["health", new URL(url).origin]).end).code).toBe(0);
  expect((await fetch(new URL("/ready", url))).status).toBe(200);
  server.child.kill("SIGTERM");
  expect((await server.end).code).toBe(0);
});

test("the emulator serves by itself; a server in another process follows its clock and names it", async () => {
  await using emulator = startCli(["emulator", "--port", "0", "--speed", "0"]);
  const [, base = "", id = "", secret = ""] = await emulator.says(
    /HABU_API_BASE_URL=(\S+) HABU_CLIENT_ID=(\S+) HABU_CLIENT_SECRET=(\S+)/,
  );
  const env = {
    HABU_API_BASE_URL: base,
    HABU_CLIENT_ID: id,
    HABU_CLIENT_SECRET: secret,
    HABU_STATE_DIR: mkdtempSync(join(tmpdir(), "habu-cli-")),
  };
  await using connected = await connectV1({
    command: process.execPath,
    args: [cliPath()],
    env: { ...(process.env as Record<string, string>), ...env },
    stderr: "ignore",
  });
  const call = async (name: string, args: Record<string, unknown>) =>
    ((await connected.client.callTool({ name, arguments: args })) as unknown as Answer).structuredContent
      ?.data as unknown as { status: string; resume?: string; environment: string };
  const run = await call("execute_question_workflow", { question: "Frequency Report" });
  expect(run).toMatchObject({ status: "running", environment: "EMULATOR" });
  await fetch(`${base}/__clock`, { method: "POST", body: JSON.stringify({ advanceMs: 3_600_000 }) });
  await call("health_check", {});
  expect(
    await call("execute_question_workflow", { question: "Frequency Report", resume: run.resume }),
  ).toMatchObject({ status: "done" });
});

test("watch posts signed alerts of what got worse since the last look, once", async () => {
  const posts: { body: string; signature: string }[] = [];
  const sink = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => {
      body += chunk;
    });
    request.on("end", () => {
      posts.push({ body, signature: String(request.headers["x-signature"]) });
      response.end();
    });
  });
  await new Promise<void>((resolve) => sink.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void sink.close());
  await using emulator = startCli(["emulator", "--port", "0", "--speed", "0"]);
  const [, base = "", id = "", secret = ""] = await emulator.says(
    /HABU_API_BASE_URL=(\S+) HABU_CLIENT_ID=(\S+) HABU_CLIENT_SECRET=(\S+)/,
  );
  const env = {
    HABU_API_BASE_URL: base,
    HABU_CLIENT_ID: id,
    HABU_CLIENT_SECRET: secret,
    HABU_STATE_DIR: mkdtempSync(join(tmpdir(), "habu-watch-")),
    HABU_WEBHOOK_URL: `http://127.0.0.1:${(sink.address() as AddressInfo).port}/`,
    HABU_WEBHOOK_SECRET: "hook-secret",
  };
  const look = async () => expect((await startCli(["watch", "--once"], env).end).code).toBe(0);
  await look();
  expect(posts).toEqual([]);
  await fetch(`${base}/__invitations`, {
    method: "POST",
    body: JSON.stringify({ email: "ines.gold@initech.example", status: "DECLINED" }),
  });
  await look();
  await look();
  expect(posts).toHaveLength(1);
  expect(JSON.parse(posts[0]?.body ?? "")).toMatchObject({
    alerts: [{ kind: "invitation_answered", detail: "DECLINED" }],
  });
  expect(posts[0]?.signature).toMatch(/^t=\d+,v1=[0-9a-f]{64}$/);
  expect((await startCli(["watch", "--once"], { ...env, HABU_WEBHOOK_URL: "" }).end).code).toBe(1);
});
