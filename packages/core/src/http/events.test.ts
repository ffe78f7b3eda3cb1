import { expect, test } from "vitest";
import type { Principal } from "../auth/principal.ts";
import { createEventHub, isInAudience, type ServerEvent } from "./events.ts";

const event: ServerEvent = { kind: "tools_changed" };

test("reaches every listener until it stops listening, and one that throws keeps none from hearing", () => {
  const errors: unknown[] = [];
  const hub = createEventHub((error) => void errors.push(error));
  const heard: string[] = [];
  const listener = () => void heard.push("a");
  const stop = hub.subscribe(listener);
  hub.subscribe(() => {
    throw new Error("deaf");
  });
  hub.subscribe(listener);
  hub.publish(event);
  expect(heard).toEqual(["a", "a"]);
  expect(errors).toHaveLength(1);
  stop();
  stop();
  hub.publish(event);
  expect(heard).toHaveLength(3);
});

test("a listener may stop listening while it is told", () => {
  const hub = createEventHub();
  const heard: number[] = [];
  const stop = hub.subscribe(() => {
    heard.push(1);
    stop();
  });
  hub.subscribe(() => void heard.push(2));
  hub.publish(event);
  hub.publish(event);
  expect(heard).toEqual([1, 2, 2]);
});

test("an audience is everyone, or whoever fits all of it", () => {
  const ann: Principal = { id: "ann", scopes: ["read"], tenant: "one", method: "jwt" };
  const hears = (audience: ServerEvent["audience"], principal = ann) =>
    isInAudience({ kind: "tools_changed", ...(audience === undefined ? {} : { audience }) }, principal);
  expect(hears(undefined)).toBe(true);
  expect(hears({})).toBe(true);
  expect(hears({ principal: "ann", tenant: "one", scopes: ["read"] })).toBe(true);
  expect(hears({ principal: "bob" })).toBe(false);
  expect(hears({ tenant: "two" })).toBe(false);
  expect(hears({ tenant: "one" }, { id: "x", scopes: ["*"], method: "jwt" })).toBe(false);
  expect(hears({ scopes: ["read", "write"] })).toBe(false);
  expect(hears({ scopes: ["read", "write"] }, { ...ann, scopes: ["*"] })).toBe(true);
});
