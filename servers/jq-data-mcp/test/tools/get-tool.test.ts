import { expect, test } from "vitest";
import { openLibrary } from "../support/open.ts";

test("shows a tool in full, by version, and says what does not exist", async () => {
  await using library = await openLibrary();
  expect(await library.call("a", "get_tool", { name: "trend_analysis" })).toMatchObject({
    number: 1, active: true, source: "yaml", seed_path: expect.stringContaining("tools.yaml"), author: "system", validated_with: "wasm 1.8.2", calls_functions: ["analyze_trends/2"],
    definition: { input_mode: "whole", datasets: ["metrics", "timeseries"] },
  });
  const { id } = await library.call("a", "propose_tool", { name: "n", program: "length", justification: "needed" });
  for (const person of ["b", "c"]) await library.call(person, "vote", { proposal_id: id, vote: "approve" });
  expect(await library.call("a", "get_tool", { name: "n" })).toMatchObject({ source: "learned", author: "key:a" });
  await expect(library.call("a", "get_tool", { name: "nowhere" })).rejects.toMatchObject({ code: "NOT_FOUND" });
  await expect(library.call("a", "get_tool", { name: "trend_analysis", version: 9 })).rejects.toMatchObject({ code: "NOT_FOUND" });
});
