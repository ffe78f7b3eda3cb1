import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { get, type IncomingMessage } from "node:http";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { connectV1 } from "@mcp-data/core/testing";
import { expect, onTestFinished, test } from "vitest";
import { keyFor, keyOf, serveTeam } from "./support/serve.ts";

type Server = Awaited<ReturnType<typeof serveTeam>>;

const MB = 1_000_000;
const headers = (person: string, more: object = {}) => ({ "x-api-key": keyOf(person), ...more });
const descriptors = () => readdirSync("/proc/self/fd").length;
const auditFile = () => {
  const file = join(mkdtempSync(join(tmpdir(), "jq-downloads-")), "audit.jsonl");
  onTestFinished(() => rmSync(dirname(file), { recursive: true }));
  return file;
};

/** A result of so many values of about a megabyte each; where to fetch it. */
async function produce(server: Server, person: string, megabytes: number): Promise<string> {
  await using connected = await connectV1({ url: server.url, headers: headers(person) });
  const program = `range(${megabytes}) | tostring + ("x" * ${MB})`;
  const { content } = await connected.client.callTool({
    name: "query",
    arguments: { dataset: "metrics", program },
  });
  const { data } = JSON.parse((content as { text: string }[])[0]?.text ?? "{}");
  expect(data).toMatchObject({ count: megabytes, truncated: true });
  return `${server.base}/results/${data.resource.split("/").at(-1)}`;
}

const expectedText = (megabytes: number) =>
  Array.from({ length: megabytes }, (_, i) => `"${i}${"x".repeat(MB)}"\n`).join("");

const errorOf = async (response: Response) => ((await response.json()) as { error: { code: string } }).error;

/** A download nobody reads yet. */
function begin(url: string, person: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    get(url, { headers: headers(person), agent: false, highWaterMark: 1_024 } as object, resolve).on(
      "error",
      reject,
    );
  });
}

test("a download is a call: it uses up the quota, is told in the audit, and needs the scope", async () => {
  const file = auditFile();
  const auth = { api_keys: [keyFor("bob", ["*"]), keyFor("cid", ["data:read"]), keyFor("dee", ["other"])] };
  await using server = await serveTeam({
    auth,
    audit: { sink: "file", file },
    rate_limits: { enabled: true, principal: { minute: 4 } },
  });
  const url = await produce(server, "bob", 2);
  const statuses: number[] = [];
  for (const [person, path] of [
    ["bob", url],
    ["bob", `${server.base}/results/none`],
    ["cid", url],
    ["dee", url],
    ["bob", url],
    ["bob", url],
  ] as const) {
    const response = await fetch(path, { headers: headers(person) });
    statuses.push(response.status);
    const text = await response.text();
    if (response.status === 200) expect(text === expectedText(2)).toBe(true);
    else expect(JSON.parse(text).error).toMatchObject({ code: expect.any(String), hint: expect.any(String) });
    if (response.status === 429) expect(Number(response.headers.get("retry-after"))).toBeGreaterThan(0);
  }
  expect(statuses).toEqual([200, 404, 404, 403, 200, 429]);
  expect((await fetch(url)).status).toBe(401);
  const events = readFileSync(file, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line).body)
    .filter(({ tool }) => tool === "resources/read")
    .map(({ principal, verdict, args }) => [principal, verdict, args.target]);
  const target = `jq-data://results/${url.split("/").at(-1)}`;
  expect(events).toEqual([
    ["key:bob", "ok", target],
    ["key:bob", "NOT_FOUND", "jq-data://results/none"],
    ["key:cid", "NOT_FOUND", target],
    ["key:dee", "PERMISSION_DENIED", target],
    ["key:bob", "ok", target],
    ["key:bob", "RATE_LIMITED", target],
  ]);
});

