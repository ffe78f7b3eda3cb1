import { expect, test } from "vitest";
import { openDemo, type Row } from "../../test/support/demo.ts";

const demo = openDemo();

import { createEventValidator } from "../events/validate.ts";

test.each(["spec", "marquez"])("valid RunEvents in flavour %s, in pages", async (flavor) => {
  const validator = createEventValidator();
  const first = await demo.call("export_openlineage", { flavor, limit: 40 });
  if (!first.success) throw new Error(first.error.message);
  const { events, total } = first.data as unknown as { events: Row[]; total: number };
  expect(total).toBe(40);
  expect(events.length).toBeGreaterThan(3);
  for (const event of events) expect(validator.event(event)).toMatchObject({ ok: true, family: "lineage" });
});

test("marquez finds the older fields", async () => {
  let cursor: string | undefined;
  let text = "";
  do {
    const answer = await demo.call("export_openlineage", {
      flavor: "marquez",
      ...(cursor === undefined ? {} : { cursor }),
    });
    if (!answer.success) throw new Error(answer.error.message);
    text += JSON.stringify(answer.data);
    cursor = answer.page?.next_cursor;
  } while (cursor !== undefined);
  expect(text).toContain('"transformationType":"IDENTITY"');
});
