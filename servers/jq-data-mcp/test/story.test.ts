import { connectV1, connectV2 } from "@mcp-data/core/testing";
import { ToolListChangedNotificationSchema } from "@modelcontextprotocol/sdk/types.js";
import { expect, test, vi } from "vitest";
import { keyOf, serveTeam } from "./support/serve.ts";

// biome-ignore lint/suspicious/noExplicitAny: tests look into whatever a tool gives
type Answer = Record<string, any>;

/** A person with a client of today's hosts, who remembers how often the tool list changed. */
async function person(url: string, name: string) {
  const connected = await connectV1({ url, headers: { "x-api-key": keyOf(name) } });
  const { client } = connected;
  let changes = 0;
  client.setNotificationHandler(ToolListChangedNotificationSchema, () => {
    changes += 1;
  });
  return {
    changes: () => changes,
    tools: async () => (await client.listTools()).tools.map((tool) => tool.name),
    async does(tool: string, args: object = {}): Promise<Answer> {
      const result = await client.callTool({ name: tool, arguments: args as Record<string, unknown> });
      const answer = JSON.parse((result.content as { text: string }[])[0]?.text ?? "{}");
      return answer.success ? answer.data : answer.error;
    },
    leaves: () => connected[Symbol.asyncDispose](),
  };
}

test("the story of a team: two propose, a third votes, everybody has the tool, a fourth runs it; what breaks it is refused; a restore brings the old one back; the audit tells it all", async () => {
  await using server = await serveTeam({ team: { threshold: 1, owners: ["key:owner"] } });
  const everybody = await Promise.all(
    ["ann", "bob", "cid", "dee", "owner"].map((name) => person(server.url, name)),
  );
  const [ann, bob, cid, dee, owner] = everybody as [Person, Person, Person, Person, Person];

  // Ann and Bob propose at the same time; both proposals were tested before anybody sees them.
  const [share, spread] = await Promise.all([
    ann.does("propose_function", {
      definition: "def share($part): if . == 0 then null else $part / . end;",
      cases: [{ input: 4, call: "share(1)", expect: [0.25] }],
      justification: "Everybody divides by hand.",
    }),
    bob.does("propose_tool", {
      name: "spread",
      program: ".data | max - min",
      datasets: ["metrics"],
      cases: [{ input: { data: [3, 1, 7] }, expect: [6] }],
      justification: "Asked for every week.",
    }),
  ]);
  expect([share?.status, spread?.status]).toEqual(["open", "open"]);

  // Their own approval does not count; a third person's does.
  expect(await bob.does("vote", { proposal_id: spread?.id, vote: "approve" })).toMatchObject({
    code: "PERMISSION_DENIED",
  });
  for (const proposal of [share, spread])
    expect(
      await cid.does("vote", { proposal_id: proposal?.id, vote: "approve", comment: "Yes." }),
    ).toMatchObject({ status: "approved" });

  // Everybody is told, and has it.
  for (const one of everybody) {
    await vi.waitFor(() => expect(one.changes()).toBeGreaterThan(0));
    expect(await one.tools()).toContain("t_spread");
  }

  // A fourth, who did nothing for it, runs it; and builds on the function.
  const ran = await dee.does("t_spread");
  expect(ran.values).toEqual([61]);
  const dependent = await dee.does("propose_tool", {
    name: "low_share",
    program: ".data | length | share(3)",
    datasets: ["metrics"],
    cases: [{ input: { data: [1, 2, 3, 4, 5, 6] }, expect: [0.5] }],
    justification: "The share of the lowest three.",
  });
  await ann.does("vote", { proposal_id: dependent.id, vote: "approve" });
  expect((await bob.does("t_low_share")).values).toEqual([0.1]);

  // A later version of the function breaks what Dee built: told at once, refused however many approve.
  const breaking = await bob.does("propose_function", {
    definition: "def share($part): $part * .;",
    cases: [{ input: 4, call: "share(1)", expect: [4] }],
    justification: "It should multiply.",
  });
  expect(breaking).toMatchObject({ status: "open", breaks: ["tool:low_share"] });
  expect(await cid.does("vote", { proposal_id: breaking.id, vote: "approve" })).toMatchObject({
    status: "refused",
    refused: expect.stringContaining("tool:low_share"),
  });
  expect((await bob.does("t_low_share")).values).toEqual([0.1]);

  // A version that breaks nothing is approved, and turns out to be unwanted; the owner brings the old one back.
  const rounded = await ann.does("propose_tool", {
    name: "spread",
    program: ".data | (max - min) / 10 | floor",
    datasets: ["metrics"],
    justification: "Rounder numbers.",
  });
  await cid.does("vote", { proposal_id: rounded.id, vote: "approve" });
  expect((await dee.does("t_spread")).values).toEqual([6]);
  expect(await dee.does("manage_library", { action: "restore", name: "spread", version: 1 })).toMatchObject({
    code: "PERMISSION_DENIED",
  });
  const heardBefore = dee.changes();
  expect(await owner.does("manage_library", { action: "restore", name: "spread", version: 1 })).toMatchObject(
    {
      number: 3,
    },
  );
  await vi.waitFor(() => expect(dee.changes()).toBeGreaterThan(heardBefore));
  expect((await dee.does("t_spread")).values).toEqual([61]);

  // The audit tells the story, in order and by name.
  const history = await dee.does("get_history", { name: "spread" });
  expect(history.active).toBe(3);
  expect(history.audit.map(({ actor, action }: Answer) => `${actor} ${action}`.replace("key:", ""))).toEqual([
    "bob version",
    "bob propose",
    "cid vote approve",
    "cid approved",
    "ann version",
    "ann propose",
    "cid vote approve",
    "cid approved",
    "owner version",
    "owner restore",
  ]);
  const refused = await dee.does("get_history", { name: "share", kind: "function" });
  expect(refused.audit.at(-1)).toMatchObject({
    actor: "system",
    action: "refuse",
    details: { reason: expect.stringContaining("low_share") },
  });
  expect(refused.active).toBe(1);

  // Whoever comes later, with a client of the new revision, finds the same.
  await using late = await connectV2({ url: server.url, headers: { "x-api-key": keyOf("owner") } });
  expect((await late.client.listTools()).tools.map(({ name }) => name)).toContain("t_spread");
  await Promise.all(everybody.map((one) => one.leaves()));
}, 60_000);

type Person = Awaited<ReturnType<typeof person>>;
