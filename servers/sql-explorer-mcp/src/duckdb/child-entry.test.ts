import { expect, test } from "vitest";
import { childEntry } from "./child-entry.ts";

test("a bundle finds the child beside itself, a checkout its source", () => {
  expect(childEntry("file:///app/dist/chunk-X.js")).toEqual({
    url: new URL("file:///app/dist/duckdb-child.js"),
  });
  const source = childEntry("file:///repo/src/duckdb/child-entry.ts");
  expect(source.url.href).toBe("file:///repo/src/duckdb/child.ts");
  expect(source.execArgv).toContain("--import");
});
