import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openLibrary } from "./support/open.ts";

test("runs that end badly leave no output on the disk, and results without a second page are not kept", async () => {
  await using library = await openLibrary({ engine: { timeout_seconds: 2, result_mb: 30 } });
  const home = join(library.folder, "db");
  const files = () =>
    readdirSync(home)
      .filter((name) => name.startsWith("results-"))
      .flatMap((name) => readdirSync(join(home, name)));
  const query = (program: string) => library.call("a", "query", { dataset: "sales", program });
  const line = JSON.stringify("x".repeat(1_000));
  await expect(query(`(range(5000) | ${line}), (def f: f; f)`)).rejects.toMatchObject({
    code: "QUERY_TIMEOUT",
  });
  await expect(query(`(range(5000) | ${line}), error("late")`)).rejects.toMatchObject({
    code: "QUERY_ERROR",
  });
  await expect(query(`range(100000) | ${line}`)).rejects.toMatchObject({ code: "RESULT_TOO_LARGE" });
  expect(files()).toEqual([]);
  await query("1");
  expect(library.services.results.usedBytes).toBe(0);
  const large = await query(`range(5000) | ${line}`);
  expect([large.count, large.truncated, files().length]).toEqual([5_000, true, 1]);
});
