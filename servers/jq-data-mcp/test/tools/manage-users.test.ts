import { expect, test } from "vitest";
import { openLibrary } from "../support/open.ts";

test("lists who called, changes roles, and needs both words", async () => {
  await using library = await openLibrary();
  await library.call("new", "run_tool", { name: "trend_analysis", dataset: "metrics" });
  const { users } = await library.call("admin", "manage_users");
  expect(users).toContainEqual(expect.objectContaining({ id: "key:new", role: "user", last_active: expect.any(String) }));
  await expect(library.call("owner", "manage_users", { user: "key:new" })).rejects.toMatchObject({ code: "VALIDATION_ERROR" });
  await expect(library.call("owner", "manage_users", { user: "key:never", role: "admin" })).rejects.toMatchObject({ code: "NOT_FOUND" });
  const changed = await library.call("owner", "manage_users", { user: "key:new", role: "admin" });
  expect(changed.users).toContainEqual(expect.objectContaining({ id: "key:new", role: "admin" }));
});
