import { expect, test } from "vitest";
import { contentSecurityPolicy, pageHeaders, tokensCss } from "./index.ts";

test("nothing inline and nothing from elsewhere may run", () => {
  expect(contentSecurityPolicy).toContain("script-src 'self'");
  expect(contentSecurityPolicy).not.toMatch(/unsafe|\*|https?:/);
  expect(pageHeaders("text/html")).toMatchObject({ "x-content-type-options": "nosniff", "content-type": "text/html; charset=utf-8" });
});

test("every colour has a light and a dark value", () => {
  const [light = "", dark = ""] = tokensCss.split("@media");
  const names = (css: string) => new Set([...css.matchAll(/(--[\w-]+):\s*#/g)].map(([, name]) => name));
  expect(names(dark)).toEqual(names(light));
});
