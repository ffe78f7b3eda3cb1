import { expect, test } from "vitest";
import { openLibrary } from "../support/open.ts";

test("runs a program with bound values, and says where one is wrong", async () => {
  await using library = await openLibrary();
  const run = (program: string, more: object = {}) => library.call("a", "query", { dataset: "sales", program, ...more });
  expect((await run("map(select(.region == $r)) | length", { arguments: { r: "north" } })).values).toEqual([60]);
  await expect(run("$r")).rejects.toMatchObject({ code: "VALIDATION_ERROR", hint: "Arguments: r (any)." });
  await expect(run(".a\n| | .b")).rejects.toMatchObject({ code: "VALIDATION_ERROR", details: { line: 2 } });
  await expect(run('error("mine")')).rejects.toMatchObject({ code: "QUERY_ERROR", details: { reason: "runtime" } });
  await expect(run(".", { dataset: "nowhere" })).rejects.toMatchObject({ code: "NOT_FOUND" });
  expect((await run("[9007199254740993]")).warnings.join()).toContain("rounded");
});
