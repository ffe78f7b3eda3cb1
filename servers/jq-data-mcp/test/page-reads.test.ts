import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { connectV1 } from "@mcp-data/core/testing";
import { type Browser, chromium } from "playwright-core";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { openChromium } from "../../../scripts/services/chromium.mjs";
import { shot, signIn } from "./support/page.ts";
import { keyFor, keyOf, serveTeam } from "./support/serve.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await openChromium(chromium);
}, 60_000);
afterAll(() => browser?.close());

type Server = Awaited<ReturnType<typeof serveTeam>>;

async function read(server: Server, person: string, path: string) {
  const response = await fetch(server.base + path, { headers: { "x-api-key": keyOf(person) } });
  // biome-ignore lint/suspicious/noExplicitAny: tests look into whatever the page gets
  return { status: response.status, body: (await response.json()) as any };
}

async function propose(server: Server, name = "counted"): Promise<void> {
  await using ann = await connectV1({ url: server.url, headers: { "x-api-key": keyOf("ann") } });
  const args = { name, program: "length", justification: "Needed by everybody who counts." };
  await ann.client.callTool({ name: "propose_tool", arguments: args });
}

test("the audit tells who looked at the page, at what, and who was refused", async () => {
  const file = join(mkdtempSync(join(tmpdir(), "jq-audit-")), "audit.jsonl");
  onTestFinished(() => rmSync(dirname(file), { recursive: true }));
  const auth = { api_keys: [keyFor("bob", ["data:read"]), keyFor("cid", ["other"])] };
  await using server = await serveTeam({ auth, audit: { sink: "file", file } });
  expect(await read(server, "bob", "/ui/data")).toMatchObject({
    status: 200,
    body: { user: { id: "key:bob" } },
  });
  expect((await read(server, "bob", "/ui/item?item=tool:trend_analysis")).body.versions).toHaveLength(1);
  expect((await read(server, "bob", "/ui/item?item=function:analyze_trends/2")).body.versions).toHaveLength(
    1,
  );
  for (const none of ["tool:none", "function:analyze_trends/7", "", "dataset:metrics", "function:x/NaN"])
    expect((await read(server, "bob", `/ui/item?item=${none}`)).status, none).toBeGreaterThanOrEqual(400);
  expect(await read(server, "cid", "/ui/data")).toMatchObject({
    status: 403,
    body: { error: { code: "PERMISSION_DENIED" } },
  });
  expect((await fetch(`${server.base}/ui/data`)).status).toBe(401);
  const events = readFileSync(file, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line).body)
    .filter(({ kind }) => kind === "call")
    .map(({ tool, principal, verdict, args }) => [principal, tool, verdict, args?.name]);
  expect(events.slice(0, 4)).toEqual([
    ["key:bob", "list_proposals", "ok", undefined],
    ["key:bob", "get_tool", "ok", "trend_analysis"],
    ["key:bob", "get_function", "ok", "analyze_trends"],
    ["key:bob", "get_tool", "NOT_FOUND", "none"],
  ]);
  expect(events.at(-1)).toEqual(["key:cid", "list_proposals", "PERMISSION_DENIED", undefined]);
});

test("whichever groups are served, the page shows the library as long as one of them does", async () => {
  for (const [groups, data, item] of [
    [["team"], 200, 200],
    [["library"], 200, 200],
    [["admin"], 403, 403],
  ] as const) {
    await using server = await serveTeam({ groups });
    expect((await read(server, "bob", "/ui/data")).status, `${groups}`).toBe(data);
    expect((await read(server, "bob", "/ui/item?item=tool:trend_analysis")).status, `${groups}`).toBe(item);
  }
}, 60_000);

test("what the page reads uses up the quota of calls; a used up quota is told and waited for", async () => {
  await using server = await serveTeam({ rate_limits: { enabled: true, principal: { minute: 3 } } });
  await propose(server);
  const { page, errors } = await signIn(browser, server.base, "bob");
  const statuses = [];
  for (let i = 0; i < 3; i += 1) statuses.push((await read(server, "bob", "/ui/data")).status);
  expect(statuses.at(-1)).toBe(429);
  const refused = await read(server, "bob", "/ui/data");
  expect(refused.body.error).toMatchObject({ code: "RATE_LIMITED", retry_after_ms: expect.any(Number) });
  // Somebody else's change makes the page read again, which is refused; what it showed stays.
  await propose(server, "another");
  await page.getByRole("alert").filter({ hasText: "The 3 calls per minute" }).waitFor();
  const told = await page.getByRole("alert").textContent();
  expect(told).toMatch(/What is shown is from .+ The page tries again in \d+ s\./);
  expect(await page.getByText("tool:counted").count()).toBeGreaterThan(0);
  expect(await page.locator("#signin").isVisible()).toBe(false);
  await shot(page, "quota");
  expect(errors).toEqual([]);
}, 60_000);

test.each([
  ["read-only server", { read_only: true }, "This server takes no votes"],
  ["credential that may only read", {}, "Your credential may only read"],
])(
  "on a %s the page says why there is no voting, and offers none",
  async (_, more, reason) => {
    const folder = mkdtempSync(join(tmpdir(), "jq-readonly-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const database = join(folder, "tools.db");
    {
      await using open = await serveTeam({ database });
      await propose(open);
    }
    const auth = {
      api_keys: [
        keyFor("bob", ["read_only" in more ? "*" : "data:read"]),
        keyFor("cid", ["data:read", "data:write"]),
      ],
    };
    await using server = await serveTeam({ database, auth, ...more });
    const { page, errors } = await signIn(browser, server.base, "bob");
    await page.getByText("tool:counted").first().waitFor();
    await page.locator("#no-votes", { hasText: reason }).waitFor();
    expect(await page.getByRole("button", { name: /Approve|Reject/ }).count()).toBe(0);
    expect(await page.getByLabel("Comment on tool:counted").count()).toBe(0);
    await shot(page, `no-votes-${"read_only" in more ? "server" : "credential"}`);
    if (!("read_only" in more)) {
      const other = await signIn(browser, server.base, "cid");
      await other.page.getByRole("button", { name: "Approve tool:counted" }).waitFor();
      expect(await other.page.locator("#no-votes").count()).toBe(0);
    }
    expect(errors).toEqual([]);
  },
  60_000,
);
