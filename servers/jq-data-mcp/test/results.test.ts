import { expect, test } from "vitest";
import { openLibrary } from "./support/open.ts";

test("pages hold every value once, small, large and as one array, and tell the rest", async () => {
  await using library = await openLibrary();
  for (const [programText, expected] of [
    ["range(20000)", 20_000],
    ["[range(20000)]", 20_000],
    [".[] | .id", 240],
  ] as const) {
    const all: unknown[] = [];
    let cursor: string | undefined;
    do {
      // biome-ignore lint/suspicious/noExplicitAny: whatever the tool gives
      const answer: Record<string, any> = await library.call("a", "query", {
        dataset: "sales",
        program: programText,
        limit: 1_000,
        cursor,
      });
      expect(JSON.stringify(answer.values).length).toBeLessThan(25_000);
      all.push(...answer.values);
      cursor = answer.page?.next_cursor;
    } while (cursor !== undefined);
    expect(all).toHaveLength(expected);
    expect(new Set(all).size).toBe(expected);
  }
  const long = await library.call("a", "query", { dataset: "sales", program: '"é" * 40000' });
  expect(long.piece.length).toBeGreaterThan(5_000);
  let text = long.piece as string;
  for (let cursor = long.page?.next_cursor; cursor !== undefined; ) {
    const next = await library.call("a", "query", { dataset: "sales", program: '"é" * 40000', cursor });
    text += next.piece;
    cursor = next.page?.next_cursor;
  }
  expect(JSON.parse(text)).toBe("é".repeat(40_000));
});

test("a cursor is its caller's only", async () => {
  await using library = await openLibrary();
  const args = { dataset: "sales", program: "range(5000)" };
  const { page } = await library.call("a", "query", args);
  await expect(library.call("b", "query", { ...args, cursor: page.next_cursor })).rejects.toMatchObject({
    code: "CURSOR_EXPIRED",
  });
  await expect(
    library.call("a", "query", { ...args, program: "1", cursor: page.next_cursor }),
  ).rejects.toMatchObject({ code: "CURSOR_EXPIRED" });
});

test("runs are remembered until the data changes, and logged per user", async () => {
  await using library = await openLibrary();
  const args = { dataset: "sales", program: "length" };
  expect(await library.call("a", "query", args)).toMatchObject({ values: [240], cached: false });
  expect(await library.call("b", "query", args)).toMatchObject({ values: [240], cached: true });
  const plan = await library.call("a", "query", { ...args, explain: true });
  expect(plan.plan).toMatchObject({ cache_hit: true, input_mode: "whole", engine: "wasm 1.8.2" });
  const { writeFileSync } = await import("node:fs");
  writeFileSync(`${library.config.data[0]}/sales.json`, "[1]");
  expect(await library.call("a", "query", args)).toMatchObject({ values: [1], cached: false });
  for (const user of ["a", "b", "b"])
    await library.call(user, "run_tool", { name: "trend_analysis", dataset: "metrics" });
  await new Promise((resolve) => setTimeout(resolve, 60));
  const metrics = await library.call("admin", "get_metrics", { tool: "trend_analysis" });
  expect(metrics.by_user).toEqual([
    { user: "key:b", calls: 2 },
    { user: "key:a", calls: 1 },
  ]);
  expect((await library.call("a", "get_metrics", { tool: "trend_analysis" })).by_user).toBeUndefined();
});

test("errors are placed in the caller's own text, below whatever stands in front", async () => {
  await using library = await openLibrary();
  const failing = 'map(calculate_efficiency(.revenue; .cost))\n| .[0]\n| error("here")';
  await expect(library.call("a", "query", { dataset: "sales", program: failing })).rejects.toMatchObject({
    message: expect.stringContaining("here"),
  });
  await expect(
    library.call("a", "query", { dataset: "sales", program: ".[0]\n| foo(\n" }),
  ).rejects.toMatchObject({ details: { line: expect.any(Number) } });
});

test("measured use suggests what to look at", async () => {
  await using library = await openLibrary();
  for (const user of ["a", "b"])
    await library.call(user, "query", { dataset: "sales", program: "map(.revenue) | add / length" });
  for (let i = 0; i < 5; i += 1)
    await library
      .call("a", "run_tool", { name: "trend_analysis", dataset: "metrics", arguments: { window_size: 0 } })
      .catch(() => 0);
  await library.call("admin", "manage_library", {
    action: "create",
    tool: { name: "copy_of_it", program: ".data | add / length | . + 0 | tostring" },
  });
  await library.call("admin", "manage_library", {
    action: "create",
    tool: { name: "copy_two", program: ".data  | add/length | .+0 | tostring # same" },
  });
  await new Promise((resolve) => setTimeout(resolve, 60));
  const { suggestions } = await library.call("admin", "suggest_improvements");
  const kinds = suggestions.map(({ kind }: { kind: string }) => kind);
  expect(kinds).toEqual(expect.arrayContaining(["worth_sharing", "failing", "near_duplicate"]));
  expect(
    (await library.call("a", "suggest_improvements")).suggestions.map(({ kind }: { kind: string }) => kind),
  ).not.toContain("worth_sharing");
});

test("the commonest slips are told in the words of who made them", async () => {
  await using library = await openLibrary();
  const fails = (program: string, more: object = {}) =>
    library.call("a", "query", { dataset: "sales", program, ...more }).then(
      () => "answered",
      (error: { message: string; hint: string }) => `${error.message} ${error.hint}`,
    );
  expect(await fails(".revenue")).toMatch(/Cannot index array.*The data is a list: begin with \.\[\] \|/);
  expect(await fails(".region.x", { input_mode: "each" })).not.toContain("is a list");
  for (const program of [".revenue |", "if . then 1", "def f: 1;", ""])
    expect(await fails(program), program).toContain("The program ends too early.");
  expect(await fails(".[] | .revenue +")).toBe("The program ends too early. At the end of: .[] | .revenue +");
});
