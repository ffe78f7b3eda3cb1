import { execFile, spawn } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { rootDir } from "../run/workspace.mjs";

const run = promisify(execFile);

/**
 * What docker-compose.yml starts for a server, as a plain process: its build with `docker/NAME.yaml`, in which
 * `places` maps addresses and folders of the containers to this machine's. Callers hold one API key.
 */
export async function startComposed(name, { places = {}, env = {} }) {
  const folder = mkdtempSync(join(tmpdir(), "mcp-data-served-"));
  const cli = join(rootDir, `servers/${name}-mcp/dist/cli.js`);
  let config = readFileSync(join(rootDir, `docker/${name}.yaml`), "utf8");
  for (const [there, here] of Object.entries(places)) {
    if (!config.includes(there)) throw new Error(`docker/${name}.yaml does not hold ${there}`);
    config = config.replaceAll(there, here);
  }
  const file = join(folder, `${name}.yaml`);
  writeFileSync(file, config);
  const key = randomBytes(16).toString("hex");
  const MCP_KEY_HASH = `sha256:${createHash("sha256").update(key).digest("hex")}`;
  const child = spawn(process.execPath, [cli, "--config", file, "--http", "0.0.0.0:0"], {
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
