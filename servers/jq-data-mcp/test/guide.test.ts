import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { mayDo, type Operation, permissions, roles } from "../src/library/roles.ts";
import { openDatabase } from "../src/store/database.ts";
import { def, tool } from "./support/created.ts";
import { openLibrary } from "./support/open.ts";

// The founding guide's critical test cases and success criteria, each by its name; those about S3 sync, locks and
// migration stand in sync.test.ts, s3.test.ts and migrate.test.ts, those about HTTP and connections in http.test.ts.

test("Function dependency resolution", async () => {
  await using library = await openLibrary();
  await library.call("admin", "manage_library", def("def base($x): $x + 1;"));
  await library.call("admin", "manage_library", def("def twice($x): base(base($x));"));
  await library.call("admin", "manage_library", def("def twice: twice(.);"));
  expect((await library.call("a", "get_function", { name: "twice", arity: 0 })).calls_functions).toEqual([
    "twice/1",
  ]);
  await expect(library.call("a", "get_function", { name: "twice" })).rejects.toMatchObject({
    code: "AMBIGUOUS",
  });
  const { plan } = await library.call("a", "query", {
    dataset: "sales",
    program: ".[0].id | twice",
    explain: true,
  });
  expect(plan.functions.map((one: { function: string }) => one.function)).toEqual([
    "base/1",
    "twice/1",
    "twice/0",
  ]);
  expect(await library.call("a", "query", { dataset: "sales", program: ".[0].id | twice" })).toMatchObject({
    values: [3],
  });
  expect((await library.call("a", "get_function", { name: "base" })).called_by).toEqual([
    "function:twice/0",
    "function:twice/1",
  ]);
});

test("Concurrent database access", async () => {
  await using library = await openLibrary();
  const other = openDatabase(library.services.db.path);
  const writes = Array.from({ length: 200 }, async (_, i) => {
    await Promise.resolve();
    const db = i % 2 === 0 ? other : library.services.db;
    db.transaction(() => db.run("INSERT INTO meta (key, value) VALUES (?, ?)", `k${i}`, `${i}`));
    return db.all("SELECT value FROM meta WHERE key = ?", `k${i}`);
  });
  expect(await Promise.all(writes)).toHaveLength(200);
  expect(other.get("SELECT count(*) AS n FROM meta WHERE key LIKE 'k%'")).toEqual({ n: 200 });
  other.close();
});

test("Tool approval workflow", async () => {
  await using library = await openLibrary({ team: { threshold: 1, owners: [], admins: [] } });
  const proposal = await library.call("a", "propose_tool", {
    name: "n",
    program: "length",
    justification: "needed",
  });
  expect((await library.call("b", "list_proposals")).proposals).toHaveLength(1);
  expect(proposal.diff).toContain("+length");
  expect(
    await library.call("b", "vote", { proposal_id: proposal.id, vote: "approve", comment: "good" }),
  ).toMatchObject({ status: "approved" });
  expect(await library.call("c", "run_tool", { name: "n", dataset: "sales" })).toMatchObject({
    values: [240],
  });
  const taken = await library.call("a", "propose_tool", {
    name: "m",
    program: "length",
    justification: "needed",
  });
  expect(await library.call("a", "withdraw_proposal", { proposal_id: taken.id })).toMatchObject({
    status: "withdrawn",
  });
  const rejected = await library.call("a", "propose_tool", {
    name: "o",
    program: "length",
    justification: "needed",
  });
  expect(await library.call("b", "vote", { proposal_id: rejected.id, vote: "reject" })).toMatchObject({
    status: "rejected",
  });
});

test("Complex jq function compilation", async () => {
  await using library = await openLibrary();
  const definition = `# A helper in a helper; strings, comments and reduce.
def summary($by; f):
  def stats: { n: length, top: (map(f) | max), text: "n=\\(length) # not a comment; def x: 1;" };
  reduce group_by(.[$by])[] as $g ({}; . + { ($g[0][$by]): ($g | stats) });`;
  await library.call(
    "admin",
    "manage_library",
    def(definition, {
      cases: [
        {
          input: [{ k: "a", v: 2 }],
          call: 'summary("k"; .v)',
          expect: [{ a: { n: 1, top: 2, text: "n=1 # not a comment; def x: 1;" } }],
        },
      ],
    }),
  );
  const { values } = await library.call("a", "query", {
    dataset: "sales",
    program: 'summary("region"; .revenue) | map_values(.n)',
  });
  expect(values).toEqual([{ east: 60, north: 60, south: 60, west: 60 }]);
});

test.each(Object.keys(permissions) as Operation[])(
  "User permission enforcement: %s is for exactly who the table says",
  (operation) => {
    for (const role of roles)
      expect(mayDo(role, operation)).toBe((permissions[operation] as readonly string[]).includes(role));
  },
);

test("User permission enforcement: roles bind every admin tool, and only owners make owners", async () => {
  await using library = await openLibrary();
  const calls: [string, object][] = [
    ["manage_library", tool("x", ".")],
    ["import_library", {}],
    ["sync_now", {}],
    ["resolve_conflict", {}],
    ["manage_users", {}],
  ];
  for (const [name, input] of calls)
    await expect(library.call("plain", name, input)).rejects.toMatchObject({ code: "PERMISSION_DENIED" });
  await expect(
    library.call("admin", "manage_users", { user: "key:plain", role: "owner" }),
  ).rejects.toMatchObject({ code: "PERMISSION_DENIED" });
  await library.call("owner", "manage_users", { user: "key:plain", role: "admin" });
  await expect(
    library.call("admin", "manage_users", { user: "key:plain", role: "user" }),
  ).rejects.toMatchObject({ code: "PERMISSION_DENIED" });
  expect(await library.call("plain", "manage_library", tool("x", "."))).toMatchObject({ done: true });
});

