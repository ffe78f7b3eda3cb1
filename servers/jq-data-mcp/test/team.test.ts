import { expect, test } from "vitest";
import { createLibraryTools } from "../src/tools/library-tools.ts";
import { average } from "./fixtures/average.ts";
import { openLibrary } from "./support/open.ts";

test("the samples import, their placeholders bound, and run with right results", async () => {
  await using library = await openLibrary();
  const tool = await library.call("a", "get_tool", { name: "analyze_performance" });
  expect(tool.definition.program).toContain("dataset: $dataset_name");
  expect(tool.definition.program).not.toContain("${");
  expect(tool.calls_functions).toEqual(["calculate_efficiency/2"]);
  const run = await library.call("a", "run_tool", {
    name: "analyze_performance",
    dataset: "sales",
    arguments: { dataset_name: "s" },
    limit: 1,
  });
  expect(run).toMatchObject({
    values: [{ dataset: "s", efficiency: 33, profitable: true }],
    count: 240,
    truncated: true,
  });
  const trend = await library.call("a", "run_tool", { name: "trend_analysis", dataset: "timeseries" });
  expect(trend.values[0].direction).toBe("decreasing");
  expect(trend.values[0].trends).toHaveLength(24);
});

test("a hostile parameter value comes back as plain text", async () => {
  await using library = await openLibrary();
  const hostile = '", leak: env, x: "\\(env|keys)';
  const run = await library.call("a", "run_tool", {
    name: "analyze_performance",
    dataset: "products",
    arguments: { dataset_name: hostile },
    limit: 1,
  });
  expect(run.values[0].dataset).toBe(hostile);
  expect(Object.keys(run.values[0])).toEqual(["dataset", "efficiency", "profitable"]);
});

test("two propose, others vote, everybody has it, a breaking version is refused, a restore brings the old one back", async () => {
  const heard: string[] = [];
  await using library = await openLibrary(
    {},
    { onChange: (ops) => heard.push(...ops.map(({ kind }) => kind)) },
  );
  const listed = createLibraryTools(library.services);
  const [one, two] = await Promise.all([
    library.call("ann", "propose_tool", average),
    library.call("bob", "propose_tool", {
      ...average,
      name: "total",
      program: ".data | add",
      cases: [{ input: { data: [1] }, expect: [1] }],
    }),
  ]);
  await expect(library.call("ann", "vote", { proposal_id: one.id, vote: "approve" })).rejects.toMatchObject({
    code: "PERMISSION_DENIED",
  });
  expect(await library.call("bob", "vote", { proposal_id: one.id, vote: "approve" })).toMatchObject({
    status: "open",
    approvals: 1,
  });
  expect(listed().map(({ name }) => name)).not.toContain("t_average");
  expect(await library.call("cid", "vote", { proposal_id: one.id, vote: "approve" })).toMatchObject({
    status: "approved",
  });
  expect(listed().map(({ name }) => name)).toContain("t_average");
  expect(heard).toContain("activate");
  expect(await library.call("dee", "run_tool", { name: "average" })).toMatchObject({ count: 1 });
  expect(
    await library.call("cid", "vote", { proposal_id: two.id, vote: "reject", comment: "no" }),
  ).toMatchObject({ rejections: 1, status: "open" });
  await expect(library.call("cid", "vote", { proposal_id: one.id, vote: "reject" })).rejects.toMatchObject({
    code: "CONFLICT",
  });

  // A function whose new version breaks the tool that calls it.
  const breaking = {
    definition: "def analyze_trends($data; $window): [];",
    justification: "Simpler is better.",
  };
  const bad = await library.call("ann", "propose_function", breaking);
  expect(bad.breaks).toEqual(["tool:trend_analysis"]);
  await library.call("bob", "vote", { proposal_id: bad.id, vote: "approve" });
  const refused = await library.call("cid", "vote", { proposal_id: bad.id, vote: "approve" });
  expect(refused).toMatchObject({
    status: "refused",
    refused: expect.stringContaining("tool:trend_analysis"),
  });
  expect((await library.call("a", "get_function", { name: "analyze_trends" })).number).toBe(1);
  await expect(
    library.call("admin", "manage_library", {
      action: "update",
      function: { definition: breaking.definition },
    }),
  ).rejects.toMatchObject({
    code: "CONFLICT",
  });

  const second = {
    ...average,
    program: ".data | (add / length) | floor",
    cases: [{ input: { data: [1, 2] }, expect: [1] }],
  };
  await library
    .call("admin", "manage_library", { action: "update", tool: { ...second, justification: undefined } })
    .catch(() => undefined);
  const { justification: _, ...body } = second;
  expect(await library.call("admin", "manage_library", { action: "update", tool: body })).toMatchObject({
    number: 2,
  });
  expect(
    await library.call("admin", "manage_library", { action: "restore", name: "average", version: 1 }),
  ).toMatchObject({ number: 3 });
  expect((await library.call("a", "get_tool", { name: "average" })).definition.program).toBe(average.program);
  const history = await library.call("a", "get_history", { name: "average" });
  expect(history.versions.map(({ number }: { number: number }) => number)).toEqual([1, 2, 3]);
  expect(history.audit.map(({ action }: { action: string }) => action)).toEqual(
    expect.arrayContaining(["propose", "vote approve", "approved", "update", "restore"]),
  );
});

