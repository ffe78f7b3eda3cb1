import { ToolError } from "@mcp-data/core";
import { expect, test } from "vitest";
import { createOnce, repeatUntilKnown } from "./settle.ts";

const failure = (details: Record<string, unknown>, code: "UPSTREAM_ERROR" | "CANCELLED" = "UPSTREAM_ERROR") =>
  new ToolError(code, "failed", { details });
const replied = failure({ applied: "unknown", http_status: 500 });
const garbled = failure({ applied: "unknown", reason: "MALFORMED" });
const silent = failure({ applied: "unknown", reason: "NO_ANSWER" });
const refused = failure({ applied: "no", http_status: 400 });

/** Attempts end as listed; a thing made by one is found from then on. */
function world(ends: readonly (ToolError | "made" | ["made", ToolError])[]) {
  const made: string[] = [];
  let attempts = 0;
  return {
    made,
    creation: {
      what: 'the clean room "A"',
      async attempt() {
        const end = ends[attempts];
        attempts += 1;
        if (end === undefined) throw new Error("too many attempts");
        if (end instanceof ToolError) throw end;
        made.push(`thing ${attempts}`);
        if (end !== "made") throw end[1];
        return `thing ${attempts}`;
      },
      async find() {
        return made[0];
      },
    },
    attempts: () => attempts,
  };
}

test("a clean attempt is not looked up", async () => {
  expect(await createOnce(world(["made"]).creation)).toEqual({ value: "thing 1", adopted: false });
});

test("a thing made by a failed attempt is adopted, never made twice", async () => {
  for (const error of [replied, garbled, silent]) {
    const one = world([["made", error]]);
    expect(await createOnce(one.creation)).toEqual({ value: "thing 1", adopted: true });
    expect(one.made).toHaveLength(1);
  }
});

test("after a reply and a look that found nothing it is tried again, three times at most", async () => {
  const one = world([replied, garbled, "made"]);
  expect(await createOnce(one.creation)).toEqual({ value: "thing 3", adopted: false });
  const never = world([replied, replied, replied]);
  await expect(createOnce(never.creation)).rejects.toMatchObject({ details: { reason: "UNKNOWN_OUTCOME" } });
  expect(never.attempts()).toBe(3);
});

test("without a reply it is not tried again", async () => {
  const one = world([silent]);
  await expect(createOnce(one.creation)).rejects.toMatchObject({
    code: "UPSTREAM_ERROR",
    details: { reason: "UNKNOWN_OUTCOME" },
  });
  expect(one.attempts()).toBe(1);
});

test("a refusal, a stop and a defect pass through", async () => {
  for (const error of [refused, failure({ applied: "unknown" }, "CANCELLED")]) {
    await expect(createOnce(world([error]).creation)).rejects.toBe(error);
  }
  await expect(createOnce(world([]).creation)).rejects.toThrow("too many attempts");
});

test("when looking fails too, nobody can say", async () => {
  const { creation } = world([replied]);
  const blind = { ...creation, find: () => Promise.reject(silent) };
  await expect(createOnce(blind)).rejects.toMatchObject({ details: { reason: "UNKNOWN_OUTCOME" } });
});

test("a repeatable write is repeated until its end is known", async () => {
  const ends = [silent, replied];
  let looked = 0;
  const attempt = async () => {
    const end = ends.shift();
    if (end !== undefined) throw end;
    return "done";
  };
  expect(
    await repeatUntilKnown(attempt, async () => {
      looked += 1;
      return undefined;
    }),
  ).toBe("done");
  expect(looked).toBe(2);
  expect(
    await repeatUntilKnown(
      () => Promise.reject(silent),
      async () => "seen",
    ),
  ).toBe("seen");
  await expect(
    repeatUntilKnown(
      () => Promise.reject(silent),
      async () => undefined,
    ),
  ).rejects.toBe(silent);
  await expect(
    repeatUntilKnown(
      () => Promise.reject(refused),
      async () => "seen",
    ),
  ).rejects.toBe(refused);
});