test("Query timeout handling", async () => {
  await using library = await openLibrary({ engine: { timeout_seconds: 0.3 } });
  const started = performance.now();
  await expect(
    library.call("a", "query", { dataset: "sales", program: "def f: f; f" }),
  ).rejects.toMatchObject({ code: "QUERY_TIMEOUT" });
  expect(performance.now() - started).toBeLessThan(3_000);
  expect(await library.call("a", "query", { dataset: "metrics", program: ".unit" })).toMatchObject({
    values: ["ms"],
  });
});

test("Large result streaming", async () => {
  await using library = await openLibrary();
  const rows = 60_000;
  const line = (i: number) => JSON.stringify({ i, pad: "x".repeat(400) });
  writeFileSync(
    join(library.config.data[0] ?? "", "big.json"),
    `[${Array.from({ length: rows }, (_, i) => line(i)).join(",\n")}]`,
  );
  const started = process.memoryUsage().rss;
  const answer = await library.call("a", "query", {
    dataset: "big",
    program: ".",
    input_mode: "each",
    limit: 10,
  });
  expect(answer).toMatchObject({ count: rows, returned: 10, truncated: true });
  expect(answer.bytes).toBeGreaterThan(24_000_000);
  expect(process.memoryUsage().rss - started).toBeLessThan(300 * 1024 * 1024);
  const sum = await library.call("a", "query", {
    dataset: "big",
    program: "reduce inputs as $x (0; . + $x.i)",
    input_mode: "reduce",
  });
  expect(sum.values).toEqual([(rows * (rows - 1)) / 2]);
  await expect(
    library.call("a", "query", { dataset: "big", program: "length", input_mode: "whole" }),
  ).rejects.toMatchObject({ code: "COST_LIMIT_EXCEEDED", details: { reason: "whole_too_large" } });
});

test("Multiple users can propose and use tools simultaneously", async () => {
  await using library = await openLibrary({ team: { threshold: 1, owners: [], admins: [] } });
  const proposals = await Promise.all(
    Array.from({ length: 12 }, (_, i) =>
      library.call(`u${i}`, "propose_tool", {
        name: `tool_${i}`,
        program: `.data | length + ${i}`,
        datasets: ["metrics"],
        justification: "needed",
      }),
    ),
  );
  await Promise.all(
    proposals.map(({ id }, i) =>
      library.call(`u${(i + 1) % 12}`, "vote", { proposal_id: id, vote: "approve" }),
    ),
  );
  const runs = await Promise.all(
    proposals.map((_, i) => library.call(`u${(i + 5) % 12}`, "run_tool", { name: `tool_${i}` })),
  );
  expect(runs.map(({ values }) => values[0])).toEqual(proposals.map((_, i) => 30 + i));
});

test("Functions are properly compiled with tools", async () => {
  await using library = await openLibrary();
  await library.call(
    "admin",
    "manage_library",
    tool("by_region", 'group_and_aggregate("region"; "revenue"; $how)', {
      datasets: ["sales"],
      parameters: [{ name: "how", type: "string", enum: ["sum", "max"] }],
    }),
  );
  const run = await library.call("a", "run_tool", { name: "by_region", arguments: { how: "max" } });
  expect(run.values[0]).toHaveLength(4);
  await expect(
    library.call("a", "run_tool", { name: "by_region", arguments: { how: "no" } }),
  ).rejects.toMatchObject({ code: "VALIDATION_ERROR" });
  await library.call("admin", "manage_library", {
    ...def('def group_and_aggregate($by; $field; $how): "replaced";', { cases: [] }),
    action: "update",
  });
  expect(
    (await library.call("a", "run_tool", { name: "by_region", arguments: { how: "max" } })).values,
  ).toEqual(["replaced"]);
});

test("Complex jq functions (with def statements) execute correctly", async () => {
  await using library = await openLibrary();
  const program =
    "def fac: if . <= 1 then 1 else . * (. - 1 | fac) end; def each(f): [.[] | f]; [range(1; 6)] | each(fac) | analyze_trends(.; 2)";
  expect((await library.call("a", "query", { dataset: "metrics", program })).values).toEqual([
    [1.5, 4, 15, 72],
  ]);
});

test("Tool execution is tracked per user", async () => {
  await using library = await openLibrary();
  await library.call("a", "run_tool", { name: "trend_analysis", dataset: "metrics" });
  await library
    .call("b", "run_tool", { name: "trend_analysis", dataset: "metrics", arguments: { window_size: 0 } })
    .catch(() => undefined);
  await new Promise((resolve) => setTimeout(resolve, 60));
  expect(
    library.services.db.all(
      "SELECT user, item, dataset, error IS NULL AS ok, bytes > 0 AS gave FROM runs ORDER BY user",
    ),
  ).toEqual([
    { user: "key:a", item: "tool:trend_analysis", dataset: "metrics", ok: 1, gave: 1 },
    { user: "key:b", item: "tool:trend_analysis", dataset: "metrics", ok: 0, gave: 0 },
  ]);
});
