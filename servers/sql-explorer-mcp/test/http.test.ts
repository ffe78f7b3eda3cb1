import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { mintApiKey } from "@mcp-data/core";
import { connectV1, connectV2 } from "@mcp-data/core/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../src/postgres/testing/database.ts";
import { runCli, type ServedCli, serveCli } from "./support/cli.ts";

const folder = mkdtempSync(join(tmpdir(), "explorer-http-"));
const config = join(folder, "explorer.yaml");
const audit = join(folder, "audit.jsonl");
const ann = mintApiKey();
const bob = mintApiKey();
const gateway = mintApiKey();
let database: TestDatabase;
let server: ServedCli;

beforeAll(async () => {
  database = await createTestDatabase();
  const reader = await database.login("reader");
  await database.run(`
    CREATE SCHEMA sales; CREATE SCHEMA hr;
    CREATE TABLE sales.orders AS SELECT i AS id, i * 10 AS total FROM generate_series(1, 20) i;
    CREATE TABLE hr.people AS SELECT i AS id, 'person ' || i AS name FROM generate_series(1, 20) i;
    REVOKE CREATE ON SCHEMA public FROM PUBLIC;
    GRANT USAGE ON SCHEMA sales, hr TO ${reader}; GRANT SELECT ON ALL TABLES IN SCHEMA sales, hr TO ${reader};`);
  writeFileSync(
    config,
    `
sources:
  - {id: main, kind: postgres, dsn: "\${TEST_DSN}"}
project_header: {name: X-Project, secret: "a gateway secret"}
projects:
  - {id: sales, schemas: [sales], limits: {max_rows: 3}}
  - {id: hr, schemas: [hr], limits: {max_rows: 7}}
  - {id: old, schemas: [hr], active: false}
auth:
  api_keys:
    - {id: ann, hash: "${ann.hash}", claims: {project_id: sales}}
    - {id: bob, hash: "${bob.hash}", claims: {project_id: hr}}
    - {id: old, hash: "${mintApiKey().hash}", claims: {project_id: old}}
    - {id: gateway, hash: "${gateway.hash}"}
  jwt: {issuer: "https://issuer.example", audience: "sql-explorer", jwks_url: "http://127.0.0.1:1/jwks"}
rate_limits: {principal: {minute: 25}}
audit: {sink: file, file: ${audit}, key: "an audit key of some length"}
`,
  );
  server = await serveCli(["--config", config, "--http", "127.0.0.1:0"], { TEST_DSN: database.url(reader) });
});

afterAll(async () => {
  await server?.[Symbol.asyncDispose]();
  await database?.drop();
  rmSync(folder, { recursive: true });
});

const as = (key: { key: string }) => ({ url: server.url, headers: { authorization: `Bearer ${key.key}` } });
const base = () => server.url.replace("/mcp", "");

interface Answer {
  isError?: boolean;
  content: { text: string }[];
}
const body = (answer: unknown) => JSON.parse((answer as Answer).content[0]?.text ?? "{}");

test("two callers at once see only their own schemas, limits and cursors, in both eras", async () => {
  await using a = await connectV1(as(ann));
  await using b = await connectV2(as(bob));
  const call = (client: typeof a.client | typeof b.client, name: string, args: Record<string, unknown>) =>
    (client as typeof a.client).callTool({ name, arguments: args }).then(body);
  const [tablesA, tablesB] = await Promise.all([
    call(a.client, "list_tables", { detail: "names" }),
    call(b.client, "list_tables", { detail: "names" }),
  ]);
  expect(tablesA).toMatchObject({
    project_id: "sales",
    data: { tables: [{ schema: "sales", name: "orders" }] },
  });
  expect(tablesB).toMatchObject({ project_id: "hr", data: { tables: [{ schema: "hr", name: "people" }] } });
  const [rowsA, rowsB, crossA, crossB] = await Promise.all([
    call(a.client, "query", { sql: "SELECT id FROM orders ORDER BY id" }),
    call(b.client, "query", { sql: "SELECT id FROM people ORDER BY id" }),
    call(a.client, "query", { sql: "SELECT * FROM hr.people" }),
    call(b.client, "query", { sql: "SELECT * FROM sales.orders" }),
  ]);
  expect(rowsA.data).toMatchObject({ row_count: 3, truncated: true });
  expect(rowsB.data).toMatchObject({ row_count: 7, truncated: true });
  for (const refused of [crossA, crossB]) expect(refused.error.details.reason).toBe("schema_not_allowed");
  const stolen = await call(b.client, "query", {
    sql: "SELECT id FROM orders ORDER BY id",
    cursor: rowsA.page.next_cursor,
  });
  expect(stolen.success).toBe(false);
  const { resources } = await a.client.listResources();
  expect(resources.map(({ uri }) => uri)).toEqual(["sql://main/sales/orders"]);
  await expect(a.client.readResource({ uri: "sql://main/hr/people" })).rejects.toThrow();
});

