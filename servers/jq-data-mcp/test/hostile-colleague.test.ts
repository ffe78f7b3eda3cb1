import { connectV1 } from "@mcp-data/core/testing";
import { expect, test } from "vitest";
import { rawCaller } from "./support/raw-caller.ts";
import { keyOf, serveTeam } from "./support/serve.ts";

async function colleague(server: { url: string }, name: string) {
  const connected = await connectV1({ url: server.url, headers: { "x-api-key": keyOf(name) } });
  return {
    client: connected.client,
    // biome-ignore lint/suspicious/noExplicitAny: tests look into whatever a tool gives
    async call(tool: string, args: object = {}): Promise<any> {
      const result = await connected.client.callTool({
        name: tool,
        arguments: args as Record<string, unknown>,
      });
      const answer = JSON.parse((result.content as { text: string }[])[0]?.text ?? "{}");
      return answer.data ?? answer.error;
    },
    [Symbol.asyncDispose]: () => connected[Symbol.asyncDispose](),
  };
}

const because = { justification: "needed by all" };

test("thirty patterns that backtrack for ever in fifty tests hold nobody up", async () => {
  await using server = await serveTeam();
  await using ann = await colleague(server, "ann");
  const parameters = Array.from({ length: 30 }, (_, i) => ({
    name: `q${i}`,
    type: "string",
    pattern: `^(a+)+${i}$`,
  }));
  const values = Object.fromEntries(parameters.map(({ name }) => [name, "a".repeat(40)]));
  const cases = Array.from({ length: 50 }, () => ({ arguments: values, expect: [1] }));
  // Held up for 30 × 50 moments the event loop would turn but a few times a minute.
  const cpu = process.cpuUsage();
  expect(
    await ann.call("propose_tool", { name: "bombs", program: "1", parameters, cases, ...because }),
  ).toMatchObject({ code: "VALIDATION_ERROR", details: { reason: "pattern_time" } });
  const { user, system } = process.cpuUsage(cpu);
  expect((user + system) / 1_000).toBeLessThan(10_000);
  // As defaults, and as arguments of a call.
  const asDefault = parameters.map((one) => ({ ...one, default: "a".repeat(40) }));
  expect(
    await ann.call("propose_tool", { name: "bombs", program: "1", parameters: asDefault, ...because }),
  ).toMatchObject({ code: "VALIDATION_ERROR" });
}, 60_000);

test("tests that never call what they test prove nothing and are refused", async () => {
  await using server = await serveTeam();
  await using ann = await colleague(server, "ann");
  const definition = 'def lies: error("never");';
  for (const call of ["1", "def lies: 1; lies", "env | lies", "lies | $ENV", '"lies"', "# lies\n1"])
    expect(
      await ann.call("propose_function", { definition, cases: [{ call, expect: [1] }], ...because }),
      call,
    ).toMatchObject({ code: "VALIDATION_ERROR", details: { reason: "case_call" } });
  expect(
    await ann.call("propose_function", {
      definition: "def double(f): f * 2;",
      cases: [{ input: 2, call: "[double(.), double(. + 1)]", expect: [[4, 6]] }],
      ...because,
    }),
  ).toMatchObject({ status: "open", tests: { passed: 1, failed: 0 } });
}, 60_000);

test("voters see every line, also what is far down, invisible, or turns the writing around", async () => {
  await using server = await serveTeam();
  await using ann = await colleague(server, "ann");
  await using bob = await colleague(server, "bob");
  const filler = Array.from({ length: 3_000 }, (_, i) => `# harmless ${i}`).join("\n");
  const { id } = await ann.call("propose_tool", {
    name: "hides",
    program: `${filler}\nerror("hidden")`,
    ...because,
  });
  const { diff } = (await bob.call("list_proposals", { id })).proposals[0];
  expect(diff).toMatch(new RegExp(`… \\d+ more lines, not shown here: jq-data://proposals/${id}`));
  const [whole] = (await bob.client.readResource({ uri: `jq-data://proposals/${id}` })).contents;
  expect((whole as { text: string }).text).toContain('error(\\"hidden\\")');
  const page = await fetch(`${server.base}/ui/proposal?id=${id}`, { headers: { "x-api-key": keyOf("bob") } });
  expect(((await page.json()) as { diff: string }).diff).toContain('+error("hidden")');

  const turned = await ann.call("propose_tool", {
    name: "turned",
    program: '"\u202e shown backwards \u2066" # \u200b\u0007',
    ...because,
  });
  expect(turned.diff).toContain('+"\\u{202e} shown backwards \\u{2066}" # \\u{200b}\\u{7}');
}, 60_000);

