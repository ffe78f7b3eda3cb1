import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { connectV1 } from "@mcp-data/core/testing";
import { expect, onTestFinished, test } from "vitest";
import { startEmulator } from "../emulator/emulator.ts";
import { plantedSecrets } from "../emulator/seed.ts";
import { createVirtualClock } from "../src/clock/clock.ts";
import { cliPath } from "./support/cli.ts";

/** Secrets this server is given, in every way it can be given one. */
const given = {
  HABU_CLIENT_SECRET: "planted-client-secret-31aa",
  HABU_WEBHOOK_SECRET: "planted-webhook-secret-77cd",
  HABU_CREDENTIAL_AWS_ACCESS_KEY_ID: "planted-key-id-12ef",
  HABU_CREDENTIAL_AWS_SECRET_ACCESS_KEY: "planted-rotated-secret-90ab",
  HABU_CREDENTIAL_AWS_USER_ARN: "planted-rotated-arn-45bc",
  HABU_CREDENTIAL_AWS_REGION: "planted-rotated-region-66dd",
};
const signingKey = "planted-signing-key-0123456789abcdef0123456789abcdef";
/** How every token begins; its first three letters alone turn up in hashes too. */
const tokenStart = "eyJhbGciOi";
/** And what a caller may type by mistake. */
const typed = "Bearer planted.typed.token-83ce";

const calls = [
  ["establish_data_connection", { name: "S" }],
  [
    "establish_data_connection",
    {
      name: "S",
      source: "Client AWS S3",
      data_type: "Ad Logs",
      settings: { AWS_SECRET: "password=planted-typed-98" },
    },
  ],
  ["manage_data_integration", { action: "health" }],
  ["manage_data_integration", { action: "diagnose", connection: "Acme CRM" }],
  ["manage_data_integration", { action: "update", connection: "Acme CRM" }],
  ["share_results", { question: "CRQ-3001", action: "export" }],
  ["share_results", { question: "CRQ-3001", action: "show" }],
  ["troubleshoot_issues", { escalate: true, symptom: typed }],
  ["troubleshoot_issues", { resolved: { rule: "X", how: `set password=planted-typed-98 and ${typed}` } }],
  ["execute_question_workflow", { question: "CRQ-3001", fresh: true }],
  ["retrieve_and_analyze_results", { question: "CRQ-3001", file: "csv", file_name: "out" }],
  ["monitor_cleanroom_status", { cleanroom: typed }],
  ["manage_permissions", { cleanroom: "CR-1001", action: "report" }],
  ["test_connection", {}],
  ["monitor_organization_health", {}],
  ["analyze_usage_patterns", {}],
] as const;

test.each(["stderr", "file"] as const)(
  "with the audit trail on %s no planted secret is in a reply, an error, the log, the trail, a state file or a result file",
  { timeout: 60_000 },
  async (sink) => {
    const clientSecret = given.HABU_CLIENT_SECRET;
    const emulator = await startEmulator({ clock: createVirtualClock(Date.now()), clientSecret });
    const dir = mkdtempSync(join(tmpdir(), "habu-secrets-"));
    onTestFinished(async () => {
      await emulator.close();
      rmSync(dir, { recursive: true, force: true });
      rmSync(config, { force: true });
    });
    const trail = join(dir, "audit.jsonl");
    const config = `${dir}.json`;
    writeFileSync(
      config,
      JSON.stringify({
        base_url: emulator.url,
        client_id: emulator.clientId,
        state_dir: join(dir, "state"),
        groups: ["all"],
        knowledge: true,
        signing_keys: [signingKey],
        allow_credential_writes: true,
        audit: sink === "file" ? { sink, file: trail } : { sink },
        log_level: "debug",
      }),
    );
    const said = await speak(["--config", config], { ...given }, () => emulator.tokens.revokeAll());
    // Whose secret is wrong, and who learns it from the platform.
    const refused = await speak(["--config", config], {
      ...given,
      HABU_CLIENT_SECRET: `${clientSecret}-old`,
      HABU_STATE_DIR: join(dir, "state-2"),
    });
    const files = readdirSync(dir, { recursive: true, encoding: "utf8", withFileTypes: true })
      .filter((one) => one.isFile())
      .map((one) => [one.name, readFileSync(join(one.parentPath, one.name), "utf8")] as const);
    const names = files.map(([name]) => name);
    expect(names).toEqual(
      expect.arrayContaining(["token.json", "work.json", "access.jsonl", "knowledge.jsonl", "out.csv"]),
    );
    const trailText = sink === "file" ? readFileSync(trail, "utf8") : said;
    expect(trailText).toContain('"kind":"intent"');
    expect(trailText).toContain("rotate_credential");
    const everything = [
      said,
      refused,
      ...files.map(([, text]) => text),
      JSON.stringify(emulator.journal.entries),
    ].join("\n");
    expect(everything).toContain("AUTH_REJECTED");
    for (const secret of [
      ...plantedSecrets,
      ...Object.values(given),
      signingKey,
      Buffer.from(`${emulator.clientId}:${clientSecret}`).toString("base64"),
      "planted.typed.token",
      "planted-typed-98",
      tokenStart,
    ])
      expect([secret, around(everything, secret)]).toEqual([secret, ""]);
  },
);

/** Everything a server says, on both its streams, to all the calls. */
async function speak(args: string[], env: Record<string, string>, midway = () => {}): Promise<string> {
  const bare = Object.entries(process.env).filter(
    (one): one is [string, string] => one[1] !== undefined && !one[0].startsWith("HABU_"),
  );
  const { client, transport } = await connectV1({
    command: process.execPath,
    args: [cliPath(), ...args],
    env: { ...Object.fromEntries(bare), ...env, HABU_WEBHOOK_URL: "http://127.0.0.1:9/" },
    stderr: "pipe",
  });
  let stderr = "";
  (transport as unknown as { stderr: Readable }).stderr.on("data", (chunk) => {
    stderr += chunk;
  });
  const answers: unknown[] = [];
  const call = async (name: string, given: Record<string, unknown>) => {
    const answer = await client.callTool({ name, arguments: given }).catch((error: unknown) => {
      throw new Error(stderr, { cause: error });
    });
    answers.push(answer);
    return answer as { structuredContent?: { data: { confirm?: { handle: string } } } };
  };
  for (const [name, given] of calls) await call(name, given);
  const rotation = { action: "rotate_credential", credential: "Acme AWS" };
  const plan = await call("manage_data_integration", rotation);
  const confirm = plan.structuredContent?.data.confirm?.handle;
  await call("manage_data_integration", { ...rotation, ...(confirm === undefined ? {} : { confirm }) });
  midway();
  await call("manage_data_integration", { action: "diagnose", connection: "Loyalty Feed" });
  await client.close();
  return [JSON.stringify(answers), stderr].join("\n");
}

const around = (text: string, part: string): string => {
  const at = text.indexOf(part);
  return at < 0 ? "" : text.slice(Math.max(0, at - 120), at + part.length);
};
