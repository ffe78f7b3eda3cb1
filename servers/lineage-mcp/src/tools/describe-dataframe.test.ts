import { expect, test } from "vitest";
import { type Answer, openDemo, type Row } from "../../test/support/demo.ts";

const demo = openDemo();

test("columns with types, rows, the operation that made it", async () => {
  const answer = await demo.ask<
    Answer & { columns: Row[]; made_by: Row[]; rows: number; history: Row[]; version: string }
  >("describe_dataframe", { name: "enriched" });
  expect(answer.rows).toBe(3);
  expect(answer.columns).toContainEqual({ name: "euros", type: "float64" });
  expect(answer.made_by[0]).toMatchObject({
    cell: "enrich",
    op: "rename",
    library: "pandas",
    line: expect.any(Number),
  });
  expect(answer.history).toHaveLength(1);
  expect(await demo.ask("describe_dataframe", { name: "enriched", version: answer.version })).toMatchObject({
    version: answer.version,
  });
});

test("an earlier session by its id", async () => {
  const { sessions } = await demo.ask<{ sessions: Row[] }>("list_sessions");
  const answer = await demo.ask<{ rows: number }>("describe_dataframe", {
    name: "enriched",
    notebook: sessions[1]?.session_id,
  });
  expect(answer.rows).toBe(4);
});

test.each([
  [{ name: "orders.csv" }, "only read"],
  [{ name: "enriched", version: "nope" }, "no such version"],
  [{ name: "broken" }, "a cell"],
  [{ name: "nothing" }, "Nothing called"],
])("refused: %j", async (args, message) => {
  expect(await demo.refused("describe_dataframe", args)).toMatchObject({
    code: "NOT_FOUND",
    message: expect.stringContaining(message),
  });
});
