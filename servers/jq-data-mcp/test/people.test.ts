import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connectV1 } from "@mcp-data/core/testing";
import { expect, onTestFinished, test } from "vitest";
import { keyOf, serveTeam } from "./support/serve.ts";

const proxySecret = "a-long-proxy-secret";
const auth = {
  api_keys: ["ann", "ann2", "bob", "cid", "owner"].map((id) => ({
    id,
    hash: `sha256:${createHash("sha256").update(keyOf(id)).digest("hex")}`,
    scopes: ["data:read", "data:write"],
  })),
  trusted_proxy: { secret: proxySecret },
};
const people = [
  ["key:ann", "key:ann2"],
  ["key:bob", "proxy:Bob@Example.com"],
  ["key:owner", "proxy:owner"],
];
const proposal = { name: "counted", program: "length", justification: "needed by all" };

/** By key:NAME or proxy:NAME. */
async function call(server: { url: string }, credential: string, name: string, args: object = {}) {
  const [method, who = ""] = credential.split(":");
  const headers: Record<string, string> =
    method === "key" ? { "x-api-key": keyOf(who) } : { "x-user-id": who, "x-proxy-secret": proxySecret };
  await using connected = await connectV1({ url: server.url, headers });
  const result = await connected.client.callTool({ name, arguments: args as Record<string, unknown> });
  const answer = JSON.parse((result.content as { text: string }[])[0]?.text ?? "{}");
  return answer.data ?? answer.error;
}

test("somebody with two keys, or a key and a name from the proxy, has one vote and none on their own", async () => {
  await using server = await serveTeam({ auth, team: { people, threshold: 2, owners: ["key:owner"] } });
  const { id } = await call(server, "key:ann2", "propose_tool", proposal);
  const vote = (who: string, word = "approve") => call(server, who, "vote", { proposal_id: id, vote: word });
  for (const own of ["key:ann", "key:ann2"])
    expect(await vote(own)).toMatchObject({
      code: "PERMISSION_DENIED",
      details: { reason: "own_proposal" },
    });
  expect(await vote("key:bob")).toMatchObject({ status: "open", author: "key:ann", approvals: 1 });
  expect(await vote("proxy:bob@example.com")).toMatchObject({ status: "open", approvals: 1 });
  // The last word of the person, whichever way they came.
  expect(await vote("proxy:Bob@Example.com", "reject")).toMatchObject({ approvals: 0, rejections: 1 });
  expect(await vote("key:bob")).toMatchObject({ approvals: 1, rejections: 0 });
  expect(await vote("key:cid")).toMatchObject({ status: "approved", approvals: 2 });
}, 60_000);

test("a person's role and own things go with every credential", async () => {
  await using server = await serveTeam({ auth, team: { people, owners: ["key:owner"] } });
  const { users } = await call(server, "proxy:owner", "manage_users");
  expect(users).toEqual([expect.objectContaining({ id: "key:owner", role: "owner" })]);
  const { id } = await call(server, "key:ann", "propose_tool", proposal);
  expect(await call(server, "key:ann2", "withdraw_proposal", { proposal_id: id })).toMatchObject({
    status: "withdrawn",
  });
  expect(await call(server, "key:bob", "manage_users")).toMatchObject({ code: "PERMISSION_DENIED" });
  await call(server, "proxy:owner", "manage_users", { user: "proxy:bob@example.com", role: "admin" });
  expect(await call(server, "key:bob", "manage_users")).toMatchObject({ users: expect.any(Array) });
}, 60_000);

test("votes cast before it was known that two credentials are one person's are counted once", async () => {
  const folder = mkdtempSync(join(tmpdir(), "jq-people-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const database = join(folder, "tools.db");
  let id = "";
  {
    await using before = await serveTeam({ auth, database, team: { threshold: 3 } });
    id = (await call(before, "key:ann", "propose_tool", proposal)).id;
    for (const who of ["key:bob", "proxy:bob@example.com"])
      await call(before, who, "vote", { proposal_id: id, vote: "approve" });
    expect((await call(before, "key:cid", "list_proposals", { id })).proposals[0].approvals).toBe(2);
  }
  await using after = await serveTeam({ auth, database, team: { people, threshold: 2 } });
  expect((await call(after, "key:cid", "list_proposals", { id })).proposals[0]).toMatchObject({
    approvals: 1,
    status: "open",
  });
}, 60_000);

test("a credential named for two people keeps the server from starting", async () => {
  const shared = [
    ["key:ann", "key:bob"],
    ["key:cid", "key:BOB"],
  ];
  await expect(serveTeam({ auth, team: { people: shared } })).rejects.toMatchObject({ code: "CONFIG_ERROR" });
});
