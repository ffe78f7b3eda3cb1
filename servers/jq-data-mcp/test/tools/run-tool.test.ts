import { expect, test, vi } from "vitest";
import { openLibrary } from "../support/open.ts";

test("runs with defaults and typed arguments, and refuses what does not fit", async () => {
  await using library = await openLibrary();
  const run = (more: object) => library.call("a", "run_tool", { name: "trend_analysis", dataset: "metrics", ...more });
  expect((await run({})).values[0].trends).toHaveLength(24);
  expect((await run({ arguments: { window_size: 10 } })).values[0].trends).toHaveLength(21);
  for (const window_size of [0, 1.5, "7", null]) await expect(run({ arguments: { window_size } })).rejects.toMatchObject({ code: "VALIDATION_ERROR" });
  await expect(run({ arguments: { other: 1 } })).rejects.toMatchObject({ code: "VALIDATION_ERROR" });
  await expect(run({ dataset: "sales" })).rejects.toMatchObject({ details: { reason: "dataset" } });
  await expect(run({ dataset: undefined })).rejects.toMatchObject({ details: { reason: "dataset" } });
  await expect(run({ name: "nowhere" })).rejects.toMatchObject({ code: "NOT_FOUND" });
});

test("explain tells the plan, how long such runs took, and a cheaper mode only where cases prove it", async () => {
  await using library = await openLibrary();
  const put = (name: string, program: string, cases: object[]) =>
    library.call("admin", "manage_library", {
      action: "create",
      tool: { name, program, datasets: ["products"], cases },
    });
  await put("by_element", ".[]?, (objects | .name)", [{ input: [], expect: [] }]);
  await put("not_proven", "length", [{ input: [1, 2], expect: [2] }]);
  await put("untested", "empty", []);
  const explain = async (name: string) =>
    (await library.call("a", "run_tool", { name, explain: true })).plan as Record<string, unknown>;
  expect(await explain("by_element")).toMatchObject({ cheaper_mode: "each", input_mode: "whole", cache_hit: false });
  for (const name of ["not_proven", "untested"]) expect(await explain(name)).not.toHaveProperty("cheaper_mode");
  expect(await explain("not_proven")).not.toHaveProperty("measured_p50_ms");
  await library.call("a", "run_tool", { name: "not_proven" });
  await vi.waitFor(async () => expect(await explain("not_proven")).toHaveProperty("measured_p50_ms"));
  const program = "map(.name) | length";
  await library.call("a", "query", { dataset: "products", program });
  await vi.waitFor(async () => {
    const { plan } = await library.call("a", "query", { dataset: "products", program, explain: true });
    expect(plan).toMatchObject({ measured_p50_ms: expect.any(Number), cache_hit: true });
  });
});
