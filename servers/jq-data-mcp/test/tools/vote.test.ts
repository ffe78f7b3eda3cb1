import { expect, test } from "vitest";
import { openLibrary } from "../support/open.ts";

test("counts one vote a person, the last one, and never the author's", async () => {
  await using library = await openLibrary();
  const { id } = await library.call("a", "propose_tool", { name: "n", program: "length", justification: "needed" });
  const cast = (who: string, vote: string) => library.call(who, "vote", { proposal_id: id, vote });
  await expect(cast("a", "approve")).rejects.toMatchObject({ details: { reason: "own_proposal" } });
  await cast("b", "approve");
  expect(await cast("b", "approve")).toMatchObject({ approvals: 1, status: "open" });
  expect(await cast("b", "none")).toMatchObject({ approvals: 0 });
  expect(await cast("b", "reject")).toMatchObject({ rejections: 1, status: "open" });
  await expect(library.call("b", "vote", { proposal_id: "none", vote: "approve" })).rejects.toMatchObject({ code: "NOT_FOUND" });
});
