import type { Readable } from "node:stream";
import { connectV1 } from "@mcp-data/core/testing";
import { expect, test } from "vitest";
import { operationIds } from "../src/contract/operations.ts";
import { cliPath } from "./support/cli.ts";

// biome-ignore lint/suspicious/noExplicitAny: a test looks into free-form reports
type Loose = any;

interface Journal {
  readonly entries: readonly { operation?: string; path: string; status: number }[];
  readonly violations: readonly unknown[];
  readonly counts: Readonly<Record<string, number>>;
}

test("over stdio the demo lets a client do the whole of it, with declared operations only, nothing made twice, no limit exceeded", {
  timeout: 60_000,
}, async () => {
  await using connected = await connectV1({
    command: process.execPath,
    args: [cliPath(), "--demo", "--groups", "all"],
    stderr: "pipe",
  });
  const { client, transport } = connected;
  const emulator = await emulatorUrl((transport as unknown as { stderr: Readable }).stderr);
  const post = (path: string, body: object) =>
    fetch(`${emulator}/${path}`, { method: "POST", body: JSON.stringify(body) });
  const call = async (name: string, args: Record<string, unknown>): Promise<Loose> => {
    const answer = (await client.callTool({ name, arguments: args })) as Loose;
    if (answer.isError) throw new Error(`${name}: ${answer.content[0].text}`);
    const { data } = answer.structuredContent;
    expect([name, data.environment]).toEqual([name, "EMULATOR"]);
    return data;
  };
  const agreed = async (name: string, args: Record<string, unknown>): Promise<Loose> => {
    const plan = await call(name, args);
    expect([name, plan.status]).toEqual([name, "confirmation_required"]);
    return call(name, { ...args, confirm: plan.confirm.handle });
  };

  const setup = await agreed("setup_cleanroom_workspace", {
    name: "Spring Launch",
    partners: ["pia.lane@initech.example"],
    connections: ["Acme CRM"],
    features: ["EXPORT"],
  });
  const cleanroom = setup.report.cleanroom.display_id;
  expect((await call("onboard_partner", { cleanroom, email: "pia.lane@initech.example" })).status).toBe(
    "waiting",
  );
  await post("__invitations", {
    email: "pia.lane@initech.example",
    status: "ACCEPTED",
    organisation: "Initech",
  });

  let connection = await call("establish_data_connection", {
    name: "Spring Logs",
    source: "Client AWS S3",
    data_type: "Ad Logs",
    settings: { DataLocation: "s3://acme/spring/" },
    cleanroom,
    wait_seconds: 600,
  });
  expect(connection.status).toBe("needs_input");
  connection = await call("establish_data_connection", {
    name: "Spring Logs",
    resume: connection.resume,
    accept_mapping: true,
    wait_seconds: 600,
  });
  expect(connection.report.connection.state).toBe("ready");

  await post("__clock", { advanceMs: 120_000 });
  const onboarded = await call("onboard_partner", { cleanroom, email: "pia.lane@initech.example" });
  expect(onboarded.report.checks).toContainEqual({ check: "invitation accepted", ok: true });
  const deployed = await call("deploy_analytics_question", { cleanroom, question: "Frequency Report" });
  expect(deployed.report.question.status).toBe("READY");

  const question = deployed.report.question.display_id;
  let run = await call("execute_question_workflow", { question, wait_seconds: 600 });
  for (let n = 0; n < 6 && run.status === "running"; n += 1)
    run = await call("execute_question_workflow", { question, resume: run.resume, wait_seconds: 600 });
  expect(run.status).toBe("done");

  const results = await call("retrieve_and_analyze_results", { run: run.report.run.id });
  expect(results.report.rows_total).toBeGreaterThan(0);
  expect(results.report.columns.length).toBeGreaterThan(0);
  const shared = await agreed("share_results", { question, action: "share", partners: ["Initech"] });
  expect(shared.report.after).toEqual(["Initech"]);
  const scheduled = await call("manage_question_schedules", {
    question,
    action: "create",
    frequency: "DAILY",
  });
  expect(scheduled.report.schedule.active).toBe(true);
  expect((await call("monitor_cleanroom_status", { cleanroom })).status).toBe("done");
  expect((await call("monitor_organization_health", {})).report.scorecard.overall).toBeGreaterThan(0);
  expect((await call("analyze_usage_patterns", {})).report.runs.runs).toBeGreaterThan(0);
  const trouble = await call("troubleshoot_issues", { cleanroom: "Broken Setup" });
  expect(trouble.report.findings.map(({ rule }: { rule: string }) => rule)).toEqual(
    expect.arrayContaining(["DATASET_MISSING", "COLUMN_UNKNOWN", "PARAMETERS_MISSING"]),
  );

  const journal = (await (await fetch(`${emulator}/__journal`)).json()) as Journal;
  expect(journal.violations).toEqual([]);
  const declared = new Set<string | undefined>([...operationIds, "oauth/token"]);
  expect(journal.entries.filter(({ operation }) => !declared.has(operation))).toEqual([]);
  const creates = Object.entries(journal.counts).filter(([id]) =>
    /^(create|add|configureCleanroomDataset$)/.test(id),
  );
  expect(Object.fromEntries(creates)).toEqual({
    createCleanroom: 1,
    addCleanroomPartner: 1,
    configureCleanroomDataset: 2,
    createDataConnection: 1,
    addCleanroomQuestion: 1,
    createCleanroomQuestionRun: 1,
    createCleanroomQuestionRunSchedule: 1,
  });
  expect(journal.counts["oauth/token"]).toBe(1);
});

function emulatorUrl(stderr: Readable): Promise<string> {
  return new Promise((resolve) => {
    let text = "";
    stderr.on("data", (chunk) => {
      text += chunk;
      const found = /EMULATOR at (http:\S+)/.exec(text);
      if (found?.[1] !== undefined) resolve(found[1]);
    });
  });
}
