import { expect, test } from "vitest";
import { openLibrary } from "../support/open.ts";

test("tells versions with differences and who did what; unknown names are said", async () => {
  await using library = await openLibrary();
  const history = await library.call("a", "get_history", { name: "analyze_trends", kind: "function" });
  expect(history).toMatchObject({ item: "function:analyze_trends/2", active: 1, versions: [{ number: 1, author: "system" }] });
  expect(history.audit.map(({ action }: { action: string }) => action).sort()).toEqual(["create", "version"]);
  await expect(library.call("a", "get_history", { name: "nowhere" })).rejects.toMatchObject({ code: "NOT_FOUND" });
});
