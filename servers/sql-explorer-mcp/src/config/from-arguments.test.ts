import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { sourcesFromArguments } from "./from-arguments.ts";

const folder = mkdtempSync(join(tmpdir(), "arguments-"));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string) => {
  writeFileSync(join(folder, name), "");
  return join(folder, name);
};

test("each argument becomes a source named after its database, file or folder", () => {
  mkdirSync(join(folder, "exports"));
  expect(
    sourcesFromArguments([
      "postgres://reader@db.example/shop?sslmode=require",
      "postgresql://reader@db.example/sh%20op",
      at("warehouse.duckdb"),
      join(folder, "exports"),
      at("Umsatz 2025.csv.gz"),
      at("events.ndjson"),
      "postgres://reader@db.example",
    ]).map(({ id, kind }) => [id, kind]),
  ).toEqual([
    ["shop", "postgres"],
    ["sh_op", "postgres"],
    ["warehouse", "duckdb"],
    ["exports", "files"],
    ["Umsatz_2025", "files"],
    ["events", "files"],
    ["postgres", "postgres"],
  ]);
});

test("equal names get numbers", () => {
  const ids = sourcesFromArguments(["postgres://a@h/shop", "postgres://b@h/shop", at("shop.duckdb")]).map(
    ({ id }) => id,
  );
  expect(ids).toEqual(["shop", "shop_2", "shop_3"]);
});

test.each([
  ["mysql://u@h/db", /kind this server does not read/],
  [join(folder, "missing.csv"), /"missing.csv" does not exist/],
  [at("notes.txt"), /no kind of file/],
])("%s is refused without its folder being told", (arg, message) => {
  expect(() => sourcesFromArguments([arg])).toThrow(
    expect.objectContaining({ code: "CONFIG_ERROR", message: expect.stringMatching(message) }),
  );
  expect(() => sourcesFromArguments([arg])).not.toThrow(folder);
});
