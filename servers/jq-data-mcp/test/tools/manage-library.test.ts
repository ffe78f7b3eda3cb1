import { expect, test } from "vitest";
import { openLibrary } from "../support/open.ts";

test("puts, refuses stale changes, and names what is missing", async () => {
  await using library = await openLibrary();
  const put = (program: string, more: object = {}) => library.call("admin", "manage_library", { action: "put_tool", tool: { name: "n", program }, ...more });
  expect(await put("1")).toMatchObject({ number: 1 });
  const { version } = await library.call("a", "get_tool", { name: "n" });
  expect(await put("2", { base: version })).toMatchObject({ number: 2 });
  await expect(put("3", { base: version })).rejects.toMatchObject({ code: "CONFLICT", details: { reason: "stale" } });
  await expect(library.call("admin", "manage_library", { action: "put_tool" })).rejects.toMatchObject({ details: { field: "tool" } });
  await expect(library.call("admin", "manage_library", { action: "restore", name: "n", version: 9 })).rejects.toMatchObject({ code: "NOT_FOUND" });
});