test("names that are jq's own, too long, or no names at all are refused, never an internal error", async () => {
  await using server = await serveTeam();
  await using ann = await colleague(server, "ann");
  for (const [program, reason] of [
    [`$${"v".repeat(70)}`, "parameter"],
    ["$a::b", "argument_name"],
    ["$ARGS.named", "forbidden"],
    ["$__prog_args", "forbidden"],
    [`$${"v".repeat(64)}`, "invalid_arguments"],
  ])
    expect(await ann.call("query", { dataset: "metrics", program }), program).toMatchObject({
      code: "VALIDATION_ERROR",
      details: { reason },
    });
  expect((await ann.call("query", { dataset: "metrics", program: "$given" })).message).toBe(
    "given: is not given.",
  );
  expect((await ann.call("test_program", { program: `$${"v".repeat(70)}` })).code).toBe("VALIDATION_ERROR");
  for (const name of ["ARGS", "ENV", "__loc__", "__prog_args", "a b", "é"])
    expect(
      await ann.call("propose_tool", { name: "p", program: "1", parameters: [{ name }], ...because }),
      name,
    ).toMatchObject({ code: "VALIDATION_ERROR" });
  // What only sounds dangerous is a name as any other.
  for (const name of ["constructor", "toString", "hasOwnProperty", "dataset", "cursor"]) {
    const value = { [name]: "v" };
    const proposed = {
      name: `p_${name.toLowerCase()}`,
      program: `$${name}`,
      parameters: [{ name, type: "string" }],
      cases: [{ arguments: value, expect: ["v"] }],
      ...because,
    };
    expect(await ann.call("propose_tool", proposed), name).toMatchObject({ status: "open" });
  }
}, 60_000);

test("a comment that goes on cannot swallow what comes after it", async () => {
  await using server = await serveTeam({ seeds: [] });
  await using owner = await colleague(server, "owner");
  const put = (definition: string) =>
    owner.call("manage_library", { action: "create", function: { definition, cases: [] } });
  expect(await put("def one_of: 1; # \\\r")).toMatchObject({ done: true });
  expect(await put("def two_of: 2;")).toMatchObject({ done: true });
  for (const program of ["[one_of, two_of]", "[two_of, one_of]"])
    expect((await owner.call("query", { dataset: "metrics", program })).values[0].toSorted()).toEqual([1, 2]);
}, 60_000);

test("two approvals at once, of one proposal and of two for the same name, make one version active", async () => {
  await using server = await serveTeam({ team: { threshold: 2, owners: ["key:owner"] } });
  const people = await Promise.all(
    ["ann", "bob", "cid", "dee", "owner"].map((name) => colleague(server, name)),
  );
  const [ann, bob, cid, dee, owner] = people as [
    Awaited<ReturnType<typeof colleague>>,
    ...Awaited<ReturnType<typeof colleague>>[],
  ];
  if (!bob || !cid || !dee || !owner) throw new Error("nobody came");
  for (let round = 0; round < 5; round += 1) {
    const name = `race_${String.fromCharCode(97 + round)}`;
    const [one, two] = await Promise.all([
      ann.call("propose_tool", { name, program: "1", ...because }),
      bob.call("propose_tool", { name, program: "2", ...because }),
    ]);
    const votes = await Promise.all(
      [cid, dee, owner].flatMap((voter) =>
        [one, two].map(({ id }) => voter.call("vote", { proposal_id: id, vote: "approve" })),
      ),
    );
    for (const vote of votes) expect(vote.status ?? vote.code).toMatch(/^(open|approved|refused|CONFLICT)$/);
    const { versions, proposals } = await ann.call("get_history", { name });
    expect(versions).toHaveLength(1);
    const statuses = proposals.map(({ status }: { status: string }) => status).sort();
    expect(statuses).toEqual(["approved", "open", "refused"]);
    expect((await cid.call("run_tool", { name, dataset: "metrics" })).values).toHaveLength(1);
  }
  await Promise.all(people.map((one) => one[Symbol.asyncDispose]()));
}, 120_000);

test("a hundred and fifty voters who talk, and a program of quotes alone, leave the list readable", async () => {
  const proxySecret = "a-long-proxy-secret";
  await using server = await serveTeam({
    auth: { trusted_proxy: { secret: proxySecret } },
    team: { threshold: 100 },
  });
  const caller = rawCaller(server.url, 8);
  const as = (name: string) => ({ "x-user-id": name, "x-proxy-secret": proxySecret });
  const ask = async (name: string, tool: string, args: object) => {
    const answer = await caller.call("", tool, args, as(name));
    return answer.data ?? answer.error;
  };
  const quotes = `# ${'"'.repeat(15_000)}\n1`;
  const { id } = await ask("ann", "propose_tool", { name: "quotes", program: quotes, ...because });
  const spread = `${Array.from({ length: 2_000 }, () => `# ${'"\\'.repeat(5)}.`).join("\n")}\n1`;
  expect(await ask("ann", "propose_tool", { name: "spread", program: spread, ...because })).toHaveProperty(
    "id",
  );
  for (let i = 0; i < 150; i += 1)
    await ask(`voter${i}`, "vote", {
      proposal_id: id,
      vote: i % 2 ? "approve" : "reject",
      comment: "\u0001".repeat(1_000),
    });
  const { proposals } = await ask("bob", "list_proposals", {});
  expect(proposals.map(({ item }: { item: string }) => item).sort()).toEqual(["tool:quotes", "tool:spread"]);
  for (const one of proposals) {
    const [alone] = (await ask("bob", "list_proposals", { id: one.id })).proposals;
    expect(alone.diff).toContain("not shown here");
  }
  const talked = proposals.find(({ item }: { item: string }) => item === "tool:quotes");
  expect(talked.comments.length).toBeGreaterThan(0);
  expect(talked.comments.length + talked.earlier_comments).toBe(150);
  expect((await fetch(`${server.base}/ui/data`, { headers: as("bob") })).status).toBe(200);
  caller.close();
}, 60_000);