test("deleting asks first, keeps history, and is refused while others call it", async () => {
  await using library = await openLibrary();
  await expect(
    library.call("u", "manage_library", { action: "create", tool: { name: "x", program: "." } }),
  ).rejects.toMatchObject({ code: "PERMISSION_DENIED" });
  const ask = { action: "delete", name: "analyze_trends", kind: "function" };
  const plan = await library.call("admin", "manage_library", ask);
  expect(plan.done).toBe(false);
  await expect(
    library.call("admin", "manage_library", { ...ask, confirmation: plan.confirmation }),
  ).rejects.toMatchObject({ code: "CONFLICT" });
  const tool = { action: "delete", name: "trend_analysis" };
  const other = await library.call("admin", "manage_library", tool);
  await expect(
    library.call("owner", "manage_library", { ...tool, confirmation: other.confirmation }),
  ).rejects.toMatchObject({ code: "CURSOR_EXPIRED" });
  expect(
    await library.call("admin", "manage_library", { ...tool, confirmation: other.confirmation }),
  ).toMatchObject({ done: true });
  await expect(library.call("u", "get_tool", { name: "trend_analysis" })).rejects.toMatchObject({
    code: "NOT_FOUND",
  });
  expect(
    await library.call("admin", "manage_library", { action: "restore", name: "trend_analysis", version: 1 }),
  ).toMatchObject({ done: true });
  expect((await library.call("u", "get_history", { name: "trend_analysis" })).versions).toHaveLength(2);
});

test("silence approves only what passed tests, and only when switched on", async () => {
  await using library = await openLibrary();
  const tested = await library.call("ann", "propose_tool", average);
  const untested = await library.call("ann", "propose_tool", { ...average, name: "untested", cases: [] });
  const rejected = await library.call("ann", "propose_tool", { ...average, name: "rejected" });
  await library.call("bob", "vote", { proposal_id: rejected.id, vote: "reject" });
  await library.services.proposals.settle(undefined);
  expect(library.services.proposals.get(tested.id).status).toBe("open");
  await library.services.proposals.settle(-1_000);
  const status = (id: string) => library.services.proposals.get(id).status;
  expect([status(tested.id), status(untested.id), status(rejected.id)]).toEqual(["approved", "open", "open"]);
});

test("of two proposals on one version the second is voted on again", async () => {
  await using library = await openLibrary();
  const change = (by: string, to: string) =>
    library.call(by, "propose_tool", {
      ...average,
      name: "both",
      program: `${average.program} + ${to}`,
      cases: [],
    });
  const [one, two] = [await change("ann", "0"), await change("bob", "1")];
  for (const voter of ["cid", "dee"])
    await library.call(voter, "vote", { proposal_id: one.id, vote: "approve" });
  for (const voter of ["cid", "dee"])
    await library.call(voter, "vote", { proposal_id: two.id, vote: "approve" });
  expect((await library.call("a", "get_tool", { name: "both" })).definition.program).toContain("+ 0");
  expect(library.services.proposals.get(two.id).status).toBe("refused");
  expect(library.services.proposals.get(`${two.id}-again`)).toMatchObject({ status: "open", votes: [] });
});

test("a failing case, an unknown function, a circle, a builtin's name and a free variable are refused", async () => {
  await using library = await openLibrary();
  const tool = (more: object) => library.call("a", "propose_tool", { ...average, ...more });
  await expect(tool({ cases: [{ input: { data: [1] }, expect: [9] }] })).rejects.toMatchObject({
    details: { reason: "cases" },
  });
  await expect(tool({ program: "nowhere(1)" })).rejects.toMatchObject({
    code: "NOT_FOUND",
    details: { function: "nowhere/1" },
  });
  await expect(tool({ program: "$undeclared" })).rejects.toMatchObject({ details: { reason: "variable" } });
  await expect(tool({ program: "env" })).rejects.toMatchObject({ details: { reason: "forbidden" } });
  const def = (definition: string) =>
    library.call("a", "propose_function", { definition, justification: "because" });
  await expect(def("def map(f): 1;")).rejects.toMatchObject({ details: { reason: "builtin" } });
  await expect(def("def calculate_efficiency($a; $b): loop_a;")).rejects.toMatchObject({ code: "NOT_FOUND" });
  await library.call("admin", "manage_library", {
    action: "create",
    function: { definition: "def loop_a: calculate_efficiency(1; 1);" },
  });
  await expect(def("def calculate_efficiency($a; $b): loop_a;")).rejects.toMatchObject({
    details: { reason: "cycle" },
  });
});

test("an export imports into an empty library as it was", async () => {
  await using from = await openLibrary();
  const exported = await from.call("a", "export_library");
  const bundle = JSON.parse(exported.piece);
  await using to = await openLibrary({ seeds: [] });
  const first = await to.call("admin", "import_library", bundle);
  expect(first.results.map(({ outcome }: { outcome: string }) => outcome)).toEqual(Array(5).fill("created"));
  expect(
    (await to.call("admin", "import_library", bundle)).results.map(
      ({ outcome }: { outcome: string }) => outcome,
    ),
  ).toEqual(Array(5).fill("unchanged"));
  expect(to.services.importer.export()).toEqual(from.services.importer.export());
  await expect(to.call("u", "import_library", bundle)).rejects.toMatchObject({ code: "PERMISSION_DENIED" });
});

test("declared functions that differ from the compiled ones are told", async () => {
  await using library = await openLibrary();
  const bundle = {
    tools: [
      { name: "odd", query: 'group_and_aggregate("a"; "b"; "sum")', required_functions: ["analyze_trends"] },
    ],
  };
  const { results } = await library.call("admin", "import_library", bundle);
  expect(results[0].warnings.join(" ")).toMatch(/names analyze_trends.*leaves out group_and_aggregate\/3/);
});
