import { afterEach, expect, test, vi } from "vitest";
import { openTools } from "../../test/helpers/tool-bench.ts";

const tool = "manage_data_integration";
afterEach(() => vi.unstubAllEnvs());

test("shows data flow health of all connections with findings", async () => {
  const { ok } = await openTools();
  const { report, next } = await ok(tool, { action: "health" });
  expect(report.states).toEqual({ ready: 2, waiting_for_file: 1, failed: 1, needs_mapping: 1 });
  expect(report.findings.map(({ rule }: { rule: string }) => rule).sort()).toEqual([
    "CONNECTION_FAILED",
    "CONNECTION_UNMAPPED",
    "CONNECTION_WAITING",
  ]);
  expect(next).toHaveLength(3);
});

test("updates configurations after a plan, shows before and after, reads back", async () => {
  const { confirmed, ok } = await openTools();
  const done = await confirmed(tool, {
    action: "update",
    connection: "Legacy Exports",
    settings: { DataLocation: "s3://acme/legacy2/" },
  });
  expect(done.report.settings).toContainEqual({ name: "DataLocation", value: "s3://acme/legacy2/" });
  expect(done.report.defaults_taken[0]).toContain("Acme AWS");
  expect((await ok(tool, { action: "update", connection: "Legacy Exports" })).status).toBe("needs_input");
});

test("refreshes field mappings: the whole array goes out with the changes in it", async () => {
  const { ok, confirmed, emulator } = await openTools();
  const asked = await ok(tool, { action: "remap", connection: "Acme CRM" });
  expect(Object.keys(asked.report.current_mapping)).toContain("email");
  await confirmed(tool, {
    action: "remap",
    connection: "Acme CRM",
    mapping: { email: { identifier: "Raw Email", pii: true } },
  });
  const fields = emulator.world.connections[0]?.fields ?? [];
  expect(fields).toHaveLength(5);
  expect(fields.find(({ fieldName }) => fieldName === "email")).toMatchObject({
    identifierType: "Raw Email",
    isPii: true,
  });
});

test("rotates a credential from the operator's variables only, and never shows a value", async () => {
  const { fails, restart, emulator } = await openTools();
  expect(await fails(tool, { action: "rotate_credential", credential: "Acme AWS" })).toMatchObject({
    code: "PERMISSION_DENIED",
    details: { reason: "CREDENTIAL_WRITES_OFF" },
  });
  const allowed = restart({ allow_credential_writes: true });
  expect(await allowed.fails(tool, { action: "rotate_credential", credential: "Acme AWS" })).toMatchObject({
    details: { reason: "VARIABLES_MISSING" },
  });
  for (const name of ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_USER_ARN", "AWS_REGION"])
    vi.stubEnv(`HABU_CREDENTIAL_${name}`, `rotated-${name}`);
  const done = await allowed.confirmed(tool, { action: "rotate_credential", credential: "Acme AWS" });
  expect(emulator.world.credentials[0]?.values).toContainEqual({
    name: "AWS_REGION",
    value: "rotated-AWS_REGION",
  });
  expect(JSON.stringify([done, allowed.log, allowed.audit])).not.toContain("rotated-");
});

test("troubleshoots one connection and retries its verification", async () => {
  const { ok } = await openTools();
  const found = await ok(tool, { action: "diagnose", connection: "Legacy Exports" });
  expect(found.report.finding).toMatchObject({
    rule: "CONNECTION_FAILED",
    fix: expect.stringContaining("retry"),
  });
  const again = await ok(tool, { action: "retry", connection: "Legacy Exports" });
  expect(again.report.connection.state).toBe("verifying");
  expect((await ok(tool, { action: "retry" })).report.questions[0].candidates).toContain("Legacy Exports");
});
