import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { connectV1 } from "@mcp-data/core/testing";
import { expect, onTestFinished, test } from "vitest";
import { keyOf, serveTeam } from "./support/serve.ts";

type Server = Awaited<ReturnType<typeof serveTeam>>;

async function propose(server: Server): Promise<string> {
  await using ann = await connectV1({ url: server.url, headers: { "x-api-key": keyOf("ann") } });
  const answer = await ann.client.callTool({
    name: "propose_tool",
    arguments: { name: "counted", program: "length", justification: "needed by all" },
  });
  return (answer.structuredContent as { data: { id: string } }).data.id;
}

async function vote(server: Server, person: string, body: unknown) {
  const response = await fetch(`${server.base}/ui/vote`, {
    method: "POST",
    headers: { "x-api-key": keyOf(person), "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

test("a vote on the page is audited and counted as a call of the tool is", async () => {
  const file = join(mkdtempSync(join(tmpdir(), "jq-audit-")), "audit.jsonl");
  onTestFinished(() => rmSync(dirname(file), { recursive: true }));
  await using audited = await serveTeam({ audit: { sink: "file", file } });
  const id = await propose(audited);
  expect(await vote(audited, "bob", { proposal_id: id, vote: "approve", comment: "good" })).toEqual({
    status: 200,
    body: { status: "open" },
  });
  expect(await vote(audited, "ann", { proposal_id: id, vote: "approve" })).toMatchObject({ status: 403 });
  expect(await vote(audited, "bob", { proposal_id: id, vote: "maybe" })).toMatchObject({
    status: 400,
    body: { error: { code: "VALIDATION_ERROR" } },
  });
  const events = readFileSync(file, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line))
    .map((record) => record.body)
    .filter(({ tool }) => tool === "vote");
  expect(events.map(({ kind, principal, verdict }) => [kind, principal, verdict])).toEqual([
    ["intent", "key:bob", undefined],
    ["call", "key:bob", "ok"],
    ["intent", "key:ann", undefined],
    ["call", "key:ann", "PERMISSION_DENIED"],
    ["call", "key:bob", "VALIDATION_ERROR"],
  ]);
  expect(events[1]).toMatchObject({
    args: { proposal_id: id, vote: "approve", comment: "good" },
    facts: { proposal: id, status: "open" },
  });
});

test("votes on the page use up the quota of calls", async () => {
  await using server = await serveTeam({
    rate_limits: { enabled: true, principal: { minute: 3 } },
  });
  const id = await propose(server);
  const statuses = [];
  for (const choice of ["approve", "none", "approve", "none"])
    statuses.push((await vote(server, "bob", { proposal_id: id, vote: choice })).status);
  expect(statuses).toEqual([200, 200, 200, 429]);
});

test("where tools may not change anything the page may not either", async () => {
  await using server = await serveTeam({ read_only: true });
  expect(await vote(server, "bob", { proposal_id: "p", vote: "approve" })).toMatchObject({
    status: 403,
    body: { error: { code: "PERMISSION_DENIED" } },
  });
});
