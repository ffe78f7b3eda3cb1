import { expect, test } from "vitest";
import { openLibrary } from "../support/open.ts";

test("keeps an exact tested version with its difference; the same again and switched-off learning are refused", async () => {
  await using library = await openLibrary();
  const input = { name: "n", program: "length", justification: "needed" };
  expect(await library.call("a", "propose_tool", input)).toMatchObject({ status: "open", item: "tool:n", diff: expect.stringContaining("+length") });
  await library.call("admin", "manage_library", { action: "create", tool: { name: "x", program: "length" } });
  await using off = await openLibrary({ team: { learning: false } });
  await expect(off.call("a", "propose_tool", input)).rejects.toMatchObject({ code: "UNSUPPORTED" });
});
