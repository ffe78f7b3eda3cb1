import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openServer } from "../run/open-server.mjs";
import { rootDir, servers } from "../run/workspace.mjs";
import { filled, readExample } from "./steps.mjs";

const folder = join(rootDir, "docs/guides");
const pages = readdirSync(folder)
  .filter((file) => file.endsWith("-worked-example.md"))
  .map((file) => ({ file, ...readExample(readFileSync(join(folder, file), "utf8")) }));

test("every server has a worked example", () => {
  expect(pages.map(({ name }) => name).sort()).toEqual(servers().map(({ manifest }) => manifest.name));
});

describe.each(pages)("$file", ({ name, args, steps }) => {
  let server;
  let before;
  beforeAll(async () => {
    server = await openServer(name, args);
  }, 60_000);
  afterAll(() => server?.close());

  test("holds calls", () => {
    expect(steps.length).toBeGreaterThanOrEqual(5);
  });

  test.each(steps.map((step, at) => [step.tool, at + 1, step]))(
    "%s, call %i, answers as the page says",
    {
      timeout: 60_000,
    },
    async (tool, _at, { input, kind, expected }) => {
      const reply = await server.call(tool, filled(input, before));
      if (kind === "error") expect(reply).toMatchObject({ success: false, error: loosely(expected) });
      else expect(reply).toMatchObject({ success: true, data: loosely(expected) });
      before = reply.data;
    },
  );
});

/** A list on the page names items the answer must contain, not all of them. */
function loosely(expected) {
  if (Array.isArray(expected))
    return expect.arrayContaining(
      expected.map((item) => (isObject(item) ? expect.objectContaining(loosely(item)) : item)),
    );
  if (!isObject(expected)) return expected;
  return Object.fromEntries(Object.entries(expected).map(([key, value]) => [key, loosely(value)]));
}

function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
