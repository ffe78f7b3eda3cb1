import { expect, test } from "vitest";
import { createShares } from "./shares.ts";

test("each owner has its share, and one when long runs hold most", () => {
  let crowded = false;
  const shares = createShares({ perOwner: 2, maxWaiting: 9, crowded: () => crowded });
  shares.enter("a");
  expect(shares.mayStart("a")).toBe(true);
  crowded = true;
  expect([shares.mayStart("a"), shares.mayStart("b")]).toEqual([false, true]);
  crowded = false;
  shares.enter("a");
  expect([shares.mayStart("a"), shares.mayStart("b")]).toEqual([false, true]);
  shares.leave("a");
  expect(shares.mayStart("a")).toBe(true);
});

test("owners whose runs were killed share little, until a while has passed", () => {
  let time = 0;
  const shares = createShares({
    perOwner: 2,
    maxWaiting: 9,
    crowded: () => false,
    forStruck: 2,
    now: () => time,
  });
  const bad = ["x", "y", "z"];
  for (const owner of bad) shares.strike(owner);
  expect(["x", "a"].map(shares.mayWait)).toEqual([4, 9]);
  shares.enter("x");
  expect(["x", "y", "a"].map(shares.mayStart)).toEqual([false, true, true]);
  shares.enter("y");
  expect(["z", "a"].map(shares.mayStart)).toEqual([false, true]);
  time = 60_000;
  expect(["x", "y", "z"].map(shares.mayStart)).toEqual([true, true, true]);
});
