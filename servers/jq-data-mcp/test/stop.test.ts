import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { connectV1 } from "@mcp-data/core/testing";
import type { Client } from "@modelcontextprotocol/sdk/client/index.js";
import type { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { afterEach, beforeEach, expect, test } from "vitest";
import { serveProcess } from "./support/serve-process.ts";

const cli = fileURLToPath(new URL("../src/cli.ts", import.meta.url));
const source = ["--import", "tsx", "--conditions=@mcp-data/source", cli];
const endless = { name: "query", arguments: { dataset: "numbers", program: "last(range(1e15))" } };

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "jq-stop-"));
  file = join(folder, "audit.jsonl");
  writeFileSync(join(folder, "numbers.json"), "[1,2,3]");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const trail = () =>
  readFileSync(file, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
const ends = () =>
  trail().flatMap(({ type, body }) =>
    type === "event" ? [`${body.tool} ${body.verdict}`] : body.closing === true ? ["closed"] : [],
  );

/** A call that never ends by itself, and when it is known to run. */
function endlessly(client: Client) {
  let ended: Promise<string> = Promise.resolve("");
  const begun = new Promise<void>((onprogress) => {
    ended = client.callTool(endless, undefined, { onprogress: () => onprogress() }).then(
      () => "answered",
      () => "broken off",
    );
  });
  return { begun, ended };
}

test("over stdio: SIGTERM in the middle of a call ends it, tells its end to the trail, and closes the trail", async () => {
  const config = join(folder, "config.json");
  writeFileSync(
    config,
    JSON.stringify({
      data: [join(folder, "numbers.json")],
      database: join(folder, "tools.db"),
      audit: { sink: "file", file },
    }),
  );
  const connected = await connectV1({
    command: process.execPath,
    args: [...source, "--config", config, "--log-level", "error"],
    stderr: "ignore",
  });
  const pid = (connected.transport as unknown as StdioClientTransport).pid as number;
  await connected.client.callTool({ name: "list_datasets", arguments: {} });
  const { ended: call, begun } = endlessly(connected.client);
  await begun;
  process.kill(pid, "SIGTERM");
  expect(await call).toBe("broken off");
  await expect.poll(ends, { timeout: 10_000 }).toEqual(["list_datasets ok", "query CANCELLED", "closed"]);
  await expect(connected[Symbol.asyncDispose]()).resolves.toBeUndefined();
}, 60_000);

test("over HTTP: what ends in time is answered, the rest is broken off, and the trail has both", async () => {
  const server = await serveProcess([process.execPath, ...source], 1, {
    data: [join(folder, "numbers.json")],
    seeds: [],
    audit: { sink: "file", file },
  });
  const [key = ""] = server.keys;
  const connected = await connectV1({ url: server.url, headers: { "x-api-key": key } });
  const run = (program: string) =>
    connected.client.callTool({ ...endless, arguments: { dataset: "numbers", program } }).then(
      ({ content }) => JSON.parse((content as { text: string }[])[0]?.text ?? "{}").data?.values,
      () => "broken off",
    );
  expect(await run(".[0]")).toEqual([1]);
  const short = run("last(range(3e5))");
  await endlessly(connected.client).begun;
  await server[Symbol.asyncDispose]();
  expect(await short).toEqual([299_999]);
  expect(ends()).toEqual(["query ok", "query ok", "query CANCELLED", "closed"]);
  await Promise.resolve(connected[Symbol.asyncDispose]()).catch(() => undefined);
}, 60_000);
