import { execFile, spawn } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { rootDir } from "../run/workspace.mjs";
import { commandOf, settingsOf } from "./instructions.mjs";

const run = promisify(execFile);

/**
 * What docker-compose.yml starts for a server, as a plain process: its build with the image's command and
 * `docker/NAME.yaml`, in both of which `places` maps addresses and folders of the containers to this machine's.
 * Callers hold one API key.
 */
export async function startComposed(name, { places = {}, env = {} }) {
  const folder = mkdtempSync(join(tmpdir(), "mcp-data-served-"));
  const cli = join(rootDir, `servers/${name}-mcp/dist/cli.js`);
  const file = join(folder, `${name}.yaml`);
  const here = { "0.0.0.0:8080": "0.0.0.0:0", [`/etc/mcp-data/${name}.yaml`]: file, ...places };
  let config = settingsOf(name);
  let args = commandOf(name);
  for (const [there, ours] of Object.entries(here)) {
    if (!config.includes(there) && !args.includes(there))
      throw new Error(`neither docker/${name}.yaml nor the image's command holds ${there}`);
    config = config.replaceAll(there, ours);
    args = args.map((arg) => (arg === there ? ours : arg));
  }
  writeFileSync(file, config);
  const key = randomBytes(16).toString("hex");
  const MCP_KEY_HASH = `sha256:${createHash("sha256").update(key).digest("hex")}`;
  const child = spawn(process.execPath, [cli, ...args], {
    env: { PATH: process.env.PATH, MCP_KEY_HASH, ...env },
    stdio: ["ignore", "ignore", "pipe"],
  });
  const [, port] = await said(child, /listening on http:\/\/[^:]+:(\d+)\/mcp/);
  const url = `http://127.0.0.1:${port}/mcp`;
  return {
    url,
    health: async () => (await run(process.execPath, [cli, "health", `127.0.0.1:${port}`])).stdout.trim(),
    connect: async () => {
      const { connect } = await import(join(rootDir, "packages/core/dist/client.js"));
      return connect({ url, headers: { authorization: `Bearer ${key}` } });
    },
    stop: async () => {
      await stopped(child);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The first match on a child's stderr; rejects with its last words when it ends instead. */
export function said(child, pattern) {
  return new Promise((resolve, reject) => {
    let text = "";
    child.stderr.on("data", (chunk) => {
      text += chunk;
      const match = pattern.exec(text);
      if (match !== null) resolve(match);
    });
    child.once("exit", () => reject(new Error(`the process ended:\n${text}`)));
  });
}

export async function stopped(child) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  await gone;
}

/** Status of a request without a credential. */
export async function statusWithoutKey(url) {
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/list" });
  const headers = { "content-type": "application/json", accept: "application/json, text/event-stream" };
  return (await fetch(url, { method: "POST", headers, body })).status;
}
