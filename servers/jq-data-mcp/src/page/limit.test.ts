import { expect, test } from "vitest";
import { createPageLimit } from "./limit.ts";

test("each caller has a number of requests a minute of their own, and the rest wait", () => {
  let now = 0;
  const admit = createPageLimit(3, () => now);
  for (let i = 0; i < 3; i += 1) admit("ann");
  now = 20_000;
  expect(() => admit("ann")).toThrow(expect.objectContaining({ code: "RATE_LIMITED", retryAfterMs: 40_000 }));
  admit("bob");
  now = 60_000;
  admit("ann");
});
