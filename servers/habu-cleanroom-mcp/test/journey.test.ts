import { expect, test } from "vitest";
import { openTools } from "./helpers/tool-bench.ts";

test("a room from nothing to shared, scheduled, monitored results, within every limit of the platform", async () => {
  const { ok, confirmed, emulator } = await openTools();
  const setup = await confirmed("setup_cleanroom_workspace", {
    name: "Winter Launch",
    partners: ["pia.lane@initech.example"],
    connections: ["Acme CRM"],
    features: ["EXPORT"],
    crowd_size: 50,
  });
  expect(setup).toMatchObject({ status: "done", environment: "EMULATOR" });
  expect(setup.report.invitations).toEqual([{ email: "pia.lane@initech.example", status: "PENDING" }]);
  const room = setup.report.cleanroom.display_id;

  const connect = {
    name: "Winter Logs",
    source: "Client AWS S3",
    data_type: "Ad Logs",
    settings: { DataLocation: "s3://acme/winter/" },
    cleanroom: room,
  };
  const proposed = await ok("establish_data_connection", { ...connect, wait_seconds: 600 });
  expect(proposed.status).toBe("needs_input");
  expect(proposed.report.proposed_mapping.email_sha256).toMatchObject({ identifier: "Email SHA256 Hashed" });
  const connected = await ok("establish_data_connection", {
    name: "Winter Logs",
    resume: proposed.resume,
    accept_mapping: true,
    wait_seconds: 600,
  });
  expect(connected.report.connection.state).toBe("ready");

  emulator.answerInvitation("pia.lane@initech.example", "ACCEPTED", "Initech");
  const onboard = await ok("onboard_partner", { cleanroom: room, email: "pia.lane@initech.example" });
  expect(onboard.report.checks).toContainEqual({ check: "invitation accepted", ok: true });

  const deployed = await ok("deploy_analytics_question", {
    cleanroom: room,
    question: "Frequency Report",
    permissions: { CLONE: "owner" },
  });
  expect(deployed.report.question.status).toBe("READY");

  let run = await ok("execute_question_workflow", {
    question: "Frequency Report",
    cleanroom: room,
    wait_seconds: 600,
  });
  expect(run.status).toBe("running");
  for (let n = 0; n < 4 && run.status === "running"; n += 1) {
    run = await ok("execute_question_workflow", {
      question: "Frequency Report",
      cleanroom: room,
      resume: run.resume,
      wait_seconds: 600,
    });
  }
  expect(run).toMatchObject({ status: "done" });
  expect(run.report.rows).toBeGreaterThan(0);

  const results = await ok("retrieve_and_analyze_results", { run: run.report.run.id, file: "csv" });
  expect(results.report.file.rows).toBe(results.report.rows_total);

  const shared = await confirmed("share_results", {
    question: "Frequency Report",
    cleanroom: room,
    action: "share",
    partners: ["Initech"],
  });
  expect(shared.report.after).toEqual(["Initech"]);
  const scheduled = await ok("manage_question_schedules", {
    question: "Frequency Report",
    cleanroom: room,
    action: "create",
    frequency: "DAILY",
  });
  expect(scheduled.report.schedule.active).toBe(true);

  expect((await ok("monitor_organization_health")).report.scorecard.overall).toBeGreaterThan(50);
  expect((await ok("analyze_usage_patterns")).report.runs.runs).toBeGreaterThan(10);
  const trouble = await ok("troubleshoot_issues", { cleanroom: "Broken Setup" });
  expect(trouble.report.findings.map(({ rule }: { rule: string }) => rule)).toEqual(
    expect.arrayContaining(["DATASET_MISSING", "COLUMN_UNKNOWN", "PARAMETERS_MISSING"]),
  );

  expect(emulator.journal.violations()).toEqual([]);
  expect(emulator.tokens.granted.length).toBeLessThanOrEqual(2);
  for (const created of [
    "createCleanroom",
    "createDataConnection",
    "addCleanroomPartner",
    "createCleanroomQuestionRun",
    "createCleanroomQuestionRunSchedule",
  ]) {
    expect([created, emulator.journal.counts()[created]]).toEqual([created, 1]);
  }
});