test("a gateway names the project by header; claims win; unknown, inactive and none read the same", async () => {
  const listed = async (key: { key: string }, project?: string, secret = "a gateway secret") => {
    const named = project === undefined ? {} : { "x-project": project, "x-proxy-secret": secret };
    const headers = { ...as(key).headers, ...named };
    await using connected = await connectV1({ url: server.url, headers });
    return body(await connected.client.callTool({ name: "list_tables", arguments: {} }));
  };
  expect(await listed(gateway, "hr")).toMatchObject({ success: true, project_id: "hr" });
  expect(await listed(bob, "sales")).toMatchObject({ success: true, project_id: "hr" });
  const refusals = [
    await listed(gateway, "nope"),
    await listed(gateway, "old"),
    await listed(gateway),
    await listed(gateway, "hr", "guessed"),
  ];
  for (const { error } of refusals) expect(error).toEqual(refusals[0].error);
  expect(refusals[0].error.code).toBe("PERMISSION_DENIED");
});

test("the quota is each caller's own and says when it is over", async () => {
  await using a = await connectV1(as(ann));
  let refused: ReturnType<typeof body>;
  for (let i = 0; i < 30 && refused === undefined; i += 1) {
    const answer = body(await a.client.callTool({ name: "list_sources", arguments: {} }));
    if (!answer.success) refused = answer;
  }
  expect(refused).toMatchObject({
    error: { code: "RATE_LIMITED", retry_after_ms: expect.any(Number), details: { window: "minute" } },
  });
  await using b = await connectV1(as(bob));
  expect(body(await b.client.callTool({ name: "list_sources", arguments: {} }))).toMatchObject({
    success: true,
  });
});

test("without a key: 401 with the metadata's address; the metadata is there", async () => {
  const response = await fetch(server.url, {
    method: "POST",
    body: "{}",
    headers: { "content-type": "application/json" },
  });
  expect(response.status).toBe(401);
  const url = /resource_metadata="([^"]+)"/.exec(response.headers.get("www-authenticate") ?? "")?.[1];
  expect(await (await fetch(url ?? "")).json()).toMatchObject({
    resource: server.url,
    authorization_servers: ["https://issuer.example"],
  });
  const wrong = await fetch(server.url, {
    method: "POST",
    body: "{}",
    headers: { authorization: `Bearer ${mintApiKey().key}` },
  });
  expect(wrong.status).toBe(401);
});

test("a foreign Origin or Host is 403 before anything else", async () => {
  const headers = { authorization: `Bearer ${bob.key}`, "content-type": "application/json" };
  const evil = await fetch(server.url, {
    method: "POST",
    body: "{}",
    headers: { ...headers, origin: "https://evil.example" },
  });
  expect(evil.status).toBe(403);
});

test("health, readiness and metrics", async () => {
  expect((await fetch(`${base()}/health`)).status).toBe(200);
  expect(await (await fetch(`${base()}/ready`)).json()).toEqual({ status: "ready" });
  expect((await fetch(`${base()}/metrics`)).status).toBe(401);
  const metrics = await (
    await fetch(`${base()}/metrics`, { headers: { authorization: `Bearer ${bob.key}` } })
  ).text();
  expect(metrics).toMatch(/mcp_tool_calls_total\{.*tool="list_sources".*verdict="ok"/);
  expect(await runCli(["health", base()])).toMatchObject({ code: 0 });
});

test("a superuser login does not start over HTTP; the finding and the fix are said", async () => {
  const { code, stderr } = await runCli(["--http", ":0", database.url()]);
  expect(code).toBe(1);
  expect(stderr).toMatch(/superuser/);
  expect(stderr).toMatch(/SELECT only/);
});

test("SIGTERM ends within five seconds, and the audit trail is whole", async () => {
  const asked = performance.now();
  server.child.kill("SIGTERM");
  const { code } = await server.end;
  expect(code).toBe(0);
  expect(performance.now() - asked).toBeLessThan(5_500);
  const key = join(folder, "audit.key");
  writeFileSync(key, "an audit key of some length");
  const report = await runCli(["audit", "verify", audit, key]);
  expect(report).toMatchObject({ code: 0 });
  expect(report.stdout).toMatch(/^whole: \d+ records, 1 files, signatures verified/);
});
