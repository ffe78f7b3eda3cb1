import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { rootDir } from "../run/workspace.mjs";
import { said, startComposed, statusWithoutKey, stopped } from "./start-composed.mjs";

const folder = mkdtempSync(join(tmpdir(), "mcp-data-habu-"));
const state = join(folder, "state");
let emulator;
let settings;
let server;

beforeAll(async () => {
  const cli = join(rootDir, "servers/habu-cleanroom-mcp/dist/cli.js");
  emulator = spawn(process.execPath, [cli, "emulator", "--port", "0"], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  const [, url, id, secret] = await said(
    emulator,
    /HABU_API_BASE_URL=(\S+) HABU_CLIENT_ID=(\S+) HABU_CLIENT_SECRET=(\S+)\n/,
  );
  const HABU_CLIENT_SECRET_FILE = join(folder, "habu-client-secret");
  writeFileSync(HABU_CLIENT_SECRET_FILE, `${secret}\n`, { mode: 0o600 });
  settings = {
    places: { "/var/lib/habu-cleanroom": state },
    env: { HABU_API_BASE_URL: url, HABU_CLIENT_ID: id, HABU_CLIENT_SECRET_FILE },
  };
  server = await startComposed("habu-cleanroom", settings);
});

afterAll(async () => {
  await server?.stop();
  await stopped(emulator);
  rmSync(folder, { recursive: true, force: true });
});

async function journal() {
  return (await fetch(`${settings.env.HABU_API_BASE_URL}/__journal`)).json();
}

test("the container's health command finds it healthy", async () => {
  expect(await server.health()).toBe("healthy");
});

test("a caller with the key signs in with the secret of the file and changes nothing unconfirmed", async () => {
  const client = await server.connect();
  const { data } = await client.callTool("test_connection", {});
  expect(data.status).toBe("done");
  const planned = await client.callTool("setup_cleanroom_workspace", {
    name: "Composed",
    partners: ["pia.lane@initech.example"],
  });
  expect(planned.data.status).toBe("confirmation_required");
  await client.close();
});

test("the volume keeps the token over a restart, sealed", async () => {
  await server.stop();
  server = await startComposed("habu-cleanroom", settings);
  const client = await server.connect();
  await client.callTool("test_connection", {});
  await client.close();
  const { entries, violations } = await journal();
  expect(entries.filter(({ path }) => path.endsWith("/oauth/token"))).toHaveLength(1);
  expect(violations).toEqual([]);
  const [key] = readdirSync(state);
  expect(readFileSync(join(state, key, "token.json"), "utf8")).not.toContain("eyJ");
});

test("without a key there is no answer", async () => {
  expect(await statusWithoutKey(server.url)).toBe(401);
});
