import { fileURLToPath } from "node:url";
import { checkCatalogue, snapshotDrift } from "@mcp-data/core/testing";
import { expect, test } from "vitest";
import { catalogue } from "../src/catalogue.ts";

const folder = (path: string) => fileURLToPath(new URL(path, import.meta.url));

test("the catalogue keeps the contract of every server", () => {
  const report = checkCatalogue({ catalogue, testFolders: [folder("../src"), folder("../test")] });
  expect(report.problems).toEqual([]);
  expect(report.visible).toBe(12);
});

test("no public definition changed unnoticed", () => {
  expect(snapshotDrift({ folder: folder("./tools"), tools: catalogue.tools })).toEqual([]);
});
