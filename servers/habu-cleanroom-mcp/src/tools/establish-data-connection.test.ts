import { expect, test } from "vitest";
import { openTools } from "../../test/helpers/tool-bench.ts";

const tool = "establish_data_connection";
const whole = {
  name: "Spring Logs",
  source: "Client AWS S3",
  data_type: "Ad Logs",
  settings: { DataLocation: "s3://acme/spring/" },
};

test("guides through source, type, credential and settings with candidates, keeping what is settled", async () => {
  const { ok, emulator } = await openTools();
  const first = await ok(tool, { name: "Spring Logs" });
  expect(first.report.questions[0]).toMatchObject({ field: "source", candidates: ["Client AWS S3"] });
  const second = await ok(tool, { name: "Spring Logs", resume: first.resume, source: "Client AWS S3" });
  expect(second.report.questions.map(({ field }: { field: string }) => field)).toEqual([
    "data_type",
    "settings",
  ]);
  expect(second.report.defaults_taken[0]).toContain("Acme AWS");
  const third = await ok(tool, {
    name: "Spring Logs",
    resume: first.resume,
    data_type: "ad logs",
    settings: { DataLocation: "s3://acme/spring/" },
  });
  expect(third.status).toBe("running");
  expect(emulator.world.connections.at(-1)).toMatchObject({
    name: "Spring Logs",
    dataSource: { displayName: "Client AWS S3" },
  });
});

test("creates with a credential that exists and refuses secrets and unknown settings", async () => {
  const { fails, ok } = await openTools();
  expect(await fails(tool, { ...whole, settings: { AWS_SECRET_ACCESS_KEY: "x" } })).toMatchObject({
    code: "VALIDATION_ERROR",
  });
  expect(await fails(tool, { ...whole, settings: { Datalocation: "x" } })).toMatchObject({
    details: { near: ["DataLocation"] },
  });
  expect(await fails(tool, { ...whole, source: "Snowflake Table" })).toMatchObject({
    code: "CONFLICT",
    details: { reason: "NO_CREDENTIAL" },
  });
  expect((await ok(tool, { ...whole, dry_run: true })).status).toBe("planned");
});

test("proposes field maps from names, sends them only when accepted or corrected, and reads them back", async () => {
  const { ok, fails, emulator } = await openTools();
  const proposed = await ok(tool, { ...whole, wait_seconds: 600 });
  expect(proposed).toMatchObject({
    status: "needs_input",
    report: {
      proposed_mapping: { user_id: { identifier: "Customer First Party Identifier", user_id: true } },
    },
  });
  expect(emulator.journal.counts().mapFieldConfigurations).toBeUndefined();
  expect(
    await fails(tool, { name: whole.name, resume: proposed.resume, mapping: { nope: {} } }),
  ).toMatchObject({ details: { reason: "BAD_MAP" } });
  const done = await ok(tool, {
    name: whole.name,
    resume: proposed.resume,
    mapping: { campaign: { exclude: true } },
    wait_seconds: 600,
  });
  expect(done.report.connection.state).toBe("ready");
  expect(
    emulator.world.connections.at(-1)?.fields.find(({ fieldName }) => fieldName === "campaign"),
  ).toMatchObject({ isExcluded: true });
});

test("validates: a location that is denied or empty is told with its next call", async () => {
  const { ok } = await openTools();
  for (const [place, state] of [
    ["denied", "failed"],
    ["missing", "waiting_for_file"],
  ] as const) {
    const done = await ok(tool, {
      ...whole,
      name: place,
      settings: { DataLocation: `s3://acme/${place}/` },
      wait_seconds: 600,
    });
    expect(done.report.connection.state).toBe(state);
    expect(done.next[0]).toMatchObject({
      tool: "manage_data_integration",
      arguments: { action: "diagnose" },
    });
  }
});

test("monitoring and alerting: the platform has none, watch is named instead", async () => {
  const { ok } = await openTools();
  const done = await ok(tool, { name: "Acme CRM" });
  expect(done.report.monitoring).toContain("habu-cleanroom-mcp watch");
});

test("both layouts of the two state fields lead to the same state, and looks keep their distance", async () => {
  const { ok, emulator } = await openTools();
  emulator.world.switches.connectionLayout = "documented";
  const running = await ok(tool, whole);
  expect(running.status).toBe("running");
  const looks = emulator.journal.counts().getDataConnectionById;
  await ok(tool, { name: whole.name, resume: running.resume });
  expect(emulator.journal.counts().getDataConnectionById).toBe(looks);
  emulator.clock.advance(600_000);
  expect((await ok(tool, { name: whole.name, resume: running.resume })).status).toBe("needs_input");
});
