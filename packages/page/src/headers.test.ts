import { expect, test } from "vitest";
import { contentSecurityPolicy, pageHeaders, tokensCss } from "./index.ts";

test("nothing inline and nothing from elsewhere may run", () => {
  expect(contentSecurityPolicy).toContain("script-src 'self'");
  expect(contentSecurityPolicy).not.toMatch(/unsafe|\*|https?:/);
  expect(pageHeaders("text/html")).toMatchObject({
    "x-content-type-options": "nosniff",
    "content-type": "text/html; charset=utf-8",
  });
});

test("every colour has a light and a dark value", () => {
  const [light = "", dark = ""] = tokensCss.split("@media");
  const names = (css: string) => new Set([...css.matchAll(/(--[\w-]+):\s*#/g)].map(([, name]) => name));
  expect(names(dark)).toEqual(names(light));
});

test.each([0, 1])("text is readable on what it stands on, in scheme %i", (scheme) => {
  const css = tokensCss.split("@media")[scheme] ?? "";
  const colours = new Map(
    [...css.matchAll(/--([\w-]+):\s*(#\w{6})/g)].map(([, name, value]) => [name, value]),
  );
  for (const [ink, papers] of [
    ["text", ["bg", "card", "code"]],
    ["muted", ["bg", "card", "code"]],
    ["accent", ["bg", "card"]],
    ["card", ["accent"]],
    ["good", ["good-bg"]],
    ["bad", ["bad-bg", "card", "code"]],
  ] as const)
    for (const paper of papers)
      expect(contrast(colours.get(ink), colours.get(paper)), `${ink} on ${paper}`).toBeGreaterThanOrEqual(
        4.5,
      );
});

/** As WCAG 2 defines it. */
function contrast(one = "", other = ""): number {
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