test("a part, its size alone, or the rest of what broke off", async () => {
  await using server = await serveTeam();
  const url = await produce(server, "bob", 3);
  const whole = expectedText(3);
  const ask = async (more: object, method = "GET") => {
    const response = await fetch(url, { method, headers: headers("bob", more) });
    const { status, headers: got } = response;
    return { status, got, text: await response.text() };
  };
  const head = await ask({}, "HEAD");
  expect(head).toMatchObject({ status: 200, text: "" });
  expect(Object.fromEntries(head.got)).toMatchObject({
    "content-length": String(whole.length),
    "accept-ranges": "bytes",
    "content-type": "application/x-ndjson",
    "cache-control": expect.stringContaining("no-store"),
  });
  const part = await ask({ range: `bytes=${MB}-${2 * MB}` });
  expect(part.status).toBe(206);
  expect(part.got.get("content-range")).toBe(`bytes ${MB}-${2 * MB}/${whole.length}`);
  expect(part.text === whole.slice(MB, 2 * MB + 1)).toBe(true);
  const etag = head.got.get("etag") as string;
  const rest = await ask({ range: "bytes=2500000-", "if-range": etag });
  expect([rest.status, rest.text === whole.slice(2_500_000)]).toEqual([206, true]);
  const other = await ask({ range: "bytes=2500000-", "if-range": '"another"' });
  expect([other.status, other.text === whole]).toEqual([200, true]);
  const beyond = await ask({ range: `bytes=${whole.length}-` });
  expect(beyond.status).toBe(416);
  expect(beyond.got.get("content-range")).toBe(`bytes */${whole.length}`);
  const nonsense = await ask({ range: "bytes=9-1" });
  expect([nonsense.status, nonsense.text === whole]).toEqual([200, true]);
});

test("what is pushed out while it is read is read to its end, then gone", async () => {
  await using server = await serveTeam({ cache: { size_mb: 30 } });
  const url = await produce(server, "bob", 20);
  const slow = await begin(url, "bob");
  await produce(server, "cid", 20);
  const gone = await fetch(url, { headers: headers("bob") });
  expect([gone.status, (await errorOf(gone)).code]).toEqual([404, "NOT_FOUND"]);
  let bytes = 0;
  for await (const piece of slow) bytes += piece.length;
  expect(bytes).toBe(expectedText(20).length);
});

test("a result whose file somebody took away is an error of the server, told to its operator only", async () => {
  await using server = await serveTeam();
  const url = await produce(server, "bob", 20);
  const results = readdirSync(server.folder).find((name) => name.startsWith("results-")) as string;
  rmSync(join(server.folder, results), { recursive: true });
  const response = await fetch(url, { headers: headers("bob") });
  const text = await response.text();
  expect([response.status, JSON.parse(text).error.code]).toEqual([500, "INTERNAL_ERROR"]);
  expect(text).not.toContain(server.folder);
  expect(JSON.stringify(server.failures)).toContain("ENOENT");
  for (let i = 0; i < 5; i += 1) expect((await fetch(url, { headers: headers("bob") })).status).toBe(500);
});

test("those who do not read hold little, four at once, and leave nothing behind when they go", async () => {
  await using server = await serveTeam();
  const url = await produce(server, "bob", 60);
  const [before, memory] = [descriptors(), process.memoryUsage().external];
  for (let round = 0; round < 3; round += 1) {
    const all = await Promise.all([1, 2, 3, 4].map(() => begin(url, "bob")));
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(process.memoryUsage().external - memory).toBeLessThan(40 * MB);
    const fifth = await fetch(url, { headers: headers("bob") });
    expect([fifth.status, (await errorOf(fifth)).code]).toEqual([429, "RATE_LIMITED"]);
    expect((await fetch(url, { method: "HEAD", headers: headers("bob") })).status).toBe(200);
    for (const one of all) one.destroy();
    await expect.poll(descriptors, { timeout: 10_000 }).toBeLessThanOrEqual(before + 2);
  }
  for (let i = 0; i < 20; i += 1) await fetch(url, { method: "HEAD", headers: headers("bob") });
  expect(descriptors()).toBeLessThanOrEqual(before + 2);
}, 60_000);
