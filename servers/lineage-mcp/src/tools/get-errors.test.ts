import { expect, test } from "vitest";
import { type Answer, openDemo, type Row } from "../../test/support/demo.ts";

const demo = openDemo();

test("the failure with message, line and real traceback", async () => {
  const answer = await demo.ask<Answer & { errors: Row[] }>("get_errors", { include_traceback: true });
  expect(answer.errors).toHaveLength(2);
  expect(answer.errors[0]).toMatchObject({
    cell_name: "broken",
    error_type: "KeyError",
    error_message: "'profit'",
    fixed: false,
  });
  expect(String(answer.errors[0]?.traceback)).toContain('wrong = summary["profit"]');
  expect(String(answer.errors[0]?.traceback)).not.toContain("lineage");
});

test("without traceback unless asked, and why there are none", async () => {
  const answer = await demo.ask<{ errors: Row[] }>("get_errors", {});
  expect(answer.errors[0]).not.toHaveProperty("traceback");
  expect(await demo.ask<Answer>("get_errors", { since: "2999-01-01T00:00:00Z" })).toMatchObject({
    total: 0,
    reason: expect.any(String),
  });
});
