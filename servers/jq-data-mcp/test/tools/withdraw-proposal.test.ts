import { expect, test } from "vitest";
import { openLibrary } from "../support/open.ts";

test("is for the author and admins, once", async () => {
  await using library = await openLibrary();
  const propose = (name: string) => library.call("a", "propose_tool", { name, program: "length", justification: "needed" });
  const [one, two] = [await propose("one"), await propose("two")];
  await expect(library.call("b", "withdraw_proposal", { proposal_id: one.id })).rejects.toMatchObject({ code: "PERMISSION_DENIED" });
  expect(await library.call("a", "withdraw_proposal", { proposal_id: one.id })).toMatchObject({ status: "withdrawn" });
  expect(await library.call("admin", "withdraw_proposal", { proposal_id: two.id })).toMatchObject({ status: "withdrawn" });
  await expect(library.call("a", "withdraw_proposal", { proposal_id: one.id })).rejects.toMatchObject({ code: "CONFLICT" });
});
