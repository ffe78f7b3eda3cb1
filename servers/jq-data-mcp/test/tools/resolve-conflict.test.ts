import { expect, test } from "vitest";
import { faultyStore } from "../support/faulty-store.ts";
import { openLibrary } from "../support/open.ts";

/** Two libraries that edited one tool apart from each other, and met. */
async function quarrel() {
  const { store } = faultyStore();
  const one = await openLibrary({ seeds: [] }, { syncStore: store });
  const two = await openLibrary({ seeds: [] }, { syncStore: store });
  const put = (library: typeof one, program: string) =>
    library.call("admin", "manage_library", { action: "create", tool: { name: "n", program } });
  await put(one, "1");
  await put(two, "2");
  const meet = async () => {
    for (const library of [one, two, one, two]) await library.call("admin", "sync_now");
  };
  await meet();
  const { open } = await one.call("admin", "resolve_conflict");
  expect(open).toHaveLength(1);
  const [conflict] = open as [{ id: string; proposal: string }];
  return {
    one,
    two,
    meet,
    conflict,
    active: async (library = one) => (await library.call("a", "get_tool", { name: "n" })).definition.program,
    status: (library = one) => library.services.proposals.get(conflict.proposal).status,
    async [Symbol.asyncDispose]() {
      await one[Symbol.asyncDispose]();
      await two[Symbol.asyncDispose]();
    },
  };
}

test("theirs: the change that lost becomes active, and its proposal is closed", async () => {
  await using met = await quarrel();
  const { one, conflict } = met;
  const before = await met.active();
  expect(met.status()).toBe("open");
  const done = await one.call("admin", "resolve_conflict", { conflict_id: conflict.id, take: "theirs" });
  expect(done).toMatchObject({ open: [], resolved: conflict.id });
  expect(await met.active()).not.toBe(before);
  expect(met.status()).toBe("refused");
  await expect(one.call("admin", "resolve_conflict", { conflict_id: conflict.id })).rejects.toMatchObject({
    code: "NOT_FOUND",
  });
});

test("active: what is active stays, and the derived proposal is closed everywhere", async () => {
  await using met = await quarrel();
  const { one, two, conflict } = met;
  const before = await met.active();
  await one.call("admin", "resolve_conflict", { conflict_id: conflict.id, take: "active" });
  await met.meet();
  for (const library of [one, two]) {
    expect(await met.active(library)).toBe(before);
    expect(met.status(library)).toBe("refused");
    expect(library.services.proposals.get(conflict.proposal).refused).toContain("what is active stays");
    expect((await library.call("admin", "resolve_conflict")).open).toEqual([]);
  }
  await expect(
    one.call("b", "vote", { proposal_id: conflict.proposal, vote: "approve" }),
  ).rejects.toMatchObject({ code: "CONFLICT" });
});

test("a conflict ends with its proposal, however that ends", async () => {
  for (const vote of ["approve", "reject"] as const) {
    await using met = await quarrel();
    const before = await met.active();
    for (const person of ["b", "c"])
      await met.one.call(person, "vote", { proposal_id: met.conflict.proposal, vote });
    expect(met.status()).toBe(vote === "approve" ? "approved" : "rejected");
    expect((await met.active()) === before).toBe(vote === "reject");
    expect((await met.one.call("admin", "resolve_conflict")).open).toEqual([]);
  }
});
