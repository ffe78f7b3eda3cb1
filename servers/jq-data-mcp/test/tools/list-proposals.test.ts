import { expect, test } from "vitest";
import { openLibrary } from "../support/open.ts";

test("lists by status, one by id, and pages", async () => {
  await using library = await openLibrary();
  const made = await Promise.all([..."abc"].map((name) => library.call("a", "propose_tool", { name, program: "length", justification: "needed" })));
  await library.call("a", "withdraw_proposal", { proposal_id: made[0]?.id });
  expect((await library.call("b", "list_proposals")).proposals).toHaveLength(2);
  expect((await library.call("b", "list_proposals", { status: "withdrawn" })).proposals).toHaveLength(1);
  expect((await library.call("b", "list_proposals", { id: made[1]?.id })).proposals).toMatchObject([{ id: made[1]?.id }]);
  await expect(library.call("b", "list_proposals", { id: "none" })).rejects.toMatchObject({ code: "NOT_FOUND" });
});
