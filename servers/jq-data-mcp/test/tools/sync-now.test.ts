import { expect, test } from "vitest";
import { faultyStore } from "../support/faulty-store.ts";
import { openLibrary } from "../support/open.ts";

test("exchanges at once, and says when there is nothing to exchange with", async () => {
  await using library = await openLibrary();
  await expect(library.call("admin", "sync_now")).rejects.toMatchObject({ code: "UNSUPPORTED" });
  await using shared = await openLibrary({}, { syncStore: faultyStore().store });
  const { head_seq } = await shared.call("admin", "sync_now");
  expect(head_seq).toBeGreaterThanOrEqual(10);
});
