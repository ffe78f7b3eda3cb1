import { expect, test } from "vitest";
import { faultyStore } from "../support/faulty-store.ts";
import { openLibrary } from "../support/open.ts";

test("lists conflicts, takes one or keeps what is active", async () => {
  const { store } = faultyStore();
  await using one = await openLibrary({ seeds: [] }, { syncStore: store });
  await using two = await openLibrary({ seeds: [] }, { syncStore: store });
  const put = (library: typeof one, program: string) => library.call("admin", "manage_library", { action: "put_tool", tool: { name: "n", program } });
  await put(one, "1");
  await put(two, "2");
  for (const library of [one, two, one]) await library.call("admin", "sync_now");
  const { open } = await one.call("admin", "resolve_conflict");
  expect(open).toHaveLength(1);
  const active = async () => (await one.call("a", "get_tool", { name: "n" })).definition.program;
  const before = await active();
  expect(await one.call("admin", "resolve_conflict", { conflict_id: open[0].id, take: "theirs" })).toMatchObject({ open: [], resolved: open[0].id });
  expect(await active()).not.toBe(before);
  await expect(one.call("admin", "resolve_conflict", { conflict_id: open[0].id })).rejects.toMatchObject({ code: "NOT_FOUND" });
});
